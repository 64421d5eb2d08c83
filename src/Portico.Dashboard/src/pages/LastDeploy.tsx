import type { DeployDetails, OverviewRow, ResourceFailure } from '../api/contract';
import { duration, moodOf, short, words } from '../text';
import { CopyButton } from '../ui/CopyButton';
import { Status } from '../ui/Status';
import { Time } from '../ui/Time';

/** The newest deploy, and where it failed: which step, what happened, what to try. */
export function LastDeploy({ row, details }: { row: OverviewRow; details: DeployDetails | null }) {
  const deploy = row.deploy;
  if (deploy === undefined) return <section class="card"><h2>Last deploy</h2><p class="soft">It has not been deployed yet.</p></section>;
  const isCurrent = details?.id === deploy.id;
  return (
    <section class={`card ${moodOf(deploy.status)}`} aria-labelledby="last-deploy">
      <div class="card-head">
        <h2 id="last-deploy">Last deploy</h2>
        <Status status={deploy.status} label={words(deploy.status)} />
        <span class="gap" />
        <span class="soft"><Time at={deploy.createdAt} /></span>
      </div>
      <p class="deploy-line">
        {deploy.commit !== undefined && <><code>{short(deploy.commit)}</code><CopyButton text={deploy.commit} what="commit" /></>}
        <a href={`${row.path}/deploys/${deploy.id}`}>{deploy.message ?? 'No commit message'}</a>
      </p>
      {isCurrent && <p class="soft">{detailsOf(details)}</p>}
      {isCurrent && details.failure != null && <Failure failure={details.failure} />}
    </section>
  );
}

function detailsOf(details: DeployDetails): string {
  const parts = [words(details.reason)];
  if (details.requestedBy != null) parts.push(`by ${details.requestedBy}`);
  if (details.branch != null) parts.push(`branch ${details.branch}`);
  if (details.startedAt != null && details.finishedAt != null) parts.push(`took ${duration(details.startedAt, details.finishedAt)}`);
  return parts.join(' · ');
}

export function Failure({ failure }: { failure: ResourceFailure }) {
  return (
    <div class="failure-box">
      <p><strong>{words(failure.step)} failed.</strong> {failure.message}</p>
      {failure.hint != null && <p class="hint"><strong>Try:</strong> {failure.hint}</p>}
      {failure.lastLines.length > 0 && <pre class="lines" tabIndex={0} aria-label="Last lines of output">{failure.lastLines.join('\n')}</pre>}
    </div>
  );
}
