import type { ChangeEnvironment, EnvVarInput, OwnVariable, ServiceEnvironment } from '../api/contract';

/** A variable as it is shown, with what was typed. */
export interface DraftRow {
  readonly id: number;
  /** What the server has; null for a new variable. */
  readonly saved: OwnVariable | null;
  readonly key: string;
  readonly value: string;
  /** The server makes up the value when the change is saved. */
  readonly isGenerated: boolean;
  readonly isRemoved: boolean;
  /** The server's value has changed since this one was typed. */
  readonly isOutdated: boolean;
}

/** Variables with changes that are not saved. */
export interface Draft {
  readonly base: ServiceEnvironment;
  readonly rows: readonly DraftRow[];
}

export type RowChange = 'same' | 'added' | 'changed' | 'removed';

let last = 0;

export const draftOf = (base: ServiceEnvironment): Draft => ({ base, rows: base.variables.map(savedRow) });

export const newRow = (key = '', value = ''): DraftRow => ({ id: ++last, saved: null, key, value, isGenerated: false, isRemoved: false, isOutdated: false });

export function changeOf(row: DraftRow): RowChange {
  if (row.saved === null) return row.key === '' && row.value === '' && !row.isGenerated ? 'same' : 'added';
  if (row.isRemoved) return 'removed';
  return row.key !== row.saved.key || row.value !== row.saved.value || row.isGenerated ? 'changed' : 'same';
}

export const isChanged = (draft: Draft): boolean => draft.rows.some((row) => changeOf(row) !== 'same');

export function edit(draft: Draft, id: number, values: Partial<Pick<DraftRow, 'key' | 'value' | 'isGenerated' | 'isRemoved'>>): Draft {
  return { ...draft, rows: draft.rows.map((row) => (row.id === id ? { ...row, ...values } : row)) };
}

/** Takes a variable out. A new one is forgotten, a saved one is removed when the change is saved. */
export function remove(draft: Draft, id: number): Draft {
  const rows = draft.rows.filter((row) => row.id !== id || row.saved !== null);
  return edit({ ...draft, rows }, id, { isRemoved: true });
}

export function undo(draft: Draft, id: number): Draft {
  return { ...draft, rows: draft.rows.map((row) => (row.id === id && row.saved !== null ? savedRow(row.saved) : row)) };
}

/** Brings in variables by their keys. */
export function bring(draft: Draft, variables: ReadonlyMap<string, string>, replacesAll: boolean): Draft {
  const known = new Set(draft.rows.map((row) => row.key));
  const rows = draft.rows.flatMap((row) => {
    const value = variables.get(row.key);
    if (value !== undefined) return [{ ...row, value, isGenerated: false, isRemoved: false }];
    if (!replacesAll) return [row];
    return row.saved === null ? [] : [{ ...row, isRemoved: true }];
  });
  return { ...draft, rows: [...rows, ...[...variables].filter(([key]) => !known.has(key)).map(([key, value]) => newRow(key, value))] };
}

/** Keys that two rows have. */
export function doubles(draft: Draft): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const row of draft.rows.filter((item) => !item.isRemoved && item.key !== '')) (seen.has(row.key) ? twice : seen).add(row.key);
  return twice;
}

export function requestOf(draft: Draft, apply: string): ChangeEnvironment {
  const changed = draft.rows.filter((row) => ['added', 'changed'].includes(changeOf(row)));
  const set: EnvVarInput[] = changed.map((row) => (row.isGenerated ? { key: row.key, generateValue: true } : { key: row.key, value: row.value }));
  const kept = new Set(draft.rows.filter((row) => !row.isRemoved).map((row) => row.key));
  const gone = draft.rows.flatMap((row) => (row.saved !== null && (row.isRemoved || row.key !== row.saved.key) ? [row.saved.key] : []));
  return { version: draft.base.version, apply, set, remove: gone.filter((key) => !kept.has(key)) };
}

/** Puts the changes on what the server has now. */
export function rebase(draft: Draft, latest: ServiceEnvironment): Draft {
  const changed = draft.rows.filter((row) => changeOf(row) !== 'same');
  const byKey = new Map(changed.map((row) => [row.saved?.key ?? row.key, row]));
  const rows = latest.variables.map((saved) => {
    const mine = byKey.get(saved.key);
    byKey.delete(saved.key);
    return mine === undefined ? savedRow(saved) : { ...mine, saved, isOutdated: saved.value !== mine.saved?.value };
  });
  const others = [...byKey.values()].filter((row) => !row.isRemoved).map((row) => ({ ...row, saved: null, isOutdated: false }));
  return { base: latest, rows: [...rows, ...others] };
}

export function summaryOf(draft: Draft): string {
  const count = (change: RowChange, word: string): string[] => {
    const number = draft.rows.filter((row) => changeOf(row) === change).length;
    return number === 0 ? [] : [`${number} ${word}`];
  };
  return [...count('added', 'added'), ...count('changed', 'changed'), ...count('removed', 'removed')].join(', ');
}

const savedRow = (saved: OwnVariable): DraftRow => ({ id: ++last, saved, key: saved.key, value: saved.value, isGenerated: false, isRemoved: false, isOutdated: false });
