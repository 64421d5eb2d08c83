import { computed, signal } from '@preact/signals';
import { go, path } from '../router';
import { Away, call, secret, whenSignedOut } from './client';
import type { CreatedSession, CreateSession, CurrentSession, SessionWorkspace } from './contract';
import { follow, stopFollowing } from './live';

export type SessionState = { readonly state: 'starting' | 'out' | 'away' } | { readonly state: 'in'; readonly info: CurrentSession };

const chosenName = 'portico-workspace';
const chosen = signal(localStorage.getItem(chosenName));

export const session = signal<SessionState>({ state: 'starting' });

export const user = computed(() => (session.value.state === 'in' ? session.value.info : null));

export const workspace = computed<SessionWorkspace | null>(() => {
  const all = user.value?.workspaces ?? [];
  return all.find((item) => item.id === chosen.value) ?? all.find((item) => item.canView) ?? null;
});

export function chooseWorkspace(id: string): void {
  localStorage.setItem(chosenName, id);
  chosen.value = id;
  if (workspace.value !== null) follow(workspace.value.id);
}

/** Finds out who is signed in. While the server is away, it asks again. */
export async function resumeSession(): Promise<void> {
  if (secret.get() === null) return signedOut();
  try {
    const info = await call<CurrentSession>('GET /portico/v1/sessions/current');
    session.value = { state: 'in', info };
    if (workspace.value?.canView === true) follow(workspace.value.id);
  } catch (error) {
    if (!(error instanceof Away)) return signedOut();
    session.value = { state: 'away' };
    setTimeout(() => void resumeSession(), 1000);
  }
}

export async function signIn(request: CreateSession): Promise<void> {
  const created = await call<CreatedSession>('POST /portico/v1/sessions', { body: request });
  secret.set(created.secret);
  session.value = { state: 'starting' };
  await resumeSession();
}

export async function signOut(): Promise<void> {
  await call('DELETE /portico/v1/sessions/current');
  signedOut();
}

function signedOut(): void {
  secret.remove();
  stopFollowing();
  session.value = { state: 'out' };
  if (path.value === '/signin') return;
  const next = path.value + location.search;
  go(next === '/' ? '/signin' : `/signin?next=${encodeURIComponent(next)}`);
}

whenSignedOut(signedOut);
