import { signal } from '@preact/signals';
import { call, Refused, secret } from './client';
import type { Overview, OverviewChange, OverviewRow } from './contract';

/** Whether what is shown is what is. `away` also while this device is offline. */
export const connection = signal<'connecting' | 'live' | 'away'>('connecting');

/** Why there are no live changes although the server answers; null if it does not, or if there are. */
export const trouble = signal<string | null>(null);

/** All services and data stores of the workspace, by id; null until they are known. They stay while the server is away. */
export const rows = signal<ReadonlyMap<string, OverviewRow> | null>(null);

const shortestPause = 300;
const longestPause = 5000;

/** The first message comes at once. A connection that brings none is as good as none. */
const patience = 15_000;

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
  trouble.value = null;
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
  clearTimeout(timer);
  timer = setTimeout(() => opened.close(), patience);
  opened.onmessage = (event: MessageEvent<string>) => {
    if (socket !== opened) return;
    const change = JSON.parse(event.data) as OverviewChange;
    if (change.number !== expected++) return opened.close();
    clearTimeout(timer);
    apply(change);
    failures = 0;
    trouble.value = null;
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
  await ask();
}

/**
 * A websocket does not say why it was refused. A request does, signs out if the session has ended, and gets everything where a proxy
 * refuses websockets.
 */
async function ask(): Promise<void> {
  const workspace = followed;
  if (workspace === null) return;
  let reason: string | null = null;
  try {
    const { rows: all } = await call<Overview>('GET /portico/v1/overview', { query: { ownerId: workspace } });
    if (followed !== workspace || connection.value === 'live') return;
    rows.value = new Map(all.map((row) => [row.id, row]));
    if (failures > 2) reason = 'The server answers, but its websocket does not. This page asks for changes every few seconds. If there is a proxy in front of it, let it pass websockets.';
  } catch (error) {
    if (error instanceof Refused) reason = error.message;
  }
  if (followed === workspace && connection.value !== 'live') trouble.value = reason;
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
