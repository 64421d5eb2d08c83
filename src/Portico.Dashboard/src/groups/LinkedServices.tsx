import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { EnvGroup } from '../api/contract';
import { rows } from '../api/live';
import { refusalFor } from '../pages/actions';
import { confirm } from '../ui/confirm';
import { notify, tellFailure } from '../ui/notices';

/** The services that have the variables and files of a group. */
export function LinkedServices({ group, refusal, onChanged }: { group: EnvGroup; refusal: string | null; onChanged: () => void }) {
  const [chosen, setChosen] = useState('');
  const linked = new Set(group.serviceLinks.map((link) => link.id));
  const free = [...(rows.value?.values() ?? [])].filter((row) => row.type !== 'postgres' && row.type !== 'key_value' && !linked.has(row.id) && refusalFor(row, 'manage') === null);
  const change = async (method: 'POST' | 'DELETE', id: string, done: string) => {
    await tellFailure(async () => {
      await call(`${method} /v1/env-groups/{envGroupId}/services/{serviceId}`, { params: { envGroupId: group.id, serviceId: id } });
      notify(done);
      onChanged();
    });
  };
  const unlink = async (id: string, name: string) => {
    if (await confirm(`Unlink ${name}?`, `${name} loses the variables and secret files of ${group.name}.`, 'Unlink')) await change('DELETE', id, `${name} is unlinked.`);
  };
  const link = () => {
    const row = free.find((item) => item.id === chosen);
    setChosen('');
    if (row !== undefined) void change('POST', row.id, `${row.name} is linked.`);
  };
  return (
    <section aria-labelledby="services">
      <div class="section-head">
        <h2 id="services">Linked services <span class="soft">{linked.size}</span></h2>
        <span class="gap" />
        {refusal === null && free.length > 0 && (
          <>
            <select aria-label="Service to link" value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
              <option value="">Choose a service</option>
              {free.map((row) => <option key={row.id} value={row.id}>{row.name}</option>)}
            </select>
            <button type="button" disabled={chosen === ''} onClick={link}>Link</button>
          </>
        )}
      </div>
      {linked.size === 0 && <p class="card soft">None. A linked service gets the variables and secret files; its own variables override those of groups.</p>}
      <ul class="files" aria-label="Linked services">
        {group.serviceLinks.map((item) => (
          <li key={item.id}>
            <a href={rows.value?.get(item.id)?.path ?? `/${item.type}/${item.id}`}>{item.name}</a>
            <span class="gap" />
            <button type="button" class="quiet" aria-label={`Unlink ${item.name}`} disabled={refusal !== null} onClick={() => void unlink(item.id, item.name)}>Unlink</button>
          </li>
        ))}
      </ul>
    </section>
  );
}
