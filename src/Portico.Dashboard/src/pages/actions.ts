import { call } from '../api/client';
import type { DeployPost, OverviewRow, Route } from '../api/contract';
import { user, workspace } from '../api/session';
import { errorText } from '../text';
import { confirm } from '../ui/confirm';
import type { MenuItem } from '../ui/Menu';
import { notify } from '../ui/notices';

/** What can be done with a service. What the user may not do has a reason; the server checks it again. */
export function actionsOf(row: OverviewRow): readonly MenuItem[] {
  if (row.type === 'postgres' || row.type === 'key_value') return storeActions(row);
  const refusal = refusalFor(row);
  const isSuspended = row.status === 'suspended';
  const whileSuspended = refusal ?? (isSuspended ? 'It is suspended.' : null);
  return [
    { label: 'Deploy', refusal: whileSuspended, run: () => void deploy(row, {}) },
    { label: 'Clear cache and deploy', refusal: whileSuspended, run: () => void deploy(row, { clearCache: 'clear' }) },
    ...(row.type === 'static_site' || row.type === 'cron_job' ? [] : [{ label: 'Restart', refusal: whileSuspended, run: () => void restart(row) }]),
    isSuspended
      ? { label: 'Resume', refusal, run: () => void run(row, 'POST /v1/services/{serviceId}/resume', 'is being resumed') }
      : { label: 'Suspend', refusal, run: () => void suspend(row) },
  ];
}

function storeActions(row: OverviewRow): readonly MenuItem[] {
  const refusal = refusalFor(row);
  const name = row.type === 'postgres' ? 'postgres' : 'key-value';
  return [row.status === 'suspended'
    ? { label: 'Resume', refusal, run: () => void run(row, name === 'postgres' ? 'POST /v1/postgres/{postgresId}/resume' : 'POST /v1/key-value/{redisId}/resume', 'is being resumed') }
    : { label: 'Suspend', refusal, run: () => void suspend(row) }];
}

/** Why the user may not operate a resource, or change its settings; null when they may. */
export function refusalFor(row: OverviewRow, action: 'operate' | 'manage' = 'operate'): string | null {
  if (workspace.value?.canOperate !== true) return 'Your role can only look at this.';
  if (action === 'manage' && !workspace.value.canManage) return 'Your role can deploy this, but not change it.';
  const isProtected = row.environmentId !== undefined && (user.value?.protectedEnvironments.includes(row.environmentId) ?? false);
  return isProtected ? 'The environment is protected: only admins change it.' : null;
}

async function deploy(row: OverviewRow, body: DeployPost): Promise<void> {
  await run(row, 'POST /v1/services/{serviceId}/deploys', 'is being deployed', body);
}

async function restart(row: OverviewRow): Promise<void> {
  const yes = await confirm(`Restart ${row.name}?`, 'New instances of the same deploy start, each ready before its predecessor stops. A service with a disk is down for a moment.', 'Restart');
  if (yes) await run(row, 'POST /v1/services/{serviceId}/restart', 'is being restarted');
}

async function suspend(row: OverviewRow): Promise<void> {
  const yes = await confirm(`Suspend ${row.name}?`, 'It stops, and answers nobody until it is resumed. Its settings and data stay.', 'Suspend', true);
  if (!yes) return;
  const route: Route = row.type === 'postgres' ? 'POST /v1/postgres/{postgresId}/suspend'
    : row.type === 'key_value' ? 'POST /v1/key-value/{redisId}/suspend' : 'POST /v1/services/{serviceId}/suspend';
  await run(row, route, 'is suspended');
}

async function run(row: OverviewRow, route: Route, done: string, body?: unknown): Promise<void> {
  try {
    await call(route, { params: { serviceId: row.id, postgresId: row.id, redisId: row.id }, body });
    notify(`${row.name} ${done}.`);
  } catch (error) {
    notify(`${row.name}: ${errorText(error)}`, true);
  }
}
