import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/client';
import type { Deploy, DeployWithCursor, OverviewRow } from '../api/contract';
import { duration, errorText, moodOf, short, words } from '../text';
import { Status } from '../ui/Status';
import { Time } from '../ui/Time';

const pageSize = 20;

/** All deploys of a service, newest first. */
export function DeploysTab({ row }: { row: OverviewRow }) {
  const [deploys, setDeploys] = useState<readonly DeployWithCursor[] | null>(null);
  const [hasMore, setHasMore] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const load = async (limit: number, signal?: AbortSignal) => {
    try {
      const found = await read(row.id, limit, signal);
      setDeploys(found);
      setHasMore(found.length === limit);
    } catch (error) {
      if (signal?.aborted !== true) setProblem(errorText(error));
    }
  };
  useEffect(() => {
    const abort = new AbortController();
    void load(Math.max(pageSize, deploys?.length ?? 0), abort.signal);
    return () => abort.abort();
  }, [row.id, row.lastEvent, row.deploy?.status]);

  if (deploys === null) return <p class="soft" role="status">{problem ?? 'Loading…'}</p>;
  if (deploys.length === 0) return <div class="empty"><h2>It has not been deployed yet</h2></div>;
  return (
    <>
      <ol class="deploys" aria-label="Deploys">
        {deploys.map(({ deploy }) => <DeployRow key={deploy.id} deploy={deploy} path={row.path} />)}
      </ol>
      {hasMore && <p class="more"><button type="button" onClick={() => void load(Math.min(100, deploys.length + pageSize))}>Show more</button></p>}
    </>
  );
}

function DeployRow({ deploy, path }: { deploy: Deploy; path: string }) {
  const status = deploy.status ?? '';
  return (
    <li class={moodOf(status)}>
      <Status status={status} label={words(status)} />
      <a href={`${path}/deploys/${deploy.id}`}>{deploy.commit?.message?.split('\n')[0] || words(deploy.trigger ?? 'deploy')}</a>
      <span class="deploy-commit soft">{deploy.commit?.id !== undefined && <code>{short(deploy.commit.id)}</code>}</span>
      <span class="deploy-why soft">{words(deploy.trigger ?? '')}</span>
      <span class="deploy-took soft">{deploy.startedAt != null && deploy.finishedAt != null && duration(deploy.startedAt, deploy.finishedAt)}</span>
      <span class="deploy-age soft">{deploy.createdAt !== undefined && <Time at={deploy.createdAt} />}</span>
    </li>
  );
}

const read = (service: string, limit: number, signal?: AbortSignal): Promise<readonly DeployWithCursor[]> =>
  call('GET /v1/services/{serviceId}/deploys', { params: { serviceId: service }, query: { limit: `${limit}` }, ...(signal ? { signal } : {}) });
