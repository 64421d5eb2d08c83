import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { KeyInfo, SshKeyInfo } from '../api/contract';
import { useLoaded } from '../api/resource';
import { signOut, user } from '../api/session';
import { confirm } from '../ui/confirm';
import { notify, tellFailure } from '../ui/notices';
import { exact } from '../text';
import { browserName } from './browserName';

/** Everything that acts as the user: API keys, logins of programs, browsers, SSH keys. The machine's owner sees those of all users. */
export function KeysTab() {
  const [round, setRound] = useState(0);
  const { value: keys, error } = useLoaded((signal) => call<readonly KeyInfo[]>('GET /portico/v1/keys', { signal }), [round]);
  const ssh = useLoaded((signal) => call<readonly SshKeyInfo[]>('GET /portico/v1/ssh-keys', { signal }), [round]);
  const again = () => setRound((last) => last + 1);
  if (keys === null) return <p class="soft" role="status">{error?.message ?? 'Loading…'}</p>;
  const of = (kind: string) => keys.filter((key) => key.kind === kind);
  return (
    <>
      {error !== null && <p role="alert" class="problem">{error.message}</p>}
      <KeyList id="keys" title="API keys" keys={of('key')} onChanged={again}
        none="There is none." help={<>For scripts, CI and Render's clients. Create one on the machine that runs Portico: <code>portico keys create NAME</code>. A browser cannot: it is left open more easily than a key is lost.</>} />
      <KeyList id="logins" title="Logins of programs" keys={of('login')} onChanged={again}
        none="No program is logged in." help={<>Commands that were logged in with <code>portico login</code> or <code>render login</code>.</>} />
      <KeyList id="sessions" title="Browsers" keys={of('session')} onChanged={again} none="No browser is signed in." help="A browser is signed out after 12 hours without use." />
      <SshKeys keys={ssh.value} problem={ssh.error?.message ?? null} onChanged={again} />
    </>
  );
}

function KeyList({ id, title, keys, none, help, onChanged }: { id: string; title: string; keys: readonly KeyInfo[]; none: string; help: ComponentChildren; onChanged: () => void }) {
  const current = user.value?.id;
  const revoke = async (key: KeyInfo) => {
    if (key.id === current) return void (await confirm('Sign out here?', 'This browser is signed out.', 'Sign out') && await signOut());
    if (!await confirm(`Revoke ${key.name}?`, 'It stops working at once, as does everything that was created with it.', 'Revoke', true)) return;
    await tellFailure(async () => {
      await call('DELETE /portico/v1/keys/{keyId}', { params: { keyId: key.id } });
      notify(`${key.name} is revoked.`);
    });
    onChanged();
  };
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title} <span class="soft">{keys.length}</span></h2>
      <p class="soft above">{help}</p>
      {keys.length === 0 && <p class="card soft">{none}</p>}
      <ul class="files people" aria-label={title}>
        {keys.map((key) => (
          <li key={key.id}>
            <span class="person">
              <span><strong title={key.name}>{key.kind === 'session' ? browserName(key.name) : key.name}</strong>{key.id === current && ' (this one)'}</span>
              <span class="soft">
                {key.user}{key.machine != null && `, from ${key.machine}`}, created {exact(key.createdAt)}, {key.lastUsedAt == null ? 'never used' : `last used ${exact(key.lastUsedAt)}`}
                {key.expiresAt != null && `, expires ${exact(key.expiresAt)}`}
              </span>
            </span>
            <span class="gap" />
            <button type="button" class="quiet" aria-label={key.id === current ? 'Sign out here' : `Revoke ${key.name}`} onClick={() => void revoke(key)}>{key.id === current ? 'Sign out' : 'Revoke'}</button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function SshKeys({ keys, problem, onChanged }: { keys: readonly SshKeyInfo[] | null; problem: string | null; onChanged: () => void }) {
  const remove = async (key: SshKeyInfo) => {
    if (!await confirm(`Delete the SSH key ${key.name}?`, 'Nobody can open a shell with it any more.', 'Delete', true)) return;
    await tellFailure(async () => {
      await call('DELETE /portico/v1/ssh-keys/{sshKeyId}', { params: { sshKeyId: key.id } });
      notify(`${key.name} is deleted.`);
    });
    onChanged();
  };
  return (
    <section aria-labelledby="ssh-keys">
      <h2 id="ssh-keys">SSH keys <span class="soft">{keys?.length ?? ''}</span></h2>
      <p class="soft above">They open shells in your services. Add one with <code>portico ssh-keys add</code>.</p>
      {problem !== null && <p role="alert" class="problem">{problem}</p>}
      {keys?.length === 0 && <p class="card soft">There is none.</p>}
      <ul class="files people" aria-label="SSH keys">
        {keys?.map((key) => (
          <li key={key.id}>
            <span class="person"><strong>{key.name}</strong><span class="soft exact">{key.fingerprint}</span></span>
            <span class="gap" />
            <button type="button" class="quiet" aria-label={`Delete ${key.name}`} onClick={() => void remove(key)}>Delete</button>
          </li>
        ))}
      </ul>
    </section>
  );
}
