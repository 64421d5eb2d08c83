import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { Webhook, WebhookEventWithCursor } from '../api/contract';
import { useLoaded } from '../api/resource';
import { words } from '../text';
import { confirm } from '../ui/confirm';
import { CopyButton } from '../ui/CopyButton';
import { notify, tellFailure } from '../ui/notices';
import { Time } from '../ui/Time';

/** A webhook, and on demand what was sent to it. */
export function WebhookCard({ webhook, isAdmin, onChanged }: { webhook: Webhook; isAdmin: boolean; onChanged: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const params = { webhookId: webhook.id };
  const change = async (work: () => Promise<unknown>, done: string) => {
    await tellFailure(async () => {
      await work();
      notify(done);
    });
    onChanged();
  };
  const toggle = () => void change(() => call('PATCH /v1/webhooks/{webhookId}', { params, body: { enabled: !webhook.enabled } }), webhook.enabled ? `${webhook.name} is disabled.` : `${webhook.name} is enabled.`);
  const remove = async () => {
    if (await confirm(`Delete the webhook ${webhook.name}?`, 'What it was sent is forgotten, and it is told nothing more.', 'Delete', true)) await change(() => call('DELETE /v1/webhooks/{webhookId}', { params }), `${webhook.name} is deleted.`);
  };
  const filter = webhook.eventFilter ?? [];
  return (
    <li class="card webhook">
      <span class="person">
        <span><strong>{webhook.name}</strong>{!webhook.enabled && <span class="failure"> disabled</span>}</span>
        <span class="soft exact">{webhook.url}</span>
        <span class="soft">{filter.length === 0 ? 'All events' : filter.join(', ')}</span>
      </span>
      <span class="gap" />
      <span class="buttons">
        <button type="button" aria-expanded={isOpen} aria-label={`Attempts of ${webhook.name}`} onClick={() => setOpen(!isOpen)}>Attempts</button>
        <button type="button" class="quiet" aria-label={`${webhook.enabled ? 'Disable' : 'Enable'} ${webhook.name}`} disabled={!isAdmin} onClick={toggle}>{webhook.enabled ? 'Disable' : 'Enable'}</button>
        <button type="button" class="quiet" aria-label={`Delete ${webhook.name}`} disabled={!isAdmin} onClick={() => void remove()}>Delete</button>
      </span>
      {isOpen && <Attempts webhook={webhook} isAdmin={isAdmin} />}
    </li>
  );
}

function Attempts({ webhook, isAdmin }: { webhook: Webhook; isAdmin: boolean }) {
  const [round, setRound] = useState(0);
  const { value: attempts, error } = useLoaded((signal) => call<readonly WebhookEventWithCursor[]>('GET /v1/webhooks/{webhookId}/events', { params: { webhookId: webhook.id }, query: { limit: '50' }, signal }), [webhook.id, round]);
  const redeliver = async (eventId: string) => {
    await tellFailure(async () => {
      await call('POST /portico/v1/webhooks/{webhookId}/events/{eventId}/redeliver', { params: { webhookId: webhook.id, eventId } });
      notify('It is being sent again.');
    });
    setRound((last) => last + 1);
  };
  return (
    <div class="attempts">
      <p class="soft">Signing secret: <code>{webhook.secret.slice(0, 9)}…</code><CopyButton text={webhook.secret} what="signing secret" /> <button type="button" class="quiet" onClick={() => setRound((last) => last + 1)}>Load again</button></p>
      {error !== null && <p role="alert" class="problem">{error.message}</p>}
      {attempts === null ? error === null && <p class="soft" role="status">Loading…</p> : attempts.length === 0 ? <p class="soft">Nothing was sent yet.</p> : (
        <ol class="files people" aria-label={`Attempts of ${webhook.name}`}>
          {attempts.map(({ webhookEvent: attempt }) => {
            const isAccepted = attempt.statusCode !== undefined && attempt.statusCode >= 200 && attempt.statusCode < 300;
            return (
              <li key={attempt.id}>
                <span class="person"><span>{words(attempt.eventType)}</span><span class={isAccepted ? 'soft' : 'failure'}>{attempt.error ?? `Answered ${attempt.statusCode}`}{!isAccepted && attempt.responseBody != null && attempt.responseBody !== '' && `: ${attempt.responseBody.slice(0, 200)}`}</span></span>
                <span class="gap" />
                <span class="soft"><Time at={attempt.sentAt} /></span>
                <button type="button" class="quiet" disabled={!isAdmin} onClick={() => void redeliver(attempt.eventId)}>Send again</button>
              </li>
            );
          })}
        </ol>
      )}
    </div>
  );
}
