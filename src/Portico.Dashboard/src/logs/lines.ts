import type { LogLabelSet, LogLines } from '../api/contract';
import { spansOf, type Span } from './ansi';

/** A line as it is shown. */
export interface Line {
  readonly id: string;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly labels: LogLabelSet;
  readonly message: string;
  readonly path: string | undefined;
  /** Whether it and its predecessor are on different days. */
  readonly spans: readonly Span[];
}

export const linesOf = (page: LogLines): Line[] => page.lines.map((line) => ({
  id: line.id,
  at: millisecondsOf(line.id),
  labels: page.labels[line.labels]!,
  message: line.message,
  path: line.path,
  spans: spansOf(line.message),
}));

/** Ids are nanoseconds, which are more digits than a number has. */
export const millisecondsOf = (id: string): number => Number(id.slice(0, -6));

export const idOf = (milliseconds: number): string => `${Math.floor(milliseconds)}000000`;

export const rfc3339 = (milliseconds: number): string => new Date(milliseconds).toISOString();

export function clock(at: number): string {
  const time = new Date(at);
  const two = (value: number): string => `${value}`.padStart(2, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${`${time.getMilliseconds()}`.padStart(3, '0')}`;
}
