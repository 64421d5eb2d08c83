import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/client';
import type { EnvGroup, EnvGroupMeta } from '../api/contract';
import { rows } from '../api/live';
import { useLoaded } from '../api/resource';
import { workspace } from '../api/session';
import { placeField } from '../pages/new/kinds';
import { go } from '../router';
import { errorText } from '../text';

/** The env groups of the workspace: `/env-groups`. */
export function GroupsPage() {
  const owner = workspace.value?.id ?? '';
  const groups = useLoaded((signal) => call<readonly EnvGroupMeta[]>('GET /v1/env-groups', { query: { ownerId: owner, limit: '100' }, signal }), [owner]);
  useEffect(() => {
    document.title = 'Env groups · Portico';
  }, []);
  return (
    <>
      <div class="page-head"><h1>Env groups</h1><p class="soft">Variables and secret files that several services share.</p></div>
      {workspace.value?.canManage === true ? <NewGroup owner={owner} /> : <p class="callout">Your role does not create env groups. The developer and admin roles do.</p>}
      {groups.error !== null && <p role="alert" class="problem">{groups.error.message}</p>}
      {groups.value === null ? <p class="soft" role="status">Loading…</p> : groups.value.length === 0 ? <p class="card soft">There are none yet.</p> : (
        <ul class="group-list" aria-label="Env groups">
          {groups.value.map((group) => (
            <li key={group.id} class="card">
              <a href={`/env-groups/${group.id}`}>{group.name}</a>
              <span class="soft">{group.serviceLinks.length === 0 ? 'No service uses it' : `Used by ${group.serviceLinks.map((link) => link.name).join(', ')}`}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function NewGroup({ owner }: { owner: string }) {
  const [name, setName] = useState('');
  const [environment, setEnvironment] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const place = placeField(rows.value?.values() ?? []);
  const create = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    try {
      const made = await call<EnvGroup>('POST /v1/env-groups', { body: { name: name.trim(), ownerId: owner, ...(environment === '' ? {} : { environmentId: environment }) } });
      go(`/env-groups/${made.id}`);
    } catch (error) {
      setProblem(errorText(error).replace(/^name: /, ''));
    }
  };
  return (
    <form class="inline-form" onSubmit={(event) => void create(event)}>
      <label for="group-name">New group</label>
      <input id="group-name" type="text" required spellcheck={false} autocomplete="off" placeholder="shared" value={name} aria-invalid={problem !== null} onInput={(event) => setName(event.currentTarget.value)} />
      {place !== null && (
        <select aria-label="Project" value={environment} onChange={(event) => setEnvironment(event.currentTarget.value)}>
          {place.options?.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
        </select>
      )}
      <button class="primary">Create</button>
      {problem !== null && <p class="help"><strong role="alert" class="failure">{problem}</strong></p>}
    </form>
  );
}
