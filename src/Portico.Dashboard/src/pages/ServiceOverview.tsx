import { call } from '../api/client';
import type { DeployDetails, EventWithCursor, OverviewRow, Service, ServiceInstance } from '../api/contract';
import { useLoaded } from '../api/resource';
import { Time } from '../ui/Time';
import { Events } from './Events';
import { Facts, type Fact } from './Facts';
import { LastDeploy } from './LastDeploy';

/** What a service does now: its last deploy, what happened, its instances and settings. */
export function ServiceOverview({ row, service }: { row: OverviewRow; service: Service | null }) {
  const params = { serviceId: row.id };
  const instances = useLoaded((signal) => call<readonly ServiceInstance[]>('GET /v1/services/{serviceId}/instances', { params, signal }), [row.id, row.ready, row.instances, row.lastEvent]);
  const events = useLoaded((signal) => call<readonly EventWithCursor[]>('GET /v1/services/{serviceId}/events', { params, query: { limit: '15' }, signal }), [row.id, row.lastEvent]);
  const deploy = useLoaded((signal) => newest(row, signal), [row.deploy?.id, row.deploy?.status]);
  return (
    <div class="columns">
      <div>
        <LastDeploy row={row} details={deploy.value} />
        <section aria-labelledby="events"><h2 id="events">Events <a href={`${row.path}/events`}>all</a></h2><Events events={events.value} problem={events.error} path={row.path} /></section>
      </div>
      <aside aria-label="About this service">
        <Instances row={row} all={instances.value} />
        <section aria-labelledby="about"><h2 id="about">About</h2><Facts facts={service === null ? [] : factsOf(service)} /></section>
      </aside>
    </div>
  );
}

function newest(row: OverviewRow, signal: AbortSignal): Promise<DeployDetails | null> {
  if (row.deploy === undefined) return Promise.resolve(null);
  return call<DeployDetails>('GET /portico/v1/deploys/{deployId}', { params: { deployId: row.deploy.id }, signal });
}

function Instances({ row, all }: { row: OverviewRow; all: readonly ServiceInstance[] | null }) {
  if (row.type === 'static_site' || row.type === 'cron_job') return null;
  return (
    <section aria-labelledby="instances">
      <h2 id="instances">Instances <span class="soft">{row.ready} of {row.instances} ready</span></h2>
      {all?.length === 0 && <p class="soft">{row.status === 'asleep' ? 'None. It wakes up on a request.' : 'None is running.'}</p>}
      <ul class="plain">
        {all?.map((instance) => <li key={instance.id}><code>{instance.id}</code><span class="soft">since <Time at={instance.createdAt} /></span></li>)}
      </ul>
    </section>
  );
}

function factsOf(service: Service): Fact[] {
  const details = service.serviceDetails;
  const commands = details.envSpecificDetails;
  return [
    ['Id', service.id, true],
    ['Repository', service.repo, true],
    ['Branch', service.branch],
    ['Root directory', service.rootDir],
    ['Auto-deploy', service.autoDeploy === 'yes' ? 'on' : 'off'],
    ['Runtime', details.runtime],
    ['Build command', details.buildCommand ?? commands?.buildCommand],
    ['Pre-deploy command', commands?.preDeployCommand],
    ['Start command', commands?.startCommand ?? commands?.dockerCommand],
    ['Publish directory', details.publishPath],
    ['Health check path', details.healthCheckPath],
    ['Schedule', details.schedule],
    ['Plan', details.plan],
    ['Region', details.region],
    ['Internal port', details.openPorts?.[0]?.port.toString()],
    ['Disk', details.disk && `${details.disk.sizeGB} GB at ${details.disk.mountPath}`],
  ];
}
