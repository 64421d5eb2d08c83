import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/client';
import type { EnvGroup } from '../api/contract';
import { useLoaded } from '../api/resource';
import { chooseWorkspace, user, workspace } from '../api/session';
import { SecretFiles } from '../environment/SecretFiles';
import { NotFoundPage } from '../pages/NotFoundPage';
import { exact } from '../text';
import { go } from '../router';
import { confirm } from '../ui/confirm';
import { notify, tellFailure } from '../ui/notices';
import { GroupVariables } from './GroupVariables';
import { LinkedServices } from './LinkedServices';

const fileRoutes = {
  get: 'GET /v1/env-groups/{envGroupId}/secret-files/{name}', put: 'PUT /v1/env-groups/{envGroupId}/secret-files/{name}', delete: 'DELETE /v1/env-groups/{envGroupId}/secret-files/{name}',
} as const;

/** One env group: `/env-groups/evg-…`. Each change is saved at once. */
export function GroupPage({ id }: { id: string }) {
  const [round, setRound] = useState(0);
  const { value: group, error } = useLoaded((signal) => call<EnvGroup>('GET /v1/env-groups/{envGroupId}', { params: { envGroupId: id }, signal }), [id, round]);
  useEffect(() => {
    document.title = `${group?.name ?? 'Env group'} · Portico`;
    if (group !== null && group.ownerId !== workspace.value?.id) chooseWorkspace(group.ownerId);
  }, [group]);
  if (group === null) return error === null ? <p class="starting" role="status">Loading…</p> : <NotFoundPage text={error.message} />;
  const again = () => setRound((last) => last + 1);
  const refusal = refusalFor(group);
  const effect = effectOf(group);
  return (
    <>
      <p class="crumbs"><a href="/env-groups">Env groups</a></p>
      <div class="page-head"><h1>{group.name}</h1><p class="soft">Created {exact(group.createdAt)}</p></div>
      {refusal !== null && <p class="callout">{refusal}</p>}
      <GroupVariables group={group} effect={effect} refusal={refusal} onChanged={again} />
      <SecretFiles names={group.secretFiles.map((file) => file.name)} routes={fileRoutes} params={{ envGroupId: id }} effect={effect} refusal={refusal} onChanged={again} />
      <LinkedServices group={group} refusal={refusal} onChanged={again} />
      <Delete group={group} refusal={refusal} />
    </>
  );
}

function Delete({ group, refusal }: { group: EnvGroup; refusal: string | null }) {
  const loss = group.serviceLinks.length === 0 ? 'No service uses it.' : `${namesOf(group)} lose${group.serviceLinks.length === 1 ? 's' : ''} its variables and secret files.`;
  const remove = async () => {
    if (!await confirm(`Delete ${group.name}?`, `Its variables and secret files are lost. ${loss}`, 'Delete', true)) return;
    await tellFailure(async () => {
      await call('DELETE /v1/env-groups/{envGroupId}', { params: { envGroupId: group.id } });
      go('/env-groups');
      notify(`${group.name} is deleted.`);
    });
  };
  return (
    <section aria-labelledby="delete">
      <h2 id="delete">Delete</h2>
      <div class="section-head">
        <span class="soft">This deletes its variables and secret files. {loss}</span>
        <span class="gap" />
        <button type="button" class={refusal === null ? 'danger' : ''} disabled={refusal !== null} title={refusal ?? undefined} onClick={() => void remove()}>Delete {group.name}</button>
      </div>
    </section>
  );
}

const namesOf = (group: EnvGroup): string => group.serviceLinks.map((link) => link.name).join(', ');

const effectOf = (group: EnvGroup): string => (group.serviceLinks.length === 0 ? 'No service uses the group yet.' : `Deploys of ${namesOf(group)} follow in a moment, where auto-deploy is on.`);

function refusalFor(group: EnvGroup): string | null {
  if (workspace.value?.canManage !== true) return 'Your role can look at this, but not change it.';
  const isProtected = group.environmentId !== undefined && (user.value?.protectedEnvironments.includes(group.environmentId) ?? false);
  return isProtected ? 'The environment is protected: only admins change it.' : null;
}
