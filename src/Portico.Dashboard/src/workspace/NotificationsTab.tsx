import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { NotificationSetting, SessionWorkspace } from '../api/contract';
import { useLoaded } from '../api/resource';
import { notify, tellFailure } from '../ui/notices';
import { mayAdminister } from './roles';
import { Webhooks } from './Webhooks';

const levels = [
  { value: 'failure', label: 'Failures' },
  { value: 'all', label: 'Failures, deploys that went live, and recoveries' },
  { value: 'none', label: 'Nothing' },
] as const;

/** Who is told what happens: people by e-mail, programs by webhooks. */
export function NotificationsTab({ workspace }: { workspace: SessionWorkspace }) {
  const [round, setRound] = useState(0);
  const params = { ownerId: workspace.id };
  const { value: settings, error } = useLoaded((signal) => call<NotificationSetting>('GET /v1/notification-settings/owners/{ownerId}', { params, signal }), [workspace.id, round]);
  const isAdmin = mayAdminister(workspace);
  const change = async (body: Partial<NotificationSetting>) => {
    await tellFailure(async () => {
      await call('PATCH /v1/notification-settings/owners/{ownerId}', { params, body });
      notify('The notifications are changed.');
    });
    setRound((last) => last + 1);
  };
  return (
    <>
      <section aria-labelledby="mail">
        <h2 id="mail">E-mail</h2>
        <p class="soft">All members except those with the Billing role get it. It needs a mail server: the operator of this machine sets one in <code>portico.conf</code>, and <code>portico doctor</code> says whether there is one.</p>
        {settings === null ? <p class="soft" role="status">{error?.message ?? 'Loading…'}</p> : (
          <div class="inline-form domain-form">
            <label for="level">Send</label>
            <select id="level" value={settings.emailEnabled ? settings.notificationsToSend : 'none'} disabled={!isAdmin} title={isAdmin ? undefined : 'The admin role changes it.'}
              onChange={(event) => void change({ notificationsToSend: event.currentTarget.value, emailEnabled: event.currentTarget.value !== 'none' })}>
              {levels.map((level) => <option key={level.value} value={level.value}>{level.label}</option>)}
            </select>
          </div>
        )}
      </section>
      {workspace.canOperate ? <Webhooks workspace={workspace} /> : <p class="callout">Your role does not show webhooks, because their secrets are on the page.</p>}
    </>
  );
}
