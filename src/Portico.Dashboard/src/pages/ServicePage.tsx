import { useEffect } from 'preact/hooks';
import { call, Refused } from '../api/client';
import type { OverviewRow, Service } from '../api/contract';
import { rows } from '../api/live';
import { useLoaded } from '../api/resource';
import { chooseWorkspace, workspace } from '../api/session';
import { LogExplorer } from '../logs/LogExplorer';
import { words } from '../text';
import { lazy } from '../ui/lazy';
import { DeployPage } from './DeployPage';
import { DeploysTab } from './DeploysTab';
import { NotFoundPage } from './NotFoundPage';
import { ResourceHead } from './ResourceHead';
import { ServiceOverview } from './ServiceOverview';
import { servicePages } from './servicePages';
import { Tabs } from './Tabs';

const DomainsTab = lazy(async () => (await import('../domains/DomainsTab')).DomainsTab);
const EnvironmentTab = lazy(async () => (await import('../environment/EnvironmentTab')).EnvironmentTab);
const EventsTab = lazy(async () => (await import('./EventsTab')).EventsTab);
const MetricsTab = lazy(async () => (await import('../metrics/MetricsTab')).MetricsTab);
const RunsTab = lazy(async () => (await import('../runs/RunsTab')).RunsTab);
const ShellTab = lazy(async () => (await import('../terminal/ShellTab')).ShellTab);
const SettingsTab = lazy(async () => (await import('./SettingsTab')).SettingsTab);

/** The pages of a service: `/web/srv-…`, and below it those of `servicePages` and `deploys/dep-…`. */
export function ServicePage({ id, tab, item }: { id: string; tab: string; item: string }) {
  const row = rows.value?.get(id);
  const service = useLoaded((signal) => call<Service>('GET /v1/services/{serviceId}', { params: { serviceId: id }, signal }), [id, row?.status, row?.lastEvent]);
  useOwner(service.value?.ownerId);
  const name = row?.name ?? service.value?.name ?? 'Service';
  useEffect(() => {
    document.title = `${titleOf(tab, item)}${name} · Portico`;
  }, [name, tab, item]);

  if (service.error instanceof Refused && service.error.status === 404) return <NotFoundPage text="This service does not exist, or you may not see it." />;
  if (service.error instanceof Refused) return <NotFoundPage text={service.error.message} />;
  if (row === undefined) return <p class="starting" role="status">Loading…</p>;
  return (
    <div class={tab === 'logs' ? 'full-page' : ''}>
      <ResourceHead row={row} isCompact={tab !== ''} />
      <Tabs label={`Pages of ${name}`} tabs={[{ label: 'Overview', href: row.path }, ...servicePages(row).map((label) => ({ label, href: `${row.path}/${label.toLowerCase()}` }))]} />
      <Content row={row} service={service.value} tab={tab} item={item} />
    </div>
  );
}

function Content({ row, service, tab, item }: { row: OverviewRow; service: Service | null; tab: string; item: string }) {
  if (tab === '') return <ServiceOverview row={row} service={service} />;
  if (tab === 'deploys') return item === '' ? <DeploysTab row={row} /> : <DeployPage key={item} row={row} id={item} />;
  if (tab === 'logs' && workspace.value !== null) return <LogExplorer scope={{ workspace: workspace.value.id, resource: row.id }} />;
  if (tab === 'metrics') return <MetricsTab key={row.id} row={row} />;
  if (tab === 'environment') return <EnvironmentTab key={row.id} row={row} />;
  if (tab === 'domains') return <DomainsTab key={row.id} row={row} />;
  if (tab === 'events') return <EventsTab key={row.id} row={row} />;
  if (tab === (row.type === 'cron_job' ? 'runs' : 'jobs') && row.type !== 'static_site') return <RunsTab key={row.id} row={row} item={item} />;
  if (tab === 'shell' && row.type !== 'static_site') return <ShellTab key={row.id} row={row} />;
  if (tab === 'settings') return <SettingsTab key={row.id} row={row} service={service} />;
  return <NotFoundPage />;
}

function titleOf(tab: string, item: string): string {
  return tab === '' ? '' : `${item === '' ? words(tab) : words(tab).replace(/s$/, '')} · `;
}

/** A link can lead to a service of another of the user's workspaces. */
function useOwner(owner: string | undefined): void {
  useEffect(() => {
    if (owner !== undefined && owner !== workspace.value?.id) chooseWorkspace(owner);
  }, [owner]);
}
