import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { SessionWorkspace, TeamMember } from '../api/contract';
import { useLoaded } from '../api/resource';
import { resumeSession, user } from '../api/session';
import { confirm } from '../ui/confirm';
import { notify, tellFailure } from '../ui/notices';
import { Invitations } from './Invitations';
import { mayAdminister, roleName, roles } from './roles';

/** The members of a workspace and their roles, and who is invited. */
export function MembersTab({ workspace }: { workspace: SessionWorkspace }) {
  const [round, setRound] = useState(0);
  const { value: members, error } = useLoaded((signal) => call<readonly TeamMember[]>('GET /v1/owners/{ownerId}/members', { params: { ownerId: workspace.id }, signal }), [workspace.id, round]);
  const again = () => setRound((last) => last + 1);
  if (members === null) return <p class="soft" role="status">{error?.message ?? 'Loading…'}</p>;
  const isAdmin = mayAdminister(workspace);
  return (
    <>
      <section aria-labelledby="members">
        <h2 id="members">Members <span class="soft">{members.length}</span></h2>
        {!isAdmin && <p class="callout">Your role does not change members. The admin role does.</p>}
        {error !== null && <p role="alert" class="problem">{error.message}</p>}
        <ul class="files people" aria-label="Members">
          {members.map((member) => <Member key={member.userId} workspace={workspace} member={member} isAdmin={isAdmin} onChanged={again} />)}
        </ul>
        <dl class="roles soft">
          {roles.map((role) => <div key={role.value}><dt>{role.label}</dt><dd>{role.may}</dd></div>)}
        </dl>
      </section>
      {isAdmin && <Invitations workspace={workspace.id} />}
    </>
  );
}

function Member({ workspace, member, isAdmin, onChanged }: { workspace: SessionWorkspace; member: TeamMember; isAdmin: boolean; onChanged: () => void }) {
  const isSelf = member.userId === user.value?.userId;
  const params = { ownerId: workspace.id, userId: member.userId };
  const change = async (work: () => Promise<unknown>, done: string) => {
    await tellFailure(async () => {
      await work();
      notify(done);
      // What the user may do has changed too.
      if (isSelf) await resumeSession();
    });
    onChanged();
  };
  const setRole = (role: string) => void change(() => call('PATCH /v1/owners/{ownerId}/members/{userId}', { params, body: { role } }), `${member.email} is now ${roleName(role)}.`);
  const remove = async () => {
    const text = isSelf ? 'You can no longer see this workspace, unless another admin invites you again.' : `${member.email} can no longer see this workspace. Their API keys stop working here.`;
    if (!await confirm(isSelf ? 'Leave the workspace?' : `Remove ${member.email}?`, text, isSelf ? 'Leave' : 'Remove', true)) return;
    await change(() => call('DELETE /v1/owners/{ownerId}/members/{userId}', { params }), isSelf ? `You have left ${workspace.name}.` : `${member.email} is removed.`);
  };
  return (
    <li>
      <span class="person"><span><strong>{member.name}</strong>{isSelf && ' (you)'}</span><span class="soft">{member.email}</span></span>
      <span class="gap" />
      {isAdmin ? (
        <>
          <select aria-label={`Role of ${member.email}`} value={member.role} onChange={(event) => setRole(event.currentTarget.value)}>
            {roles.map((role) => <option key={role.value} value={role.value}>{role.label}</option>)}
          </select>
          <button type="button" class="quiet" aria-label={isSelf ? 'Leave the workspace' : `Remove ${member.email}`} onClick={() => void remove()}>{isSelf ? 'Leave' : 'Remove'}</button>
        </>
      ) : <span class="soft">{roleName(member.role)}</span>}
    </li>
  );
}
