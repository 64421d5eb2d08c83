import type { OverviewRow } from '../api/contract';

/** The pages of a resource beside its first. Their addresses are their names. */
export function servicePages(row: OverviewRow): readonly string[] {
  if (row.type === 'postgres' || row.type === 'key_value') return ['Metrics', 'Settings'];
  const isPublic = row.type === 'web_service' || row.type === 'static_site';
  const runs = row.type === 'static_site' ? [] : row.type === 'cron_job' ? ['Runs', 'Shell'] : ['Jobs', 'Shell'];
  return ['Deploys', 'Logs', 'Metrics', 'Environment', ...(isPublic ? ['Domains'] : []), 'Events', ...runs, 'Settings'];
}
