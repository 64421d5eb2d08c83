import { useRef, useState } from 'preact/hooks';
import type { LogHistogram } from '../api/contract';
import { exact } from '../text';
import { millisecondsOf } from './lines';

interface Props {
  readonly counts: LogHistogram;
  /** The times of the first and last line on the screen. */
  readonly seen: readonly [number, number] | null;
  readonly onGo: (at: number) => void;
}

/** From the bottom of a bar to its top. */
const order = ['error', 'warning', 'info', 'debug'] as const;
const height = 40;

/** How many lines there were when, by level. It is the scroll bar of all lines: a click, or an arrow key, goes to that time. */
export function Histogram({ counts, seen, onGo }: Props) {
  const bars = useRef<SVGSVGElement>(null);
  const [from, to] = [millisecondsOf(counts.from), millisecondsOf(counts.to)];
  const parts = Math.max(1, ...Object.values(counts.levels).map((level) => level.length));
  const totals = Array.from({ length: parts }, (_, at) => order.reduce((sum, level) => sum + (counts.levels[level]?.[at] ?? 0), 0));
  const highest = Math.max(1, ...totals);
  const width = (to - from) / parts;
  const partAt = (time: number) => Math.min(parts - 1, Math.max(0, Math.floor((time - from) / width)));
  const [pointed, setPointed] = useState<number | null>(null);
  const at = partAt(seen?.[1] ?? to);
  const timeOf = (part: number) => from + part * width;
  const pointedAt = (event: MouseEvent) => {
    const box = bars.current!.getBoundingClientRect();
    return Math.min(parts - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * parts)));
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onGo(timeOf(Math.min(parts - 1, Math.max(0, at + step))));
  };
  const total = totals.reduce((sum, count) => sum + count, 0);
  return (
    <div class="histogram">
      <svg ref={bars} viewBox={`0 0 ${parts} ${height}`} preserveAspectRatio="none" role="slider" tabindex={0} aria-label="Time" aria-valuemin={0} aria-valuemax={parts - 1} aria-valuenow={at}
        aria-valuetext={describe(timeOf(at), totals[at] ?? 0)} onKeyDown={onKey} onClick={(event) => onGo(timeOf(pointedAt(event)))} onPointerMove={(event) => setPointed(pointedAt(event))} onPointerLeave={() => setPointed(null)}>
        {seen !== null && <rect class="seen" x={partAt(seen[0])} y={0} width={Math.max(1, at - partAt(seen[0]) + 1)} height={height} />}
        {totals.map((_, part) => bar(counts, part, highest))}
      </svg>
      <p class="histogram-words soft">
        <span>{exact(new Date(from).toISOString())}</span>
        <span>{pointed !== null ? describe(timeOf(pointed), totals[pointed] ?? 0) : `${total.toLocaleString()} ${total === 1 ? 'line' : 'lines'}${counts.searchedFrom === counts.from ? '' : `, counted from ${exact(new Date(millisecondsOf(counts.searchedFrom)).toISOString())}`}`}</span>
        <span>{exact(new Date(to).toISOString())}</span>
      </p>
    </div>
  );
}

const describe = (time: number, count: number): string => `${exact(new Date(time).toISOString())}: ${count.toLocaleString()} ${count === 1 ? 'line' : 'lines'}`;

function bar(counts: LogHistogram, part: number, highest: number) {
  let top = height;
  return order.map((level) => {
    const count = counts.levels[level]?.[part] ?? 0;
    if (count === 0) return null;
    const size = Math.max(1.5, (count / highest) * (height - 4));
    top -= size;
    return <rect key={`${part} ${level}`} class={level} x={part + 0.12} y={top} width={0.76} height={size} />;
  });
}
