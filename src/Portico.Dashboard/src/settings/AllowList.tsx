import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { CidrBlockAndDescription, OverviewRow, Route } from '../api/contract';
import { CopyCurl } from '../forms/CopyCurl';
import { refusalFor } from '../pages/actions';
import { errorText } from '../text';
import { notify } from '../ui/notices';

interface Props {
  readonly row: OverviewRow;
  readonly list: readonly CidrBlockAndDescription[];
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly onChanged: () => void;
}

/** Who may connect from outside of the private network: one address range a line, with what it is. */
export function AllowList({ row, list, route, params, onChanged }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const saved = list.map((entry) => `${entry.cidrBlock} ${entry.description}`.trim()).join('\n');
  const text = typed ?? saved;
  const refusal = refusalFor(row, 'manage');
  const body = { ipAllowList: entriesOf(text) };
  const save = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    try {
      await call(route, { params, body });
      setTyped(null);
      notify(body.ipAllowList.length === 0 ? `${row.name} can be reached from the private network only.` : `The allow list of ${row.name} is saved.`);
      onChanged();
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <section aria-labelledby="allow-list">
      <h2 id="allow-list">Access from outside</h2>
      <form onSubmit={(event) => void save(event)}>
        <textarea class="exact import-text" rows={Math.max(3, text.split('\n').length)} wrap="off" spellcheck={false} autocomplete="off" aria-labelledby="allow-list" aria-describedby="allow-list-help" placeholder="203.0.113.7/32 office" value={text} readOnly={refusal !== null}
          onInput={(event) => setTyped(event.currentTarget.value)} />
        <p id="allow-list-help" class="help">
          {problem !== null && <strong role="alert" class="failure">{problem} </strong>}
          One range a line, for example 203.0.113.7/32 office. Without any, only services of the private network can connect. 0.0.0.0/0 lets everybody try who knows the password. A change takes effect at once.
        </p>
        {typed !== null && typed !== saved && (
          <div class="buttons">
            <CopyCurl route={route} params={params} body={body} />
            <button type="button" class="quiet" onClick={() => { setTyped(null); setProblem(null); }}>Discard</button>
            <button class="primary">Save allow list</button>
          </div>
        )}
      </form>
    </section>
  );
}

const entriesOf = (text: string): readonly CidrBlockAndDescription[] => text.split('\n').map((line) => line.trim()).filter((line) => line !== '').map((line) => {
  const [cidrBlock = '', ...words] = line.split(/\s+/);
  return { cidrBlock, description: words.join(' ') };
});
