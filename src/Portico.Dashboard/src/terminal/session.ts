import { call, secret } from '../api/client';
import type { ShellEnd, ShellSize, StartShell } from '../api/contract';
import { errorText } from '../text';

/** What arrives from a shell. */
export interface ShellListener {
  readonly onOutput: (bytes: Uint8Array) => void;
  /** The session is over: why, for people. */
  readonly onEnd: (words: string) => void;
}

export interface ShellSession {
  readonly write: (text: string) => void;
  readonly writeBytes: (bytes: Uint8Array) => void;
  readonly resize: (size: ShellSize) => void;
  readonly close: () => void;
}

/** The first byte of a message says what the rest is. */
const input = 0;

/** Opens a shell in an instance, or in a copy of its own when there is no instance. */
export function openShell(service: string, instance: string | null, size: ShellSize, listener: ShellListener): ShellSession {
  const path = `/portico/v1/services/${encodeURIComponent(service)}/${instance === null ? 'run' : `shell?instance=${encodeURIComponent(instance)}`}`;
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}${path}`, ['portico.v1', `portico.session.${secret.get() ?? ''}`]);
  socket.binaryType = 'arraybuffer';
  let end: ShellEnd | null = null;
  let wasOpen = false;
  let isOver = false;
  const finish = (words: string) => {
    if (!isOver) listener.onEnd(words);
    isOver = true;
  };
  socket.onopen = () => {
    wasOpen = true;
    const start: StartShell = { command: [], terminal: { kind: 'xterm-256color', ...size } };
    socket.send(JSON.stringify(start));
  };
  socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
    if (typeof event.data === 'string') end = JSON.parse(event.data) as ShellEnd;
    else listener.onOutput(new Uint8Array(event.data, 1));
  };
  socket.onclose = () => {
    if (end !== null) finish(end.message ?? `The shell ended with exit code ${end.exitCode ?? 0}.`);
    else if (wasOpen) finish('The connection was lost. The shell has ended, with everything that was started in it.');
    else void whyRefused(service, instance).then(finish);
  };
  const send = (bytes: Uint8Array) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(Uint8Array.of(input, ...bytes));
  };
  return {
    write: (text) => send(new TextEncoder().encode(text)),
    writeBytes: send,
    resize: (next) => { if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(next)); },
    close: () => {
      isOver = true;
      socket.close();
    },
  };
}

/** A websocket does not say why it was refused; the same request without one does. */
async function whyRefused(service: string, instance: string | null): Promise<string> {
  const params = { serviceId: service };
  try {
    if (instance === null) await call('GET /portico/v1/services/{serviceId}/run', { params });
    else await call('GET /portico/v1/services/{serviceId}/shell', { params, query: { instance } });
  } catch (error) {
    const message = errorText(error);
    return message.startsWith('Connection:') ? 'The shell could not be opened. If there is a proxy in front of Portico, let it pass websockets.' : message;
  }
  return 'The shell could not be opened.';
}
