import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/client';
import type { EventWithCursor, OverviewRow } from '../api/contract';
import { query, setQuery } from '../router';
import { Events } from './Events';

const pageSize = 50;

/** What events are about, and their types. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  Deploys: ['build_started', 'build_ended', 'pre_deploy_started', 'pre_deploy_ended', 'deploy_started', 'deploy_ended', 'commit_ignored', 'branch_deleted'],
  Instances: ['server_available', 'server_failed', 'server_restarted', 'instance_count_changed', 'autoscaling_started', 'autoscaling_ended'],
  Runs: ['cron_job_run_started', 'cron_job_run_ended', 'job_run_ended'],
  Settings: ['plan_changed', 'autoscaling_config_changed', 'auto_deploy_enabled', 'auto_deploy_disabled', 'disk_created', 'disk_updated', 'disk_deleted', 'maintenance_mode_enabled',
    'maintenance_mode_uri_updated', 'maintenance_started', 'maintenance_ended', 'service_suspended', 'service_resumed', 'suspender_added', 'suspender_removed'],
};

/** All events of a service, newest first. */
export function EventsTab({ row }: { row: OverviewRow }) {
  const asked = query.value.get('about') ?? '';
  const about = kinds[asked] === undefined ? '' : asked;
  const [events, setEvents] = useState<readonly EventWithCursor[] | null>(null);
  const [hasMore, setHasMore] = useState(false);
  const [problem, setProblem] = useState<Error | null>(null);
  const load = async (cursor: string | null, keep: readonly EventWithCursor[], signal?: AbortSignal) => {
    try {
      const found = await read(row.id, about, cursor, signal);
      const known = new Set(found.map((item) => item.event.id));
      // Those that were loaded stay, unless there are so many new ones that some between could be missing.
      const isJoined = cursor !== null || keep.some((item) => known.has(item.event.id));
      setEvents(cursor !== null ? [...keep, ...found] : isJoined ? [...found, ...keep.filter((item) => !known.has(item.event.id))] : found);
      if (cursor !== null || !isJoined) setHasMore(found.length === pageSize);
      setProblem(null);
    } catch (error) {
      if (signal?.aborted !== true && error instanceof Error) setProblem(error);
    }
  };
  const [shown, setShown] = useState(about);
  useEffect(() => {
    const abort = new AbortController();
    setShown(about);
    void load(null, shown === about ? events ?? [] : [], abort.signal);
    return () => abort.abort();
  }, [row.id, row.lastEvent, about]);
  return (
    <>
      <div class="filters">
        <select aria-label="About" value={about} onChange={(event) => setQuery({ about: event.currentTarget.value })}>
          <option value="">About: anything</option>
          {Object.keys(kinds).map((kind) => <option key={kind} value={kind}>{kind}</option>)}
        </select>
      </div>
      {problem !== null && events !== null && <p role="alert" class="problem">{problem.message}</p>}
      <Events events={events} problem={problem} path={row.path} />
      {hasMore && <p class="more"><button type="button" onClick={() => void load(events?.at(-1)?.cursor ?? null, events ?? [])}>Show more</button></p>}
    </>
  );
}

const read = (service: string, about: string, cursor: string | null, signal?: AbortSignal): Promise<readonly EventWithCursor[]> => call('GET /v1/services/{serviceId}/events', {
  params: { serviceId: service },
  query: { limit: `${pageSize}`, ...(about === '' ? {} : { type: (kinds[about] ?? []).join(',') }), ...(cursor === null ? {} : { cursor }) },
  ...(signal ? { signal } : {}),
});
