import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/client';
import type { OverviewRow, ServiceRun, ServiceRuns } from '../api/contract';
import { useLoaded } from '../api/resource';
import { CopyCurl } from '../forms/CopyCurl';
import { refusalFor } from '../pages/actions';
import { duration, errorText, words } from '../text';
import { confirm } from '../ui/confirm';
import { tellFailure } from '../ui/notices';
import { Status } from '../ui/Status';
import { Time } from '../ui/Time';
import { RunPage } from './RunPage';
import { Schedule } from './Schedule';

const interval = 2000;

/** The one-off jobs of a service, or the runs of a cron job; or one of them. */
export function RunsTab({ row, item }: { row: OverviewRow; item: string }) {
  const [round, setRound] = useState(0);
  const { value: runs, error } = useLoaded((signal) => call<ServiceRuns>('GET /portico/v1/services/{serviceId}/runs', { params: { serviceId: row.id }, query: { limit: '200' }, signal }), [row.id, row.lastEvent, round]);
  const again = () => setRound((last) => last + 1);
  const isActive = runs?.runs.some(isRunning) ?? false;
  // No event says that a run has started.
  useEffect(() => {
    if (!isActive) return;
    const timer = setInterval(() => { if (!document.hidden) again(); }, interval);
    return () => clearInterval(timer);
  }, [isActive]);
  if (runs === null) return <p class="soft" role="status">{error?.message ?? 'Loading…'}</p>;
  if (item !== '') return <RunPage key={item} row={row} run={runs.runs.find((run) => run.id === item)} onChanged={again} />;
  return (
    <>
      {runs.schedule != null ? <Schedule row={row} schedule={runs.schedule} last={runs.runs[0]} isRunning={isActive} onRun={again} /> : <NewJob row={row} onRun={again} />}
      <section aria-labelledby="runs">
        <h2 id="runs">{row.type === 'cron_job' ? 'Runs' : 'Jobs'}</h2>
        {runs.runs.length === 0 ? <p class="soft">{row.type === 'cron_job' ? 'It has not run yet.' : 'No job has run yet.'}</p> : (
          <ol class="deploys runs" aria-label={row.type === 'cron_job' ? 'Runs' : 'Jobs'}>{runs.runs.map((run) => <Run key={run.id} row={row} run={run} onChanged={again} />)}</ol>
        )}
      </section>
    </>
  );
}

function Run({ row, run, onChanged }: { row: OverviewRow; run: ServiceRun; onChanged: () => void }) {
  return (
    <li class={run.status === 'failed' ? 'bad' : ''}>
      <Status status={run.status} label={words(run.status)} />
      <a class={row.type === 'cron_job' ? '' : 'exact'} href={`${row.path}/${pageOf(row)}/${run.id}`} title={run.command}>{row.type === 'cron_job' ? (run.scheduledFor !== undefined ? 'On schedule' : `By ${run.requestedBy ?? 'a user'}`) : run.command}</a>
      <span class="run-exit soft">{run.exitCode !== undefined && `exit code ${run.exitCode}`}</span>
      <span class="deploy-took soft">{run.startedAt !== undefined && run.finishedAt !== undefined && duration(run.startedAt, run.finishedAt)}</span>
      <span class="deploy-age soft"><Time at={run.startedAt ?? run.createdAt} /></span>
      <span class="run-cancel">{isRunning(run) && <Cancel row={row} run={run} onChanged={onChanged} />}</span>
    </li>
  );
}

export function Cancel({ row, run, onChanged }: { row: OverviewRow; run: ServiceRun; onChanged: () => void }) {
  const refusal = refusalFor(row);
  return <button type="button" disabled={refusal !== null} title={refusal ?? undefined} onClick={() => void cancel(row, run, onChanged)}>Cancel</button>;
}

function NewJob({ row, onRun }: { row: OverviewRow; onRun: () => void }) {
  const [command, setCommand] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const refusal = refusalFor(row);
  const body = { startCommand: command };
  const run = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await call('POST /v1/services/{serviceId}/jobs', { params: { serviceId: row.id }, body });
      setCommand('');
      onRun();
    } catch (error) {
      setProblem(errorText(error).replace(/^startCommand: /, ''));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section aria-labelledby="new-job">
      <h2 id="new-job">Run a one-off job</h2>
      <form class="inline-form domain-form" onSubmit={(event) => void run(event)}>
        <input class="exact" type="text" required spellcheck={false} autocomplete="off" aria-label="Command" placeholder="npm run migrate" value={command} disabled={refusal !== null}
          aria-invalid={problem !== null} aria-describedby="job-help" onInput={(event) => setCommand(event.currentTarget.value)} />
        <button class="primary" disabled={refusal !== null || isBusy} title={refusal ?? undefined}>Run job</button>
        {command !== '' && <CopyCurl route="POST /v1/services/{serviceId}/jobs" params={{ serviceId: row.id }} body={body} />}
        <p id="job-help" class="help">
          {problem !== null && <strong role="alert" class="failure">{problem} </strong>}
          {refusal ?? 'It runs once, beside the instances, with the files and variables of the live deploy and the plan of the service. It does not see the disk.'}
        </p>
      </form>
    </section>
  );
}

export const isRunning = (run: ServiceRun): boolean => run.status === 'pending' || run.status === 'running';

export const pageOf = (row: OverviewRow): string => (row.type === 'cron_job' ? 'runs' : 'jobs');

async function cancel(row: OverviewRow, run: ServiceRun, onChanged: () => void): Promise<void> {
  if (!await confirm('Cancel it?', 'The command is stopped, and is not started again.', 'Cancel the run', true)) return;
  await tellFailure(async () => {
    if (row.type === 'cron_job') await call('DELETE /v1/cron-jobs/{cronJobId}/runs', { params: { cronJobId: row.id } });
    else await call('POST /v1/services/{serviceId}/jobs/{jobId}/cancel', { params: { serviceId: row.id, jobId: run.id } });
    onChanged();
  });
}
