import { query, setQuery } from '../router';

/** What an explorer of logs is about, whatever its filters are. */
export interface Scope {
  readonly workspace: string;
  /** A service or data store; undefined for all. */
  readonly resource?: string;
  /** A deploy, for what its build wrote; or an instance. */
  readonly instance?: string;
}

export interface Filters {
  readonly text: string;
  readonly level: string;
  readonly type: string;
  readonly resource: string;
  readonly range: string;
}

export const ranges = [['15m', 'Last 15 minutes', 900], ['1h', 'Last hour', 3600], ['24h', 'Last 24 hours', 86_400], ['7d', 'Last 7 days', 604_800]] as const;
export const levels = [['', 'Any level'], ['warning,error', 'Warnings and errors'], ['error', 'Errors'], ['debug', 'Debug']] as const;
export const types = [['', 'Any type'], ['app', 'App'], ['build', 'Build'], ['request', 'Requests']] as const;

const defaultRange = '1h';

/** The filters are a part of the address, so that a link shows the same. */
export const filtersOf = (): Filters => ({
  text: query.value.get('q') ?? '',
  level: query.value.get('level') ?? '',
  type: query.value.get('type') ?? '',
  resource: query.value.get('resource') ?? '',
  range: query.value.get('range') ?? '',
});

/** A filter shows the newest lines that match; the line that a link led to may not. */
export function setFilters(values: Partial<Filters>): void {
  setQuery({ ...rename(values), at: '' });
}

export const secondsOf = (range: string): number => (ranges.find(([name]) => name === range) ?? ranges.find(([name]) => name === defaultRange))![2];

export function parametersOf(scope: Scope, filters: Filters): Record<string, string> {
  const resource = scope.resource ?? filters.resource;
  const given: Record<string, string | undefined> = {
    ownerId: scope.workspace, resource, instance: scope.instance, text: filters.text, level: filters.level, type: filters.type,
  };
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''));
}

function rename({ text, ...others }: Partial<Filters>): Record<string, string> {
  return text === undefined ? others : { ...others, q: text };
}
