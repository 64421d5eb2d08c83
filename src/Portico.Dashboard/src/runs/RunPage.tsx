import type { OverviewRow, ServiceRun } from '../api/contract';
import { workspace } from '../api/session';
import { LogExplorer } from '../logs/LogExplorer';
import { Facts } from '../pages/Facts';
import { NotFoundPage } from '../pages/NotFoundPage';
import { duration, exact, words } from '../text';
import { Status } from '../ui/Status';
import { Cancel, isRunning, pageOf } from './RunsTab';

/** What a run writes at its end is stored a moment later, in milliseconds. */
const lastWords = 2000;

/** One job or cron run: how it ended, and everything that it wrote. */
export function RunPage({ row, run, onChanged }: { row: OverviewRow; run: ServiceRun | undefined; onChanged: () => void }) {
  if (run === undefined) return <NotFoundPage text="There is no such run, or it is not among the newest 200." />;
  return (
    <article class="deploy" aria-labelledby="run-title">
      <p class="crumbs"><a href={`${row.path}/${pageOf(row)}`}>{row.type === 'cron_job' ? 'Runs' : 'Jobs'}</a> / {run.id}</p>
      <div class="deploy-head">
        <div>
          <h2 id="run-title"><code>{run.command}</code></h2>
          <p class="soft"><Status status={run.status} label={words(run.status)} />{run.exitCode !== undefined && <span>exit code {run.exitCode}</span>}</p>
        </div>
        <div class="buttons">{isRunning(run) && <Cancel row={row} run={run} onChanged={onChanged} />}</div>
      </div>
      {run.reason !== undefined && <div class="failure-box"><p>{run.reason}</p></div>}
      {run.status === 'unknown' && <p class="callout warning"><span>The machine stopped while it ran, so its result is unknown. It was not started again.</span></p>}
      <Facts facts={[
        ['Started', run.startedAt === undefined ? 'not yet' : exact(run.startedAt)],
        ['Took', run.startedAt !== undefined && run.finishedAt !== undefined ? duration(run.startedAt, run.finishedAt) : null],
        ['Scheduled for', run.scheduledFor === undefined ? null : exact(run.scheduledFor)],
        ['Started by', run.requestedBy], ['Canceled by', run.canceledBy], ['Id', run.id, true],
      ]} />
      <section aria-labelledby="run-log">
        <h2 id="run-log">Log</h2>
        {workspace.value !== null && <LogExplorer key={run.status} scope={{ workspace: workspace.value.id, resource: row.id, instance: run.id }} since={run.createdAt}
          until={run.finishedAt === undefined ? undefined : new Date(Date.parse(run.finishedAt) + lastWords).toISOString()} />}
      </section>
    </article>
  );
}
