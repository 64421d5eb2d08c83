import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { EnvGroup } from '../api/contract';
import { errorText } from '../text';
import { confirm } from '../ui/confirm';
import { CopyButton } from '../ui/CopyButton';
import { Icon } from '../ui/Icon';
import { notify, tellFailure } from '../ui/notices';

interface Props {
  readonly group: EnvGroup;
  /** What becomes of a change. */
  readonly effect: string;
  readonly refusal: string | null;
  readonly onChanged: () => void;
}

/** The variables of a group. Values are hidden until somebody wants to see them. */
export function GroupVariables({ group, effect, refusal, onChanged }: Props) {
  const set = async (key: string, body: { readonly value: string } | { readonly generateValue: true }) => {
    await call('PUT /v1/env-groups/{envGroupId}/env-vars/{envVarKey}', { params: { envGroupId: group.id, envVarKey: key }, body });
    notify(`${key} is saved. ${effect}`);
    onChanged();
  };
  const remove = async (key: string) => {
    if (!await confirm(`Delete ${key}?`, `Its value is lost. ${effect}`, 'Delete', true)) return;
    await tellFailure(async () => {
      await call('DELETE /v1/env-groups/{envGroupId}/env-vars/{envVarKey}', { params: { envGroupId: group.id, envVarKey: key } });
      notify(`${key} is deleted.`);
      onChanged();
    });
  };
  return (
    <section aria-labelledby="variables">
      <h2 id="variables">Environment variables <span class="soft">{group.envVars.length}</span></h2>
      {group.envVars.length > 0 && (
        <ul class="variables" aria-label="Variables">
          {group.envVars.map((item) => <Variable key={`${item.key}=${item.value}`} name={item.key} saved={item.value} isFixed={refusal !== null} onSave={(value) => set(item.key, { value })} onRemove={() => void remove(item.key)} />)}
        </ul>
      )}
      {refusal === null && <NewVariable taken={group.envVars.map((item) => item.key)} onSave={set} />}
    </section>
  );
}

function Variable({ name, saved, isFixed, onSave, onRemove }: { name: string; saved: string; isFixed: boolean; onSave: (value: string) => Promise<void>; onRemove: () => void }) {
  const [value, setValue] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (text: string) => {
    try {
      await onSave(text);
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  const isChanged = value !== null && value !== saved;
  return (
    <li class={isChanged ? 'variable changed' : 'variable'}>
      <code class="variable-name">{name}</code>
      {value === null
        ? <button type="button" class="masked" aria-label={`Show the value of ${name}`} onClick={() => setValue(saved)}>••••••••</button>
        : <textarea class="exact" wrap="off" aria-label={`Value of ${name}`} rows={Math.min(12, value.split('\n').length)} value={value} readOnly={isFixed} spellcheck={false} autocomplete="off" onInput={(event) => setValue(event.currentTarget.value)} />}
      <span class="variable-actions">
        {isChanged && <button type="button" class="primary" aria-label={`Save ${name}`} onClick={() => void save(value)}>Save</button>}
        <CopyButton text={saved} what={`value of ${name}`} />
        <button type="button" class="quiet icon-button" aria-label={`Delete ${name}`} title={`Delete ${name}`} disabled={isFixed} onClick={onRemove}><Icon name="failed" /></button>
      </span>
      {problem !== null && <small role="alert" class="variable-notes failure">{problem}</small>}
    </li>
  );
}

function NewVariable({ taken, onSave }: { taken: readonly string[]; onSave: (key: string, body: { readonly value: string } | { readonly generateValue: true }) => Promise<void> }) {
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const add = async (event: Event, generates: boolean) => {
    event.preventDefault();
    if (taken.includes(key)) return setProblem(`There is a variable ${key} already.`);
    try {
      await onSave(key, generates ? { generateValue: true } : { value });
      setKey('');
      setValue('');
      setProblem(null);
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <form class="inline-form new-variable" onSubmit={(event) => void add(event, false)}>
      <input type="text" class="exact" required aria-label="Name of the new variable" placeholder="NAME" spellcheck={false} autocomplete="off" value={key} aria-invalid={problem !== null} onInput={(event) => setKey(event.currentTarget.value)} />
      <input type="text" class="exact" aria-label="Value of the new variable" placeholder="Value" spellcheck={false} autocomplete="off" value={value} onInput={(event) => setValue(event.currentTarget.value)} />
      <button>Add variable</button>
      {key !== '' && value === '' && <button type="button" class="quiet" onClick={(event) => void add(event, true)}>Generate a value</button>}
      {problem !== null && <p class="help"><strong role="alert" class="failure">{problem}</strong></p>}
    </form>
  );
}
