import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { CreatedInvitation, InvitationInfo } from '../api/contract';
import { useLoaded } from '../api/resource';
import { CopyCurl } from '../forms/CopyCurl';
import { confirm } from '../ui/confirm';
import { CopyButton } from '../ui/CopyButton';
import { tellFailure } from '../ui/notices';
import { errorText, exact } from '../text';
import { roleName, roles } from './roles';

/** Open invitations, and a form for another one. Portico sends no mail: the admin passes the link on. */
export function Invitations({ workspace }: { workspace: string }) {
  const [round, setRound] = useState(0);
  const [made, setMade] = useState<CreatedInvitation | null>(null);
  const { value: open, error } = useLoaded((signal) => call<readonly InvitationInfo[]>('GET /portico/v1/workspaces/{ownerId}/invitations', { params: { ownerId: workspace }, signal }), [workspace, round]);
  const again = () => setRound((last) => last + 1);
  const remove = async (invitation: InvitationInfo) => {
    if (!await confirm(`Delete the invitation of ${invitation.email}?`, 'Its link stops working.', 'Delete', true)) return;
    await tellFailure(async () => {
      await call('DELETE /portico/v1/workspaces/{ownerId}/invitations/{invitationId}', { params: { ownerId: workspace, invitationId: invitation.id } });
      if (made?.invitation.id === invitation.id) setMade(null);
    });
    again();
  };
  return (
    <section aria-labelledby="invitations">
      <h2 id="invitations">Invitations</h2>
      <Invite workspace={workspace} onMade={(invitation) => {
        setMade(invitation);
        again();
      }} />
      {made !== null && (
        <div class="callout invitation">
          <p>Send this link to {made.invitation.email}. It works once, until {exact(made.invitation.expiresAt)}, and is shown only now.</p>
          <p class="address"><code>{made.url}</code><CopyButton text={made.url} what="link" /></p>
        </div>
      )}
      {error !== null && <p role="alert" class="problem">{error.message}</p>}
      {open !== null && open.length > 0 && (
        <ul class="files people" aria-label="Open invitations">
          {open.map((invitation) => (
            <li key={invitation.id}>
              <span class="person"><strong>{invitation.email}</strong><span class="soft">{roleName(invitation.role)}, until {exact(invitation.expiresAt)}</span></span>
              <span class="gap" />
              <button type="button" class="quiet" aria-label={`Delete the invitation of ${invitation.email}`} onClick={() => void remove(invitation)}>Delete</button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Invite({ workspace, onMade }: { workspace: string; onMade: (made: CreatedInvitation) => void }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<string>('DEVELOPER');
  const [problem, setProblem] = useState<string | null>(null);
  const body = { email: email.trim(), role };
  const create = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    try {
      onMade(await call<CreatedInvitation>('POST /portico/v1/workspaces/{ownerId}/invitations', { params: { ownerId: workspace }, body }));
      setEmail('');
    } catch (error) {
      setProblem(errorText(error).replace(/^email: /, ''));
    }
  };
  return (
    <form class="inline-form domain-form" onSubmit={(event) => void create(event)}>
      <label for="invite">E-mail address</label>
      <input id="invite" type="text" inputMode="email" required spellcheck={false} autocomplete="off" placeholder="ada@example.org" value={email} aria-invalid={problem !== null} aria-describedby="invite-help" onInput={(event) => setEmail(event.currentTarget.value)} />
      <select aria-label="Role" value={role} onChange={(event) => setRole(event.currentTarget.value)}>
        {roles.map((item) => <option key={item.value} value={item.value}>{item.label}</option>)}
      </select>
      <button class="primary">Create invitation</button>
      {email !== '' && <CopyCurl route="POST /portico/v1/workspaces/{ownerId}/invitations" params={{ ownerId: workspace }} body={body} />}
      <p id="invite-help" class="help">
        {problem !== null && <strong role="alert" class="failure">{problem} </strong>}
        Portico sends no mail. You get a link to pass on.
      </p>
    </form>
  );
}
