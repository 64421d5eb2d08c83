import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { DeployChanges, DeployDetails, OverviewRow } from '../api/contract';
import { go } from '../router';
import { errorText, short } from '../text';
import { Dialog } from '../ui/Dialog';
import { notify } from '../ui/notices';
import { refusalFor } from './actions';
import { ChangeList } from './Changes';

/** What can be done with one deploy. */
export function DeployActions({ row, deploy }: { row: OverviewRow; deploy: DeployDetails }) {
  const [rollback, setRollback] = useState<DeployChanges | null>(null);
  const refusal = refusalFor(row);
  const isActive = deploy.finishedAt == null;
  const wentLive = deploy.status === 'live' || deploy.status === 'deactivated';
  const rollbackRefusal = refusal ?? deploy.rollbackRefusal ?? null;
  return (
    <div class="buttons">
      {isActive && <button type="button" disabled={refusal !== null} title={refusal ?? undefined} onClick={() => void cancel(row, deploy)}>Cancel</button>}
      {!isActive && !wentLive && <button type="button" class="primary" disabled={refusal !== null} title={refusal ?? undefined} onClick={() => void again(row, deploy)}>Deploy again</button>}
      {wentLive && !deploy.isCurrent && (
        <button type="button" disabled={rollbackRefusal !== null} title={rollbackRefusal ?? undefined} onClick={() => void ask(row, deploy, setRollback)}>Roll back to this</button>
      )}
      {rollback !== null && <RollbackDialog row={row} deploy={deploy} changes={rollback} onClose={() => setRollback(null)} />}
    </div>
  );
}

/** Says what goes and what comes, before anything happens. */
function RollbackDialog({ row, deploy, changes, onClose }: { row: OverviewRow; deploy: DeployDetails; changes: DeployChanges; onClose: () => void }) {
  const target = deploy.commit != null ? short(deploy.commit) : deploy.id;
  return (
    <Dialog title={`Roll back ${row.name}?`} onClose={onClose}>
      <h2>Roll back {row.name} to {target}?</h2>
      <p>The build and variables of that deploy run again, with the present plan, disk and number of instances. Neither a build nor the pre-deploy command runs. The next commit or change deploys the present settings again.</p>
      {changes.commits.length > 0 && <p class="dialog-part"><strong>Taken back</strong></p>}
      <ChangeList changes={{ ...changes, settings: [], variables: [], secretFiles: [] }} />
      {changes.settings.length + changes.variables.length + changes.secretFiles.length > 0 && <p class="dialog-part"><strong>As it was then</strong></p>}
      <ChangeList changes={{ ...changes, commits: [] }} />
      <div class="buttons">
        <button type="button" onClick={onClose}>Cancel</button>
        <button type="button" class="primary" autofocus onClick={() => { onClose(); void rollBack(row, deploy); }}>Roll back</button>
      </div>
    </Dialog>
  );
}

async function ask(row: OverviewRow, deploy: DeployDetails, show: (changes: DeployChanges) => void): Promise<void> {
  await telling(row, async () => {
    show(await call<DeployChanges>('GET /portico/v1/deploys/{deployId}/changes', { params: { deployId: deploy.id }, query: { since: 'current' } }));
  });
}

const rollBack = (row: OverviewRow, deploy: DeployDetails): Promise<void> =>
  starting(row, () => call<{ readonly id: string }>('POST /v1/services/{serviceId}/rollback', { params: { serviceId: row.id }, body: { deployId: deploy.id } }));

/** The same commit, so that what failed for a reason that has passed succeeds. */
const again = (row: OverviewRow, deploy: DeployDetails): Promise<void> =>
  starting(row, () => call<{ readonly id: string }>('POST /v1/services/{serviceId}/deploys', { params: { serviceId: row.id }, body: deploy.commit == null ? {} : { commitId: deploy.commit } }));

const cancel = (row: OverviewRow, deploy: DeployDetails): Promise<void> => telling(row, async () => {
  await call('POST /v1/services/{serviceId}/deploys/{deployId}/cancel', { params: { serviceId: row.id, deployId: deploy.id } });
  notify('The deploy is being canceled.');
});

const starting = (row: OverviewRow, start: () => Promise<{ readonly id: string }>): Promise<void> => telling(row, async () => go(`${row.path}/deploys/${(await start()).id}`));

async function telling(row: OverviewRow, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    notify(`${row.name}: ${errorText(error)}`, true);
  }
}
