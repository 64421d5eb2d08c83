import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { MetricsChart, MetricsPage } from '../api/contract';
import { theme } from '../shell/theme';
import { exact } from '../text';
import { isCounted, timesOf, titleOf, unitOf, valueText } from './units';

/** The step under the pointer, in all charts; null when there is none. */
const cursor = signal<number | null>(null);

const height = 150;
const labels = 58;
const wholeSteps = [1, 2, 5].flatMap((digit) => Array.from({ length: 12 }, (_, power) => digit * 10 ** power)).sort((a, b) => a - b);
const binarySteps = Array.from({ length: 50 }, (_, power) => 2 ** power);

interface Props {
  readonly chart: MetricsChart;
  readonly page: MetricsPage;
}

/** Lines over time. The pointer, or arrow keys, move a cursor in all charts; beside each name is the value there. */
export function Chart({ chart, page }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLDListElement>(null);
  useEffect(() => draw(place.current!, legend.current!, chart, page), [chart, page]);
  useEffect(() => () => {
    cursor.value = null;
  }, []);
  const at = cursor.value;
  const last = page.steps - 1;
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    cursor.value = Math.min(last, Math.max(0, (cursor.value ?? last) + step));
  };
  const time = exact(new Date((timesOf(page)[at ?? last] ?? 0) * 1000).toISOString());
  return (
    <>
      <dl class="legend" ref={legend}>
        {chart.lines.map((line) => (
          <div key={line.name}>
            <dt><i class={`swatch line-${line.name}`} aria-hidden="true" />{line.name}</dt>
            <dd>{valueText(chart.unit, at === null ? summary(chart, line.values) : line.values[at])}</dd>
          </div>
        ))}
        <div class="legend-time"><dt>{at === null ? (isCounted(chart) ? 'in total' : 'latest') : time}</dt></div>
      </dl>
      <div ref={place} class="plot" role="slider" tabIndex={0} aria-label={`${titleOf(chart)} ${unitOf(chart, page)}`} aria-valuemin={0} aria-valuemax={last} aria-valuenow={at ?? last}
        aria-valuetext={`${time}: ${chart.lines.map((line) => `${line.name} ${valueText(chart.unit, line.values[at ?? last])}`).join(', ')}`} onKeyDown={onKey} onBlur={() => { cursor.value = null; }} />
    </>
  );
}

const summary = (chart: MetricsChart, values: readonly (number | null)[]): number | null =>
  isCounted(chart) ? values.reduce<number>((sum, value) => sum + (value ?? 0), 0) : values.findLast((value) => value !== null) ?? null;

/** Draws a chart, and again when its place, the theme or the cursor changes. Returns what ends it. */
function draw(place: HTMLElement, legend: HTMLElement, chart: MetricsChart, page: MetricsPage): () => void {
  const times = timesOf(page);
  const plot = new uPlot(optionsOf(place, legend, chart, page), [times, ...chart.lines.map((line) => [...line.values])], place);
  const resized = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height }));
  resized.observe(place);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const redraw = () => plot.redraw(false);
  scheme.addEventListener('change', redraw);
  const stopTheme = theme.subscribe(redraw);
  const stopCursor = cursor.subscribe((at) => {
    if ((plot.cursor.idx ?? null) !== at) plot.setCursor(at === null ? { left: -10, top: -10 } : { left: plot.valToPos(times[at] ?? 0, 'x'), top: 0 }, false);
  });
  return () => {
    stopCursor();
    stopTheme();
    scheme.removeEventListener('change', redraw);
    resized.disconnect();
    plot.destroy();
  };
}

function optionsOf(place: HTMLElement, legend: HTMLElement, chart: MetricsChart, page: MetricsPage): uPlot.Options {
  const swatches = [...legend.querySelectorAll('.swatch')];
  const soft = () => getComputedStyle(legend).color;
  const font = `11px ${getComputedStyle(place).fontFamily}`;
  const lines = () => getComputedStyle(place).borderTopColor;
  const clock = new Intl.DateTimeFormat(undefined, page.range === '7d' ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' });
  const steps = chart.unit === 'bytes' ? binarySteps : chart.unit === 'cores' || chart.unit === 'ms' ? undefined : wholeSteps;
  return {
    width: place.clientWidth, height, legend: { show: false }, padding: [8, 8, 0, 0],
    scales: { y: { range: (_, __, max) => [0, Math.max(max * 1.1, chart.unit === 'cores' ? 0.01 : 1)] } },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    axes: [
      { stroke: soft, font, size: 24, space: 64, grid: { show: false }, ticks: { show: false }, values: (_, splits) => splits.map((time) => clock.format(time * 1000)) },
      { stroke: soft, font, size: labels, space: 32, grid: { stroke: lines, width: 1 }, ticks: { show: false }, values: (_, splits) => splits.map((value) => valueText(chart.unit, value)), ...(steps ? { incrs: steps } : {}) },
    ],
    series: [{}, ...chart.lines.map((line, index): uPlot.Series => ({
      stroke: () => getComputedStyle(swatches[index] ?? legend).color, width: 1.5, ...(line.name === 'limit' ? { dash: [5, 4] } : {}),
      points: { show: true, size: 4, filter: (plot, at) => lonely(plot.data[at] ?? []) },
    }))],
    hooks: {
      setCursor: [(plot) => { cursor.value = plot.cursor.idx ?? null; }],
      draw: [(plot) => drawMarks(plot, legend, page)],
    },
  };
}

/** A value between steps without one is no line, so it gets a point. */
function lonely(values: uPlot.AlignedData[number]): number[] {
  const found: number[] = [];
  for (let at = 0; at < values.length; at++) if (values[at] != null && values[at - 1] == null && values[at + 1] == null) found.push(at);
  return found;
}

function drawMarks(plot: uPlot, legend: HTMLElement, page: MetricsPage): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = getComputedStyle(legend).color;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.lineWidth = devicePixelRatio;
  for (const mark of page.marks) {
    const x = plot.valToPos(Date.parse(mark.at) / 1000, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
