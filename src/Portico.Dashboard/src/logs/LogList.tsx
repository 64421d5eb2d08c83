import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Line } from './lines';
import { LogRow } from './LogRow';
import type { LogWindow } from './window';

/** In pixels, as in the style sheet. */
const rowHeight = 22;
const margin = 20;
const nearEnd = 2 * rowHeight;
const loadWithin = 60 * rowHeight;

interface Props {
  readonly log: LogWindow;
  readonly chosen: string | null;
  readonly hasSources: boolean;
  readonly onChoose: (line: Line) => void;
  readonly onSeen: (first: Line | undefined, last: Line | undefined) => void;
}

/** The lines of a window, of which only those on the screen exist. What is read stays where it is when lines come above it. */
export function LogList({ log, chosen, hasSources, onChoose, onSeen }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [first, setFirst] = useState(0);
  const [count, setCount] = useState(60);
  const before = useRef<readonly Line[]>([]);
  const sticks = useRef(true);
  const lastTop = useRef(0);
  const lines = log.lines.value;

  const measure = () => {
    const element = box.current;
    if (element === null) return;
    const top = Math.floor(element.scrollTop / rowHeight);
    const visible = Math.ceil(element.clientHeight / rowHeight);
    setFirst(Math.max(0, top - margin));
    setCount(visible + 2 * margin);
    onSeen(lines[top], lines[Math.min(lines.length - 1, top + visible - 1)]);
  };
  const scrollTo = (top: number) => {
    box.current!.scrollTop = top;
    lastTop.current = box.current!.scrollTop;
  };
  const onScroll = () => {
    const element = box.current!;
    const left = element.scrollHeight - element.clientHeight - element.scrollTop;
    // The end also moves away when the list becomes smaller, and then nobody has left it.
    if (left < nearEnd) sticks.current = true;
    else if (element.scrollTop < lastTop.current) sticks.current = false;
    lastTop.current = element.scrollTop;
    if (element.scrollTop < loadWithin) void log.older();
    if (left < loadWithin) void log.newer();
    if (log.isFollowing.value && !sticks.current) log.hold();
    measure();
  };
  useLayoutEffect(() => {
    const element = box.current!;
    const shift = shiftOf(before.current, lines);
    if (shift === null) {
      // At the line that a link leads to, or at the newest.
      const at = chosen === null ? null : placeOf(lines, chosen);
      sticks.current = at === null;
      scrollTo(at === null ? element.scrollHeight : at * rowHeight - element.clientHeight / 2);
    } else if (sticks.current && log.isFollowing.value) scrollTo(element.scrollHeight);
    else if (shift !== 0) scrollTo(element.scrollTop + shift * rowHeight);
    before.current = lines;
    measure();
  }, [lines]);
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (sticks.current && box.current !== null) scrollTo(box.current.scrollHeight);
      measure();
    });
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, [lines]);

  const shown = lines.slice(first, first + count);
  return (
    <div class={hasSources ? 'log-lines with-sources' : 'log-lines'} ref={box} role="list" tabIndex={0} aria-label="Log lines" data-lines onScroll={onScroll} onKeyDown={(event) => jump(event, box.current!)}>
      <div class="log-space" role="presentation" style={{ height: `${lines.length * rowHeight}px` }}>
        {shown.map((line, index) => (
          <LogRow key={line.id} line={line} top={(first + index) * rowHeight} position={first + index + 1} total={lines.length} isChosen={line.id === chosen} hasSource={hasSources} onChoose={onChoose} />
        ))}
      </div>
    </div>
  );
}

/** By how many rows what was there has moved; null when nothing of it is there any more. */
function shiftOf(before: readonly Line[], after: readonly Line[]): number | null {
  const [oldFirst, newFirst] = [before[0], after[0]];
  if (oldFirst === undefined || newFirst === undefined) return null;
  const at = placeOf(after, oldFirst.id);
  if (at !== null) return at;
  const was = placeOf(before, newFirst.id);
  return was === null ? null : -was;
}

/** Ids of the same number of digits are in the order of their texts. */
function placeOf(lines: readonly Line[], id: string): number | null {
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.id < id) low = middle + 1;
    else high = middle;
  }
  return lines[low]?.id === id ? low : null;
}

function jump(event: KeyboardEvent, box: HTMLElement): void {
  if (event.key !== 'Home' && event.key !== 'End') return;
  event.preventDefault();
  box.scrollTop = event.key === 'Home' ? 0 : box.scrollHeight;
}
