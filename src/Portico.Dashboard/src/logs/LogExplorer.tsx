import { useEffect, useMemo, useState } from 'preact/hooks';
import { call } from '../api/client';
import type { LogHistogram } from '../api/contract';
import { useLoaded } from '../api/resource';
import { query, setQuery } from '../router';
import { isTyping } from '../shell/keys';
import { exact } from '../text';
import { Histogram } from './Histogram';
import { LogDetail } from './LogDetail';
import { LogFilters } from './LogFilters';
import { LogList } from './LogList';
import { download } from './download';
import { idOf, rfc3339, type Line } from './lines';
import { filtersOf, parametersOf, secondsOf, setFilters, type Scope } from './query';
import { LogWindow } from './window';

/** Counts change while lines arrive; this often is enough for a picture. */
const countInterval = 15_000;

interface Props {
  readonly scope: Scope;
  /** From when on; undefined for the range that the user chooses. */
  readonly since?: string;
  /** When the last of it was written; undefined while more may come. */
  readonly until?: string | undefined;
}

/** Searches, follows and walks through logs. */
export function LogExplorer({ scope, since, until }: Props) {
  const isComplete = until !== undefined;
  const filters = filtersOf();
  const at = query.value.get('at');
  const parameters = JSON.stringify(parametersOf(scope, filters));
  const [seen, setSeen] = useState<readonly [number, number] | null>(null);
  const [round, setRound] = useState(0);
  const startTime = useMemo(() => since ?? rfc3339(Date.now() - secondsOf(filters.range) * 1000), [since, filters.range, parameters]);
  const log = useWindow(parameters, startTime, at, isComplete);
  const counts = useLoaded((signal) => call<LogHistogram>('GET /portico/v1/logs/histogram', { query: { ...JSON.parse(parameters) as Record<string, string>, startTime, ...(until === undefined ? {} : { endTime: until }) }, signal }), [parameters, startTime, until, round]);
  useEffect(() => {
    if (isComplete) return;
    const timer = setInterval(() => { if (!document.hidden) setRound((last) => last + 1); }, countInterval);
    return () => clearInterval(timer);
  }, [isComplete]);
  const toggle = () => log.isFollowing.value ? log.hold() : void log.follow();
  useKeys({ f: toggle, e: () => setFilters({ level: filters.level === 'error' ? '' : 'error' }) });

  const chosen = at === null ? undefined : log.lines.value.find((line) => line.id === at);
  const isFiltered = filters.text + filters.level + filters.type !== '';
  return (
    <div class="log-explorer">
      <LogFilters filters={filters} hasResources={scope.resource === undefined} hasTypes={scope.instance === undefined} hasRange={since === undefined}>
        <span class="gap" />
        {!isComplete && <button type="button" class={log.isFollowing.value ? 'pressed' : ''} aria-pressed={log.isFollowing.value} onClick={toggle}>Follow <kbd>f</kbd></button>}
        <button type="button" onClick={() => void download({ ...JSON.parse(parameters) as Record<string, string>, startTime })}>Download</button>
      </LogFilters>
      {counts.value !== null && <Histogram counts={counts.value} seen={seen} onGo={(time) => { log.hold(); void log.open(idOf(time)); }} />}
      <Progress log={log} />
      <LogList log={log} chosen={at} hasSources={scope.resource === undefined} onChoose={(line) => setQuery({ at: line.id })}
        onSeen={(first, last) => setSeen((before) => same(before, first, last) ? before : first === undefined || last === undefined ? null : [first.at, last.at])} />
      {chosen !== undefined && <LogDetail line={chosen} isFiltered={isFiltered} onClose={() => setQuery({ at: '' })} onContext={() => setQuery({ q: '', level: '', type: '' })} />}
    </div>
  );
}

function useWindow(parameters: string, startTime: string, at: string | null, isComplete: boolean): LogWindow {
  const log = useMemo(() => new LogWindow(JSON.parse(parameters) as Record<string, string>, startTime), [parameters, startTime]);
  useEffect(() => {
    // Whoever looks at one line wants it to stay; everybody else wants to see what comes.
    const opened = log.open(at);
    if (at === null && !isComplete) void opened.then(() => log.follow());
    return () => log.close();
  }, [log]);
  useEffect(() => {
    if (isComplete) log.hold();
  }, [isComplete]);
  return log;
}

function Progress({ log }: { log: LogWindow }) {
  const searched = log.searchedFrom.value;
  const isEmpty = log.lines.value.length === 0;
  // A search that has found few lines continues automatically, because matches may be much older.
  useEffect(() => {
    if (searched !== null) void log.older();
  }, [searched]);
  return (
    <p class="log-progress soft" role="status">
      {log.problem.value !== null ? <span class="failure">{log.problem.value}</span>
        : log.isLoading.value ? 'Loading…'
        : searched !== null ? `Searched back to ${exact(rfc3339(searched))}. Searching on…`
        : isEmpty ? 'No line matches.' : ''}
    </p>
  );
}

const same = (before: readonly [number, number] | null, first: Line | undefined, last: Line | undefined): boolean => before?.[0] === first?.at && before?.[1] === last?.at;

function useKeys(actions: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
      actions[event.key]?.();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
