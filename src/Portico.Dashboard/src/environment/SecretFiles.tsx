import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { Route, SecretFile } from '../api/contract';
import { confirm } from '../ui/confirm';
import { Icon } from '../ui/Icon';
import { notify, tellFailure } from '../ui/notices';
import { SecretFileDialog } from './SecretFileDialog';

interface Props {
  readonly names: readonly string[];
  /** The routes of one file, whose name they call `name`. */
  readonly routes: { readonly get: Route; readonly put: Route; readonly delete: Route };
  readonly params: Readonly<Record<string, string>>;
  /** What becomes of a change. */
  readonly effect: string;
  readonly refusal: string | null;
  readonly onChanged: () => void;
}

/** The secret files of a service or group. Their contents are read when somebody asks for them. */
export function SecretFiles({ names, routes, params, effect, refusal, onChanged }: Props) {
  const [open, setOpen] = useState<SecretFile | null>(null);
  const show = async (name: string) => {
    await tellFailure(async () => {
      setOpen(await call<SecretFile>(routes.get, { params: { ...params, name } }));
    });
  };
  const save = async (name: string, content: string) => {
    await call(routes.put, { params: { ...params, name }, body: { content } });
    setOpen(null);
    notify(`${name} is saved. ${effect}`);
    onChanged();
  };
  const remove = async (name: string) => {
    if (!await confirm(`Delete ${name}?`, `Its content is lost. ${effect}`, 'Delete', true)) return;
    await tellFailure(async () => {
      await call(routes.delete, { params: { ...params, name } });
      notify(`${name} is deleted.`);
      onChanged();
    });
  };
  return (
    <section aria-labelledby="secret-files">
      <div class="section-head">
        <h2 id="secret-files">Secret files <span class="soft">{names.length}</span></h2>
        <span class="gap" />
        <button type="button" disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setOpen({ name: '', content: '' })}>Add secret file</button>
      </div>
      {names.length === 0
        ? <p class="card soft">There are none. Builds and instances read secret files at <code>/etc/secrets/NAME</code>, and in the root directory of the app.</p>
        : (
          <ul class="files" aria-label="Secret files">
            {names.map((name) => (
              <li key={name}>
                <code>{name}</code>
                <span class="gap" />
                <button type="button" class="quiet" aria-label={`${refusal === null ? 'Show or edit' : 'Show'} ${name}`} onClick={() => void show(name)}>{refusal === null ? 'Show or edit' : 'Show'}</button>
                <button type="button" class="quiet icon-button" aria-label={`Delete ${name}`} title={`Delete ${name}`} disabled={refusal !== null} onClick={() => void remove(name)}><Icon name="failed" /></button>
              </li>
            ))}
          </ul>
        )}
      {open !== null && <SecretFileDialog file={open} taken={names} refusal={refusal} onSave={save} onClose={() => setOpen(null)} />}
    </section>
  );
}
