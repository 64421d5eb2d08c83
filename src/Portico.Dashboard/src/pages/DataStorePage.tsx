import { useEffect, useState } from 'preact/hooks';
import { call, Refused } from '../api/client';
import type { KeyValueDetail, OverviewRow, PostgresDetail } from '../api/contract';
import { rows } from '../api/live';
import { useLoaded } from '../api/resource';
import { chooseWorkspace, workspace } from '../api/session';
import { exact, words } from '../text';
import { lazy } from '../ui/lazy';
import { Connections } from './Connections';
import { Facts, type Fact } from './Facts';
import { NotFoundPage } from './NotFoundPage';
import { ResourceHead } from './ResourceHead';
import { servicePages } from './servicePages';
import { Tabs } from './Tabs';

const MetricsTab = lazy(async () => (await import('../metrics/MetricsTab')).MetricsTab);
const StoreSettings = lazy(async () => (await import('../settings/StoreSettings')).StoreSettings);

/** The pages of a Postgres database or a Key Value store: `/d/dpg-…`, `/d/dpg-…/metrics`. */
export function DataStorePage({ id, kind, tab }: { id: string; kind: 'd' | 'r'; tab: string }) {
  const row = rows.value?.get(id);
  const [round, setRound] = useState(0);
  const details = useLoaded<PostgresDetail | KeyValueDetail>((signal) => kind === 'd'
    ? call<PostgresDetail>('GET /v1/postgres/{postgresId}', { params: { postgresId: id }, signal })
    : call<KeyValueDetail>('GET /v1/key-value/{redisId}', { params: { redisId: id }, signal }), [id, row?.status, row?.lastEvent, round]);
  const owner = details.value?.owner.id;
  useEffect(() => {
    if (owner !== undefined && owner !== workspace.value?.id) chooseWorkspace(owner);
  }, [owner]);
  useEffect(() => {
    document.title = `${tab === '' ? '' : `${words(tab)} · `}${row?.name ?? 'Data store'} · Portico`;
  }, [row?.name, tab]);

  if (details.error instanceof Refused && details.error.status === 404) return <NotFoundPage text="This data store does not exist, or you may not see it." />;
  if (details.error instanceof Refused) return <NotFoundPage text={details.error.message} />;
  if (row === undefined) return <p class="starting" role="status">Loading…</p>;
  return (
    <>
      <ResourceHead row={row} isCompact={tab !== ''} />
      <Tabs label={`Pages of ${row.name}`} tabs={[{ label: 'Overview', href: row.path }, ...servicePages(row).map((label) => ({ label, href: `${row.path}/${label.toLowerCase()}` }))]} />
      {tab === '' ? <Overview row={row} store={details.value} /> : tab === 'metrics' ? <MetricsTab key={id} row={row} /> : tab === 'settings' ? <StoreSettings row={row} store={details.value} onChanged={() => setRound((last) => last + 1)} /> : <NotFoundPage />}
    </>
  );
}

/** Its state and settings, and how to connect to it. */
function Overview({ row, store }: { row: OverviewRow; store: PostgresDetail | KeyValueDetail | null }) {
  return (
    <>
      {row.failure !== undefined && (
        <section class="card bad" aria-label="Failure">
          <div class="failure-box"><p>{row.failure}</p>{row.hint !== undefined && <p class="hint"><strong>Try:</strong> {row.hint}</p>}</div>
        </section>
      )}
      <Connections row={row} isOpen={(store?.ipAllowList?.length ?? 0) > 0} />
      <section aria-labelledby="about">
        <h2 id="about">About</h2>
        <Facts facts={store === null ? [] : factsOf(store)} />
      </section>
    </>
  );
}

function factsOf(store: PostgresDetail | KeyValueDetail): Fact[] {
  const common: Fact[] = [['Id', store.id, true], ['Plan', store.plan], ['Region', store.region], ['Version', store.version], ['Created', exact(store.createdAt)]];
  return 'databaseName' in store
    ? [...common, ['Database', store.databaseName, true], ['User', store.databaseUser, true], ['Disk', store.diskSizeGB == null ? null : `${store.diskSizeGB} GB`]]
    : [...common, ['When memory is full', store.options.maxmemoryPolicy], ['Persistence', store.options.persistenceMode]];
}
