import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { OverviewRow, Route } from '../api/contract';
import { go } from '../router';
import { Dialog } from '../ui/Dialog';
import { notify } from '../ui/notices';
import { refusalFor } from './actions';

/** Deletes a resource, after saying what is lost and asking for its name. */
export function DeleteSection({ row }: { row: OverviewRow }) {
  const [isAsking, setAsking] = useState(false);
  const refusal = refusalFor(row, 'manage');
  return (
    <section aria-labelledby="delete">
      <h2 id="delete">Delete</h2>
      <div class="section-head">
        <span class="soft">{lossOf(row)}</span>
        <span class="gap" />
        <button type="button" class={refusal === null ? 'danger' : ''} disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setAsking(true)}>Delete {row.name}</button>
      </div>
      {isAsking && <DeleteDialog row={row} onClose={() => setAsking(false)} />}
    </section>
  );
}

function DeleteDialog({ row, onClose }: { row: OverviewRow; onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const remove = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    try {
      await call(routeOf(row), { params: { serviceId: row.id, postgresId: row.id, redisId: row.id } });
      onClose();
      go('/');
      notify(`${row.name} is deleted.`);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Dialog title={`Delete ${row.name}?`} onClose={onClose}>
      <form onSubmit={(event) => void remove(event)}>
        <h2>Delete {row.name}?</h2>
        <p>{lossOf(row)}</p>
        <p class="dialog-part"><label for="delete-name">Type <strong>{row.name}</strong> to delete it.</label></p>
        <input id="delete-name" type="text" autofocus autocomplete="off" spellcheck={false} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        {problem !== null && <p role="alert" class="failure dialog-part">{problem}</p>}
        <div class="buttons">
          <button type="button" onClick={onClose}>Cancel</button>
          <button class="danger" disabled={typed !== row.name}>Delete</button>
        </div>
      </form>
    </Dialog>
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
