import type { OverviewRow } from './api/contract';

const typeNames: Readonly<Record<string, string>> = {
  static_site: 'Static site',
  web_service: 'Web service',
  private_service: 'Private service',
  background_worker: 'Background worker',
  cron_job: 'Cron job',
  postgres: 'Postgres',
  key_value: 'Key Value',
};

const statusNames: Readonly<Record<string, string>> = {
  not_deployed: 'Not deployed',
  deploying: 'Deploying',
  live: 'Live',
  asleep: 'Asleep',
  waking: 'Waking',
  unhealthy: 'Unhealthy',
  failed: 'Failed',
  suspended: 'Suspended',
  creating: 'Creating',
  available: 'Available',
  unavailable: 'Unavailable',
  updating: 'Updating',
};

export const typeName = (type: string): string => typeNames[type] ?? words(type);
export const statusName = (status: string): string => statusNames[status] ?? words(status);

/** `build_in_progress` → `Build in progress`. */
export function words(name: string): string {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export type Mood = 'good' | 'bad' | 'busy' | 'calm';

export function moodOf(status: string): Mood {
  if (['live', 'available', 'succeeded', 'successful'].includes(status)) return 'good';
  if (status === 'failed' || status === 'unsuccessful' || status.endsWith('_failed') || status === 'unhealthy' || status === 'unavailable') return 'bad';
  if (['deploying', 'waking', 'creating', 'updating', 'created', 'queued', 'pending', 'running'].includes(status) || status.endsWith('_in_progress')) return 'busy';
  return 'calm';
}

/** Whether somebody has to look at it: it does not run, or its newest deploy failed. */
export function needsAttention(row: OverviewRow): boolean {
  return moodOf(row.status) === 'bad' || (row.deploy?.status.endsWith('_failed') ?? false);
}

export function ago(time: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (seconds < 10) return 'now';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

export function duration(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export const exact = (time: string): string => new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export const short = (commit: string): string => commit.slice(0, 7);

/** What a failure says to people. */
export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));
