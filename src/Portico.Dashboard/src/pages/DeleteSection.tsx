import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { OverviewRow, Route } from '../api/contract';
import { go } from '../router';
import { NameDialog } from '../ui/NameDialog';
import { notify } from '../ui/notices';
import { refusalFor } from './actions';

/** Deletes a resource, after saying what is lost and asking for its name. */
export function DeleteSection({ row }: { row: OverviewRow }) {
  const [isAsking, setAsking] = useState(false);
  const refusal = refusalFor(row, 'manage');
  const remove = async () => {
    await call(routeOf(row), { params: { serviceId: row.id, postgresId: row.id, redisId: row.id } });
    setAsking(false);
    go('/');
    notify(`${row.name} is deleted.`);
  };
  return (
    <section aria-labelledby="delete">
      <h2 id="delete">Delete</h2>
      <div class="section-head">
        <span class="soft">{lossOf(row)}</span>
        <span class="gap" />
        <button type="button" class={refusal === null ? 'danger' : ''} disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setAsking(true)}>Delete {row.name}</button>
      </div>
      {isAsking && <NameDialog title={`Delete ${row.name}?`} name={row.name} action="Delete" loss={lossOf(row)} onConfirm={remove} onClose={() => setAsking(false)} />}
    </section>
  );
}

function lossOf(row: OverviewRow): string {
  if (row.type === 'postgres' || row.type === 'key_value') return 'This deletes all its data too. It is refused while variables of services refer to it.';
  const what = ['its variables and secret files', 'its deploys and builds', 'its logs and metrics', ...(row.url === undefined ? [] : ['its domains']), 'all data on its disk, if it has one'];
  return `This also deletes ${what.slice(0, -1).join(', ')}, and ${what.at(-1)}. It is refused while variables of other services refer to it.`;
}

function routeOf(row: OverviewRow): Route {
  if (row.type === 'postgres') return 'DELETE /v1/postgres/{postgresId}';
  return row.type === 'key_value' ? 'DELETE /v1/key-value/{redisId}' : 'DELETE /v1/services/{serviceId}';
}
