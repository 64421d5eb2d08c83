import { useEffect, useState } from 'preact/hooks';
import { call, Refused } from '../api/client';
import type { DeployChanges, DeployDetails, OverviewRow } from '../api/contract';
import { rows } from '../api/live';
import { useLoaded } from '../api/resource';
import { workspace } from '../api/session';
import { LogExplorer } from '../logs/LogExplorer';
import { exact, short, words } from '../text';
import { CopyButton } from '../ui/CopyButton';
import { Status } from '../ui/Status';
import { Time } from '../ui/Time';
import { DeployActions } from './DeployActions';
import { DeploySteps } from './DeploySteps';
import { Changes } from './Changes';
import { Failure } from './LastDeploy';
import { NotFoundPage } from './NotFoundPage';

const interval = 2000;

/** What a deploy writes at its end is stored a moment later, in milliseconds. */
const lastWords = 2000;

/** One deploy: what it did, step by step, why it failed, what it changed, and everything that it wrote. */
export function DeployPage({ row, id }: { row: OverviewRow; id: string }) {
  const isNewest = row.deploy?.id === id;
  const round = useRounds(isNewest ? row.deploy?.status : undefined);
  const params = { deployId: id };
  const loaded = useLoaded((signal) => call<DeployDetails>('GET /portico/v1/deploys/{deployId}', { params, signal }), [id, row.lastEvent, row.deploy?.status, round]);
  const changes = useLoaded((signal) => call<DeployChanges>('GET /portico/v1/deploys/{deployId}/changes', { params, signal }), [id, row.deploy?.status]);
  const deploy = loaded.value;
  if (loaded.error instanceof Refused && deploy === null) return <NotFoundPage text={loaded.error.message} />;
  if (deploy === null) return <p class="soft" role="status">{loaded.error?.message ?? 'Loading…'}</p>;
  return (
    <article class="deploy" aria-labelledby="deploy-title">
      <div class="deploy-head">
        <div>
          <h2 id="deploy-title">{deploy.commitMessage?.split('\n')[0] || words(deploy.reason)}</h2>
          <p class="soft">
            <Status status={deploy.status} label={words(deploy.status)} />
            {deploy.isCurrent && <span class="tag">Current</span>}
            {deploy.commit != null && <span><code>{short(deploy.commit)}</code><CopyButton text={deploy.commit} what="commit" /></span>}
            {deploy.branch != null && <span>branch {deploy.branch}</span>}
            <span>{deploy.reason}{deploy.requestedBy != null && ` by ${deploy.requestedBy}`}</span>
            <span title={exact(deploy.createdAt)}><Time at={deploy.createdAt} /></span>
            <span><code>{deploy.id}</code><CopyButton text={deploy.id} what="deploy id" /></span>
          </p>
        </div>
        <DeployActions row={row} deploy={deploy} />
      </div>
      <DeploySteps steps={deploy.steps} type={row.type} phase={deploy.phase ?? null} />
      {deploy.supersededBy != null && <p class="callout warning"><span>A newer deploy replaced it: <a href={`${row.path}/deploys/${deploy.supersededBy}`}>{deploy.supersededBy}</a></span></p>}
      {deploy.failure != null && <Failure failure={deploy.failure} />}
      {changes.value !== null && <Changes changes={changes.value} path={row.path} />}
      <section aria-labelledby="deploy-log">
        <h2 id="deploy-log">Log</h2>
        {workspace.value !== null && <LogExplorer scope={{ workspace: workspace.value.id, resource: row.id, instance: id }} since={deploy.createdAt} until={deploy.finishedAt == null ? undefined : new Date(Date.parse(deploy.finishedAt) + lastWords).toISOString()} />}
      </section>
    </article>
  );
}

/** No event announces a change of what the deploy waits for, so the page polls while the deploy is running. */
function useRounds(status: string | undefined): number {
  const [round, setRound] = useState(0);
  const isActive = status !== undefined && (['created', 'queued'].includes(status) || status.endsWith('_in_progress'));
  useEffect(() => {
    if (!isActive) return;
    const timer = setInterval(() => { if (!document.hidden && rows.value !== null) setRound((last) => last + 1); }, interval);
    return () => clearInterval(timer);
  }, [isActive]);
  return round;
}
