import type { ApiError, Route } from './contract';

/** The server refused a request. The message is for people. */
export class Refused extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** The server cannot be reached, or is starting. Nothing was changed, or it is not known whether something was. */
export class Away extends Error {
  constructor() {
    super('The server is not answering. Apps run on; try again in a moment.');
  }
}

export interface CallOptions {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Whether it does no harm if the request arrives twice. Without it, that holds for GET and PUT. */
  readonly isRepeatable?: boolean;
}

/** Milliseconds before a request that did not get through is sent again: a device that changes its network loses some. */
const pauses = [100, 400];

const secretName = 'portico-session';
let onSignedOut: () => void = () => undefined;

/** The page's half of the session. The other half is a cookie that no script can read. */
export const secret = {
  get: (): string | null => localStorage.getItem(secretName),
  set: (value: string): void => localStorage.setItem(secretName, value),
  remove: (): void => localStorage.removeItem(secretName),
};

export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

export async function call<T>(route: Route, options: CallOptions = {}): Promise<T> {
  const [method = 'GET', template = '/'] = route.split(' ');
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(options.params?.[name] ?? ''));
  const query = new URLSearchParams(options.query).toString();
  const response = await send(query === '' ? filled : `${filled}?${query}`, method, options);
  if (response.status === 401) onSignedOut();
  if (response.status === 503) throw new Away();
  if (!response.ok) throw new Refused(response.status, await messageOf(response));
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function send(url: string, method: string, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  const half = secret.get();
  if (half !== null) headers['X-Portico-Session'] = half;
  const request: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (options.signal) request.signal = options.signal;
  if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    request.body = JSON.stringify(options.body);
  }
  const isRepeatable = options.isRepeatable ?? (method === 'GET' || method === 'PUT');
  for (const pause of [...(isRepeatable ? pauses : []), null]) {
    try {
      return await fetch(url, request);
    } catch (error) {
      if (options.signal?.aborted) throw error;
      if (pause !== null) await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  throw new Away();
}

async function messageOf(response: Response): Promise<string> {
  try {
    return ((await response.json()) as ApiError).message;
  } catch {
    return `The server answered ${response.status}.`;
  }
}
