import { computed, signal } from '@preact/signals';
import { go, path } from '../router';
import { errorText } from '../text';
import { Away, call, Refused, secret, whenSignedOut } from './client';
import type { CreatedSession, CreateSession, CurrentSession, SessionWorkspace } from './contract';
import { follow, stopFollowing } from './live';

export type SessionState =
  | { readonly state: 'starting' | 'out' | 'away' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'in'; readonly info: CurrentSession };

const chosenName = 'portico-workspace';
const chosen = signal(localStorage.getItem(chosenName));
const pauseWhileAway = 1000;
const pauseAfterFailure = 5000;
let timer: ReturnType<typeof setTimeout> | undefined;

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

/** Finds out who is signed in. Until the server says so, or that nobody is, it asks again. */
export async function resumeSession(): Promise<void> {
  clearTimeout(timer);
  if (secret.get() === null) return signedOut();
  try {
    const info = await call<CurrentSession>('GET /portico/v1/sessions/current');
    session.value = { state: 'in', info };
    if (workspace.value?.canView === true) follow(workspace.value.id);
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return signedOut();
    session.value = error instanceof Away ? { state: 'away' } : { state: 'failed', reason: errorText(error) };
    timer = setTimeout(() => void resumeSession(), error instanceof Away ? pauseWhileAway : pauseAfterFailure);
  }
}

export async function signIn(request: CreateSession): Promise<void> {
  // A link works once: if it arrives twice, the second time is refused.
  const created = await call<CreatedSession>('POST /portico/v1/sessions', { body: request, isRepeatable: true });
  secret.set(created.secret);
  session.value = { state: 'starting' };
  await resumeSession();
  if (secret.get() === null) throw new Error('The session was refused at once. The browser must accept cookies of this site.');
}

export async function signOut(): Promise<void> {
  await call('DELETE /portico/v1/sessions/current');
  signedOut();
}

function signedOut(): void {
  clearTimeout(timer);
  secret.remove();
  stopFollowing();
  session.value = { state: 'out' };
  if (path.value === '/signin') return;
  const next = path.value + location.search;
  go(next === '/' ? '/signin' : `/signin?next=${encodeURIComponent(next)}`);
}

whenSignedOut(signedOut);
