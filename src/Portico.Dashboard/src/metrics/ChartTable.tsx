import type { MetricsChart, MetricsPage } from '../api/contract';
import { exact } from '../text';
import { timesOf, titleOf, valueText } from './units';

/** The values of a chart, newest first. Steps without any are left out. */
export function ChartTable({ chart, page }: { chart: MetricsChart; page: MetricsPage }) {
  const times = timesOf(page);
  const steps = times.map((_, at) => at).filter((at) => chart.lines.some((line) => (line.values[at] ?? 0) !== 0)).reverse();
  if (steps.length === 0) return <p class="soft chart-empty">All values in this time are 0.</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={`Values: ${titleOf(chart)}`}>
      <table>
        <thead><tr><th scope="col">Time</th>{chart.lines.map((line) => <th key={line.name} scope="col" class="number">{line.name}</th>)}</tr></thead>
        <tbody>
          {steps.map((at) => (
            <tr key={at}>
              <th scope="row">{exact(new Date((times[at] ?? 0) * 1000).toISOString())}</th>
              {chart.lines.map((line) => <td key={line.name} class="number">{valueText(chart.unit, line.values[at])}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
