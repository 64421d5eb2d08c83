import { call } from '../api/client';
import type { OverviewRow, RunSchedule, ServiceRun } from '../api/contract';
import { refusalFor } from '../pages/actions';
import { exact, words } from '../text';
import { confirm } from '../ui/confirm';
import { tellFailure } from '../ui/notices';

interface Props {
  readonly row: OverviewRow;
  readonly schedule: RunSchedule;
  readonly last: ServiceRun | undefined;
  readonly isRunning: boolean;
  readonly onRun: () => void;
}

/** When a cron job runs, in words and in the user's time zone. */
export function Schedule({ row, schedule, last, isRunning, onRun }: Props) {
  const refusal = refusalFor(row) ?? schedule.paused ?? null;
  return (
    <section class="card" aria-labelledby="schedule">
      <div class="card-head">
        <h2 id="schedule">Schedule</h2>
        <span class="gap" />
        <button type="button" class="primary" disabled={refusal !== null} title={refusal ?? undefined} onClick={() => void run(row, isRunning, onRun)}>Run now</button>
      </div>
      <p><strong>{schedule.text ?? 'At the times of the expression'}</strong>, UTC <code class="soft">{schedule.expression}</code></p>
      {schedule.paused != null && <p class="warning">{schedule.paused} It does not run by itself.</p>}
      <dl class="facts">
        {schedule.next.map((at, index) => <div key={at}><dt>{index === 0 ? 'Next' : 'Then'}</dt><dd>{exact(at)}{index === 0 && ` (${zone()})`}</dd></div>)}
        <div><dt>Last</dt><dd>{last === undefined ? 'never' : `${exact(last.startedAt ?? last.createdAt)}, ${words(last.status).toLowerCase()}`}</dd></div>
      </dl>
    </section>
  );
}

const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

async function run(row: OverviewRow, isRunning: boolean, onRun: () => void): Promise<void> {
  if (isRunning && !await confirm(`Run ${row.name} now?`, 'It is running. That run is canceled, because there is only one at a time.', 'Cancel and run')) return;
  await tellFailure(async () => {
    await call('POST /v1/cron-jobs/{cronJobId}/runs', { params: { cronJobId: row.id } });
    onRun();
  });
}
