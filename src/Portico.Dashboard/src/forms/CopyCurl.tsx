import type { Route } from '../api/contract';
import { copy } from '../ui/CopyButton';

/** Copies exactly the request that a form would send, for a terminal. */
export function CopyCurl({ route, params = {}, body }: { route: Route; params?: Readonly<Record<string, string>>; body?: unknown }) {
  return <button type="button" class="quiet" onClick={() => void copy(curl(route, params, body), 'command')}>Copy as curl</button>;
}

export function curl(route: Route, params: Readonly<Record<string, string>>, body: unknown): string {
  const [method = 'GET', template = '/'] = route.split(' ');
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  return [
    `curl -X ${method} ${quoted(location.origin + path)}`,
    '-H "Authorization: Bearer $PORTICO_API_KEY"',
    ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`]),
  ].join(' \\\n  ');
}

/** A word of a shell, in which nothing has a meaning. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
