import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { SessionWorkspace, Webhook, WebhookWithCursor } from '../api/contract';
import { useLoaded } from '../api/resource';
import { CopyCurl } from '../forms/CopyCurl';
import { errorText } from '../text';
import { mayAdminister } from './roles';
import { WebhookCard } from './WebhookCard';

/** The programs that are told of events. */
export function Webhooks({ workspace }: { workspace: SessionWorkspace }) {
  const [round, setRound] = useState(0);
  const { value: webhooks, error } = useLoaded((signal) => call<readonly WebhookWithCursor[]>('GET /v1/webhooks', { query: { ownerId: workspace.id, limit: '100' }, signal }), [workspace.id, round]);
  const again = () => setRound((last) => last + 1);
  const isAdmin = mayAdminister(workspace);
  return (
    <section aria-labelledby="webhooks">
      <h2 id="webhooks">Webhooks <span class="soft">{webhooks?.length ?? ''}</span></h2>
      <p class="soft">Portico sends each event as a signed POST, and again if the receiver does not accept it.</p>
      {isAdmin ? <NewWebhook workspace={workspace.id} onMade={again} /> : <p class="callout">Your role does not change webhooks. The admin role does.</p>}
      {error !== null && <p role="alert" class="problem">{error.message}</p>}
      {webhooks === null ? error === null && <p class="soft" role="status">Loading…</p> : webhooks.length === 0 ? <p class="card soft">There is none yet.</p> : (
        <ul class="group-list" aria-label="Webhooks">
          {webhooks.map(({ webhook }) => <WebhookCard key={webhook.id} webhook={webhook} isAdmin={isAdmin} onChanged={again} />)}
        </ul>
      )}
    </section>
  );
}

function NewWebhook({ workspace, onMade }: { workspace: string; onMade: () => void }) {
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [types, setTypes] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const body = { ownerId: workspace, name: name.trim(), url: url.trim(), enabled: true, eventFilter: types.split(/[\s,]+/).filter(Boolean) };
  const create = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    try {
      await call<Webhook>('POST /v1/webhooks', { body });
      [setName, setUrl, setTypes].forEach((set) => set(''));
      onMade();
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  const input = { type: 'text', spellcheck: false, autocomplete: 'off', 'aria-describedby': 'webhook-help' } as const;
  return (
    <form class="inline-form domain-form" onSubmit={(event) => void create(event)}>
      <input {...input} required aria-label="Name" placeholder="Name" value={name} onInput={(event) => setName(event.currentTarget.value)} />
      <input {...input} required aria-label="URL" placeholder="https://example.com/hook" value={url} onInput={(event) => setUrl(event.currentTarget.value)} />
      <input {...input} aria-label="Types of events" placeholder="deploy_ended, server_failed" value={types} onInput={(event) => setTypes(event.currentTarget.value)} />
      <button class="primary">Create webhook</button>
      {body.url !== '' && <CopyCurl route="POST /v1/webhooks" body={body} />}
      <p id="webhook-help" class="help">
        {problem !== null && <strong role="alert" class="failure">{problem} </strong>}
        Separate types of events by commas. Without any, all events are sent.
      </p>
    </form>
  );
}
