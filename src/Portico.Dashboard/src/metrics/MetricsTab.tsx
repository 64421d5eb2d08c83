import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/client';
import type { MetricsMark, MetricsPage, OverviewRow } from '../api/contract';
import { useLoaded } from '../api/resource';
import { query, setQuery } from '../router';
import { words } from '../text';
import { Time } from '../ui/Time';
import { Chart } from './Chart';
import { ChartTable } from './ChartTable';
import { titleOf, unitOf } from './units';

const ranges = [['1h', '1 hour'], ['6h', '6 hours'], ['1d', '1 day'], ['7d', '7 days']] as const;
const interval = 30_000;

/** What a service or data store used, and the requests that it answered, over time. */
export function MetricsTab({ row }: { row: OverviewRow }) {
  const asked = query.value.get('range');
  const range = ranges.find(([name]) => name === asked)?.[0] ?? '1h';
  const isTable = query.value.get('view') === 'table';
  const round = useRounds();
  const { value: page, error } = useLoaded((signal) => call<MetricsPage>('GET /portico/v1/metrics/page', { query: { resource: row.id, range }, signal }), [row.id, range, round, row.status, row.lastEvent]);
  return (
    <>
      <div class="filters">
        <div class="button-group" role="group" aria-label="Time range">
          {ranges.map(([name, label]) => <button key={name} type="button" class={name === range ? 'pressed' : ''} aria-pressed={name === range} onClick={() => setQuery({ range: name === '1h' ? '' : name })}>{label}</button>)}
        </div>
        <button type="button" class={isTable ? 'pressed' : ''} aria-pressed={isTable} onClick={() => setQuery({ view: isTable ? '' : 'table' })}>Table</button>
      </div>
      {error !== null && <p role="alert" class="problem">{error.message}</p>}
      {page === null ? error === null && <p class="soft" role="status">Loading…</p> : <Charts page={page} row={row} isTable={isTable} />}
    </>
  );
}

function Charts({ page, row, isTable }: { page: MetricsPage; row: OverviewRow; isTable: boolean }) {
  return (
    <>
      <div class="charts">
        {page.charts.map((chart) => (
          <section key={chart.name} class="card chart" aria-labelledby={`chart-${chart.name}`}>
            <h2 id={`chart-${chart.name}`}>{titleOf(chart)} <span class="soft">{unitOf(chart, page)}</span></h2>
            {chart.lines.length === 0 ? <p class="soft chart-empty">{chart.empty}</p> : isTable ? <ChartTable chart={chart} page={page} /> : <Chart chart={chart} page={page} />}
          </section>
        ))}
      </div>
      {page.marks.length > 0 && (
        <section aria-labelledby="marks">
          <h2 id="marks">What happened <span class="soft">dotted lines in the charts</span></h2>
          <ol class="events">{[...page.marks].reverse().map((mark, index) => <Mark key={`${mark.at} ${index}`} mark={mark} path={row.path} />)}</ol>
        </section>
      )}
    </>
  );
}

function Mark({ mark, path }: { mark: MetricsMark; path: string }) {
  return (
    <li class={mark.kind.endsWith('_failed') ? 'bad' : mark.kind === 'deploy' ? 'good' : 'calm'}>
      <span class="event-what">{mark.deployId == null ? words(mark.kind) : <a href={`${path}/deploys/${mark.deployId}`}>{words(mark.kind)}</a>}</span>
      <span class="soft">{mark.text}</span>
      <span class="soft event-time"><Time at={mark.at} /></span>
    </li>
  );
}

/** A number that grows while the page can be seen. */
function useRounds(): number {
  const [round, setRound] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => { if (!document.hidden) setRound((last) => last + 1); }, interval);
    return () => clearInterval(timer);
  }, []);
  return round;
}
