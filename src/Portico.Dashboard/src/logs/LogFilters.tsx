import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { rows } from '../api/live';
import { Icon } from '../ui/Icon';
import { levels, ranges, setFilters, types, type Filters } from './query';

const pause = 300;

/** What is shown of the logs. */
export function LogFilters({ filters, hasResources, hasTypes, hasRange, children }: { filters: Filters; hasResources: boolean; hasTypes: boolean; hasRange: boolean; children: ComponentChildren }) {
  const resources = [...(rows.value?.values() ?? [])].sort((a, b) => a.name.localeCompare(b.name));
  return (
    <div class="filters log-filters" role="search">
      <TextFilter text={filters.text} />
      {hasResources && <Choice label="Service or data store" value={filters.resource} all={[['', 'All services'], ...resources.map((row) => [row.id, row.name] as const)]} onChoose={(resource) => setFilters({ resource })} />}
      {hasTypes && <Choice label="Type" value={filters.type} all={types} onChoose={(type) => setFilters({ type })} />}
      <Choice label="Level" value={filters.level} all={levels} onChoose={(level) => setFilters({ level })} />
      {hasRange && <Choice label="Time" value={filters.range === '' ? '1h' : filters.range} all={ranges} onChoose={(range) => setFilters({ range })} />}
      {children}
    </div>
  );
}

/** Searches when the typing pauses: each search reads lines on the server. */
function TextFilter({ text }: { text: string }) {
  const [typed, setTyped] = useState(text);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (value: string, after: number) => {
    setTyped(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setFilters({ text: value }), after);
  };
  return (
    <span class="filter-text"><Icon name="search" />
      <input type="search" data-filter aria-label="Search the text of lines" placeholder="Search  /" value={typed} spellcheck={false}
        onInput={(event) => search(event.currentTarget.value, pause)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') search(event.currentTarget.value, 0);
          else if (event.key === 'Escape') event.currentTarget.blur();
        }} />
    </span>
  );
}

type Option = readonly [value: string, label: string, ...unknown: unknown[]];

function Choice({ label, value, all, onChoose }: { label: string; value: string; all: readonly Option[]; onChoose: (value: string) => void }) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
      {all.map(([item, text]) => <option key={item} value={item}>{text}</option>)}
    </select>
  );
}
