import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Props<T> {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly heightOf: (item: T) => number;
  /** The item that is scrolled to when it changes; null for none. */
  readonly active: number | null;
  readonly render: (item: T, index: number) => ComponentChildren;
}

/** Beyond the window, in pixels. */
const margin = 600;

/** A list of rows whose heights are known, of which only those near the window exist. It scrolls with the page. */
export function VirtualList<T>({ label, items, keyOf, heightOf, active, render }: Props<T>) {
  const list = useRef<HTMLUListElement>(null);
  const [range, setRange] = useState<readonly [number, number]>([0, 40]);

  const tops = topsOf(items, heightOf);
  const height = tops[items.length] ?? 0;

  const measure = () => {
    const top = -(list.current?.getBoundingClientRect().top ?? 0);
    const first = indexAt(tops, top - margin);
    const last = indexAt(tops, top + innerHeight + margin) + 1;
    setRange((before) => (before[0] === first && before[1] === last ? before : [first, last]));
  };
  useEffect(() => {
    addEventListener('scroll', measure, { passive: true });
    addEventListener('resize', measure);
    return () => {
      removeEventListener('scroll', measure);
      removeEventListener('resize', measure);
    };
  });
  useLayoutEffect(measure, [items.length, height]);
  useLayoutEffect(() => {
    if (active !== null) reveal(list.current, tops[active] ?? 0, (tops[active + 1] ?? 0) - (tops[active] ?? 0));
  }, [active]);

  const [first, last] = range;
  return (
    <ul class="virtual" ref={list} aria-label={label} style={{ height: `${height}px` }}>
      {items.slice(first, last).map((item, index) => (
        <li key={keyOf(item)} aria-setsize={items.length} aria-posinset={first + index + 1}
          style={{ height: `${heightOf(item)}px`, transform: `translateY(${tops[first + index] ?? 0}px)` }}>
          {render(item, first + index)}
        </li>
      ))}
    </ul>
  );
}

/** Where each row begins, and where the last one ends. */
function topsOf<T>(items: readonly T[], heightOf: (item: T) => number): number[] {
  const tops = [0];
  let end = 0;
  for (const item of items) tops.push((end += heightOf(item)));
  return tops;
}

/** The last row that begins at or before a place. */
function indexAt(tops: readonly number[], place: number): number {
  let [low, high] = [0, tops.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

function reveal(list: HTMLElement | null, offset: number, height: number): void {
  if (list === null) return;
  const top = list.getBoundingClientRect().top + offset;
  const above = 110;
  if (top < above) scrollBy(0, top - above);
  else if (top + height > innerHeight - 20) scrollBy(0, top + height - innerHeight + 20);
}
