import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { EnvGroupMeta, LinkedEnvGroup, OverviewRow } from '../api/contract';
import { useLoaded } from '../api/resource';
import { workspace } from '../api/session';
import { refusalFor } from '../pages/actions';
import { confirm } from '../ui/confirm';
import { notify, tellFailure } from '../ui/notices';
import type { DraftRow } from './draft';

interface Props {
  readonly row: OverviewRow;
  readonly groups: readonly LinkedEnvGroup[];
  readonly own: readonly DraftRow[];
  readonly onChanged: () => void;
}

/** The groups of a service. Only the names of their variables are shown here: others use the groups too. */
export function EnvGroups({ row, groups, own, onChanged }: Props) {
  const overridden = new Set(own.filter((item) => !item.isRemoved).map((item) => item.key));
  const refusal = refusalFor(row, 'manage');
  const unlink = async (group: LinkedEnvGroup) => {
    if (!await confirm(`Unlink ${group.name}?`, `${row.name} loses its variables and secret files. The group stays.`, 'Unlink')) return;
    await change('DELETE', group.id, group.name);
  };
  const change = async (method: 'POST' | 'DELETE', id: string, name: string) => {
    await tellFailure(async () => {
      await call(`${method} /v1/env-groups/{envGroupId}/services/{serviceId}`, { params: { envGroupId: id, serviceId: row.id } });
      notify(method === 'POST' ? `${name} is linked.` : `${name} is unlinked.`);
      onChanged();
    });
  };
  return (
    <section aria-labelledby="groups">
      <div class="section-head">
        <h2 id="groups">Env groups <span class="soft">{groups.length}</span></h2>
        <span class="gap" />
        {refusal === null && <Link linked={groups} onLink={(group) => void change('POST', group.id, group.name)} />}
      </div>
      {groups.length === 0 && <p class="card soft">Services can share variables and secret files in <a href="/env-groups">env groups</a>. None is linked.</p>}
      {groups.map((group) => (
        <div key={group.id} class="card env-group">
          <div class="section-head">
            <h3><a href={`/env-groups/${group.id}`}>{group.name}</a> <span class="soft">{group.variables.length}</span></h3>
            <span class="gap" />
            <button type="button" class="quiet" aria-label={`Unlink ${group.name}`} disabled={refusal !== null} title={refusal ?? undefined} onClick={() => void unlink(group)}>Unlink</button>
          </div>
          <ul class="names">
            {group.variables.map((variable) => (
              <li key={variable.key}><code>{variable.key}</code>{overridden.has(variable.key) && <span class="soft"> overridden above</span>}</li>
            ))}
            {group.secretFiles.map((name) => <li key={name}><code>{name}</code><span class="soft"> secret file</span></li>)}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Link({ linked, onLink }: { linked: readonly LinkedEnvGroup[]; onLink: (group: EnvGroupMeta) => void }) {
  const [chosen, setChosen] = useState('');
  const owner = workspace.value?.id ?? '';
  const all = useLoaded((signal) => call<readonly EnvGroupMeta[]>('GET /v1/env-groups', { query: { ownerId: owner, limit: '100' }, signal }), [owner]);
  const free = all.value?.filter((group) => !linked.some((other) => other.id === group.id)) ?? [];
  if (free.length === 0) return null;
  const group = free.find((item) => item.id === chosen);
  return (
    <>
      <select aria-label="Env group to link" value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
        <option value="">Choose a group</option>
        {free.map((item) => <option key={item.id} value={item.id}>{item.name}</option>)}
      </select>
      <button type="button" disabled={group === undefined} onClick={() => { if (group !== undefined) onLink(group); setChosen(''); }}>Link</button>
    </>
  );
}
