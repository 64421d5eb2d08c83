import { call } from '../api/client';
import type { RequestCode, Route } from '../api/contract';
import { copy } from '../ui/CopyButton';
import { Menu } from '../ui/Menu';
import { notify, tellFailure } from '../ui/notices';
import { curl } from './CopyCurl';

interface Props {
  readonly route: Route;
  /** Writes the same request as code. */
  readonly code: Route;
  readonly params?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Copies what a form would do as text. The server writes what needs its rules, and says why where there is no such text. */
export function CopyAs({ route, code, params = {}, body }: Props) {
  const write = async (kind: keyof RequestCode, what: string) => {
    await tellFailure(async () => {
      const { text, problem } = (await call<RequestCode>(code, { params, body }))[kind];
      if (text == null) notify(problem ?? '', true);
      else await copy(text, what);
    });
  };
  return (
    <Menu label="Copy as" class="quiet" items={[
      { label: 'curl', refusal: null, run: () => void copy(curl(route, params, body), 'curl') },
      { label: 'portico command', refusal: null, run: () => void write('command', 'portico command') },
      { label: 'render.yaml', refusal: null, run: () => void write('blueprint', 'render.yaml') },
    ]}>
      Copy as
    </Menu>
  );
}
