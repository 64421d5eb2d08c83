import { signal } from '@preact/signals';
import { call, secret } from './client';
import type { CurrentSession, OverviewChange, OverviewRow } from './contract';

/** Whether what is shown is what is. `away` also while this device is offline. */
export const connection = signal<'connecting' | 'live' | 'away'>('connecting');

/** All services and data stores of the workspace, by id; null until they are known. They stay while the server is away. */
export const rows = signal<ReadonlyMap<string, OverviewRow> | null>(null);

const shortestPause = 300;
const longestPause = 5000;

let followed: string | null = null;
let socket: WebSocket | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;

/** Follows a workspace by one websocket, for as long as the page is open. The first message after each connection has everything, so there is no gap. */
export function follow(workspace: string): void {
  if (followed === workspace && socket !== null) return;
  stopFollowing();
  followed = workspace;
  rows.value = null;
  connection.value = 'connecting';
  connect();
}

export function stopFollowing(): void {
  followed = null;
  clearTimeout(timer);
  socket?.close();
  socket = null;
}

/** Connects at once, without waiting for the next try. */
export function reconnect(): void {
  if (followed === null || connection.value === 'live') return;
  failures = 0;
  clearTimeout(timer);
  socket?.close();
  connect();
}

function connect(): void {
  const half = secret.get();
  if (followed === null || half === null) return;
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const opened = new WebSocket(`${scheme}://${location.host}/portico/v1/stream?ownerId=${encodeURIComponent(followed)}`, ['portico.v1', `portico.session.${half}`]);
  let expected = 1;
  socket = opened;
  opened.onmessage = (event: MessageEvent<string>) => {
    if (socket !== opened) return;
    const change = JSON.parse(event.data) as OverviewChange;
    if (change.number !== expected++) return opened.close();
    apply(change);
    failures = 0;
    connection.value = 'live';
  };
  opened.onclose = () => {
    if (socket === opened) void retry();
  };
}

async function retry(): Promise<void> {
  socket = null;
  connection.value = 'away';
  failures++;
  const pause = Math.min(longestPause, shortestPause * 2 ** Math.min(failures, 5)) * (0.75 + Math.random() / 2);
  clearTimeout(timer);
  timer = setTimeout(connect, pause);
  // A websocket does not say why it was refused: a session that has ended answers this with 401, which signs out.
  await call<CurrentSession>('GET /portico/v1/sessions/current').catch(() => undefined);
}

function apply(change: OverviewChange): void {
  const next = new Map(change.isWhole ? [] : rows.value);
  for (const row of change.rows) next.set(row.id, row);
  for (const id of change.removed) next.delete(id);
  rows.value = next;
}

addEventListener('online', reconnect);
addEventListener('offline', () => {
  if (socket !== null) socket.close();
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && connection.value === 'away') reconnect();
});
