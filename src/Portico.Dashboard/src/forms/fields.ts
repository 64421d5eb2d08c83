/** A field of a form for a service or data store. */
export interface Field {
  /** Where its value is in the message of the API, for example `serviceDetails.plan`. The API names it so in its errors too. */
  readonly at: string;
  readonly label: string;
  /** What it means and what it does, for people. */
  readonly help: string;
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  readonly type?: 'text' | 'number';
  /** What can be chosen; without it, the field is text. */
  readonly options?: readonly Option[];
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

export type Values = Readonly<Record<string, string>>;

/** Puts the values of fields into a message. Fields without a value are left out. */
export function messageOf(fields: readonly Field[], values: Values): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[field.at]?.trim() ?? '';
    if (value !== '') put(message, field.at.split('.'), field.type === 'number' ? Number(value) : value);
  }
  return message;
}

/** Puts the values that differ into a message. A field without a value is reset to its default. */
export function patchOf(fields: readonly Field[], before: Values, values: Values): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const field of changedFields(fields, before, values)) {
    const value = values[field.at]?.trim() ?? '';
    put(message, field.at.split('.'), value === '' ? null : field.type === 'number' ? Number(value) : value);
  }
  return message;
}

export const changedFields = (fields: readonly Field[], before: Values, values: Values): readonly Field[] =>
  fields.filter((field) => (before[field.at] ?? '') !== (values[field.at]?.trim() ?? ''));

/** The values of fields in an answer of the API. */
export const valuesOf = (fields: readonly Field[], answer: unknown): Values => Object.fromEntries(fields.map((field) => [field.at, textAt(answer, field.at.split('.'))]));

/** An error of the API begins with the field that it is about: `repo: must be …`. */
export function problemOf(fields: readonly Field[], message: string): { readonly at: string | null; readonly text: string } {
  const found = /^([\w.]+): (.+)$/s.exec(message);
  const field = fields.find((item) => item.at === found?.[1] || item.at.split('.').at(-1) === found?.[1]);
  return field === undefined ? { at: null, text: message } : { at: field.at, text: found?.[2] ?? message };
}

function put(message: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    message[name] = value;
    return;
  }
  const inner = (message[name] ?? {}) as Record<string, unknown>;
  message[name] = inner;
  put(inner, rest, value);
}

function textAt(value: unknown, names: readonly string[]): string {
  const found = names.reduce<unknown>((inner, name) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[name] : undefined), value);
  return typeof found === 'string' || typeof found === 'number' ? `${found}` : '';
}
