import { useEffect, useState } from 'preact/hooks';
import { rows } from '../api/live';
import { workspace } from '../api/session';
import { go, query, setQuery } from '../router';
import { isTyping } from '../shell/keys';
import { needsAttention, statusName, typeName } from '../text';
import { Icon } from '../ui/Icon';
import { VirtualList } from '../ui/VirtualList';
import { filtered, grouped, type Item } from './filter';
import { ServiceRow } from './ServiceRow';

const wideRow = 44;
const narrowRow = 62;
const heading = 38;

export function ServicesPage() {
  const all = [...(rows.value?.values() ?? [])];
  const filter = { text: query.value.get('q') ?? '', status: query.value.get('status') ?? '', type: query.value.get('type') ?? '' };
  const items = grouped(filtered(all, filter));
  const [active, setActive] = useActiveRow(items);
  const at = active === null ? -1 : items.findIndex((item) => item.key === active.key);
  const setFilter = (values: Record<string, string>) => {
    setActive(null);
    setQuery(values);
  };
  const rowHeight = useRowHeight();
  useEffect(() => {
    document.title = 'Services · Portico';
  }, []);

  if (workspace.value?.canView !== true) return <div class="empty"><h1>Services</h1><p>Your role in this workspace does not show its services.</p></div>;
  if (rows.value === null) return <p class="starting" role="status">Loading services…</p>;
  const shown = items.filter((item) => item.kind === 'row').length;
  return (
    <>
      <div class="page-head">
        <h1>Services</h1>
        <p class="soft" role="status">{summary(all.length, all.filter(needsAttention).length, all.filter((row) => row.status === 'deploying').length)}</p>
      </div>
      {all.length === 0 ? <NoServices /> : (
        <>
          <div class="filters" role="search">
            <span class="filter-text"><Icon name="search" />
              <input type="search" data-filter aria-label="Filter by name, id, project or commit" placeholder="Filter  /" value={filter.text}
                onInput={(event) => setFilter({ q: event.currentTarget.value })}
                onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()} />
            </span>
            <Choice label="Status" name="status" value={filter.status} all={[...new Set([...all.map((row) => row.status), 'failed'])].sort()} textOf={statusName} onChoose={setFilter} />
            <Choice label="Type" name="type" value={filter.type} all={[...new Set(all.map((row) => row.type))].sort()} textOf={typeName} onChoose={setFilter} />
          </div>
          {shown === 0 && <p class="empty" role="status">Nothing matches. <button type="button" class="link" onClick={() => setFilter({ q: '', status: '', type: '' })}>Show all</button></p>}
          <VirtualList label="Services and data stores" items={items} keyOf={(item) => item.key} heightOf={(item) => item.kind === 'group' ? heading : rowHeight} active={at < 0 ? null : at}
            render={(item, index) => item.kind === 'group'
              ? <h2 class="group">{item.title} <span class="soft">{item.count}</span></h2>
              : <ServiceRow row={item.row} takesFocus={index === at && active?.takesFocus === true} onFocus={() => setActive({ key: item.key, takesFocus: false })} />} />
        </>
      )}
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly all: readonly string[];
  readonly textOf: (value: string) => string;
  readonly onChoose: (values: Record<string, string>) => void;
}

function Choice(props: ChoiceProps) {
  return (
    <select aria-label={props.label} value={props.value} onChange={(event) => props.onChoose({ [props.name]: event.currentTarget.value })}>
      <option value="">{props.label}: any</option>
      {props.all.map((item) => <option key={item} value={item}>{props.textOf(item)}</option>)}
    </select>
  );
}

function NoServices() {
  return (
    <div class="empty">
      <h2>Nothing runs here yet</h2>
      <p>In the directory of an app that has a <code>render.yaml</code>, type:</p>
      <pre class="command"><code>portico up</code></pre>
      <p class="soft">Without one, the same command runs the example app. Services appear here while they are being built.</p>
      <p><a class="button primary" href="/new">New service or data store</a></p>
    </div>
  );
}

/** The row that keys refer to, by its key: rows come and go above it. */
interface ActiveRow {
  readonly key: string;
  /** Whether a key led to it, and it has not got the focus yet. A row that appears never takes the focus from what somebody types in. */
  readonly takesFocus: boolean;
}

/** `j` and `k` walk over the rows, `Enter` opens one. */
function useActiveRow(items: readonly Item[]): [ActiveRow | null, (row: ActiveRow | null) => void] {
  const [active, setActive] = useState<ActiveRow | null>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') !== null) return;
      const isOpening = event.key === 'Enter' && event.target instanceof HTMLInputElement && event.target.dataset.filter !== undefined;
      const from = active === null ? null : items.findIndex((item) => item.key === active.key);
      const at = nextRow(items, from === -1 ? null : from, isOpening ? 0 : event.key === 'j' ? 1 : event.key === 'k' ? -1 : null);
      if (at === null || (isTyping(event.target) && !isOpening)) return;
      event.preventDefault();
      const item = items[at];
      if (isOpening && item?.kind === 'row') go(item.row.path);
      else if (item !== undefined) setActive({ key: item.key, takesFocus: true });
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [items, active]);
  return [active, setActive];
}

/** The row that is `step` rows away, over headings; 0 for the first one. */
function nextRow(items: readonly Item[], from: number | null, step: number | null): number | null {
  if (step === null) return null;
  let at = from === null || step === 0 ? -1 : from;
  const direction = step < 0 ? -1 : 1;
  do at += direction;
  while (items[at]?.kind === 'group');
  return items[at] === undefined ? from : at;
}

function useRowHeight(): number {
  const narrow = matchMedia('(max-width: 760px)');
  const [isNarrow, setNarrow] = useState(narrow.matches);
  useEffect(() => {
    const onChange = () => setNarrow(narrow.matches);
    narrow.addEventListener('change', onChange);
    return () => narrow.removeEventListener('change', onChange);
  }, []);
  return isNarrow ? narrowRow : wideRow;
}

function summary(all: number, bad: number, busy: number): string {
  const parts = [`${all} ${all === 1 ? 'resource' : 'resources'}`];
  if (bad > 0) parts.push(`${bad} ${bad === 1 ? 'needs' : 'need'} attention`);
  if (busy > 0) parts.push(`${busy} deploying`);
  return parts.join(' · ');
}
