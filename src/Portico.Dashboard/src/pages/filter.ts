import type { OverviewRow } from '../api/contract';
import { needsAttention } from '../text';

/** A row of the list: a service or data store, or the heading of those that follow. */
export type Item =
  | { readonly kind: 'group'; readonly key: string; readonly title: string; readonly count: number }
  | { readonly kind: 'row'; readonly key: string; readonly row: OverviewRow };

export interface Filter {
  readonly text: string;
  readonly status: string;
  readonly type: string;
}

export function filtered(rows: Iterable<OverviewRow>, filter: Filter): OverviewRow[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return [...rows].filter((row) =>
    (filter.type === '' || row.type === filter.type) && hasStatus(row, filter.status) && words.every((word) => textOf(row).includes(word)));
}

/** Groups by project and environment. What needs attention is first in its group, and so are groups with such rows. */
export function grouped(rows: readonly OverviewRow[]): Item[] {
  const groups = new Map<string, OverviewRow[]>();
  for (const row of [...rows].sort(byAttentionAndName)) {
    const title = row.project === undefined ? '' : `${row.project} / ${row.environment ?? ''}`;
    groups.set(title, [...(groups.get(title) ?? []), row]);
  }
  const ordered = [...groups].sort(([a, inA], [b, inB]) => Number(inB.some(needsAttention)) - Number(inA.some(needsAttention)) || Number(a === '') - Number(b === '') || a.localeCompare(b));
  return ordered.flatMap(([title, members]) => [
    { kind: 'group' as const, key: `group ${title}`, title: title === '' ? 'No project' : title, count: members.length },
    ...members.map((row) => ({ kind: 'row' as const, key: row.id, row })),
  ]);
}

function hasStatus(row: OverviewRow, status: string): boolean {
  if (status === '') return true;
  return status === 'failed' ? needsAttention(row) : row.status === status;
}

const textOf = (row: OverviewRow): string =>
  `${row.name} ${row.id} ${row.project ?? ''} ${row.environment ?? ''} ${row.deploy?.message ?? ''} ${row.deploy?.commit ?? ''} ${row.failure ?? ''}`.toLowerCase();

const byAttentionAndName = (a: OverviewRow, b: OverviewRow): number =>
  Number(needsAttention(b)) - Number(needsAttention(a)) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id);
