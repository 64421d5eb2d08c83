import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { OverviewRow, Route } from '../api/contract';
import { CopyAs } from '../forms/CopyAs';
import { CopyCurl } from '../forms/CopyCurl';
import { FieldInput } from '../forms/FieldInput';
import { changedFields, type Field, patchOf, problemOf, type Values, valuesOf } from '../forms/fields';
import { useAskBeforeUnload } from '../forms/useAskBeforeUnload';
import { refusalFor } from '../pages/actions';
import { errorText } from '../text';
import { notify } from '../ui/notices';

interface Props<T> {
  readonly row: OverviewRow;
  /** What the server has. */
  readonly saved: unknown;
  readonly fields: readonly Field[];
  readonly route: Route;
  /** Writes the change as a command and as a Blueprint, where there are such. */
  readonly code?: Route;
  readonly params: Readonly<Record<string, string>>;
  /** What becomes of a change. */
  readonly effect: string;
  readonly onSaved: (answer: T) => void;
}

/** Fields of something that exists. A change is shown beside what is set before it is saved. */
export function SettingsForm<T>({ row, saved, fields, route, code, params, effect, onSaved }: Props<T>) {
  // What somebody typed; other fields follow the server.
  const [typed, setTyped] = useState<Values>({});
  const [problem, setProblem] = useState<{ readonly at: string | null; readonly text: string } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const before = valuesOf(fields, saved);
  const values = { ...before, ...typed };
  const changed = changedFields(fields, before, values);
  const refusal = refusalFor(row, 'manage');
  useAskBeforeUnload(changed.length > 0);
  const body = patchOf(fields, before, values);
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      onSaved(await call<T>(route, { params, body }));
      setTyped({});
      notify('Saved.');
    } catch (error) {
      setProblem(problemOf(fields, errorText(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      {refusal !== null && <p class="callout">{refusal}</p>}
      <form class="form" onSubmit={(event) => void save(event)}>
        {problem !== null && problem.at === null && <p role="alert" class="problem">{problem.text}</p>}
        {fields.map((field) => (
          <FieldInput key={field.at} field={field} value={values[field.at] ?? ''} isFixed={refusal !== null} problem={problem?.at === field.at ? problem.text : null}
            before={changed.includes(field) ? before[field.at] ?? '' : undefined} onChange={(value) => setTyped((earlier) => ({ ...earlier, [field.at]: value }))} />
        ))}
        {changed.length > 0 && (
          <div class="save-bar" role="region" aria-label="Changes that are not saved">
            <div class="save-words">
              <strong role="status">{changed.length} changed: {changed.map((field) => field.label.toLowerCase()).join(', ')}</strong>
              <span class="soft">{effect}</span>
            </div>
            <div class="buttons">
              {code === undefined ? <CopyCurl route={route} params={params} body={body} /> : <CopyAs route={route} code={code} params={params} body={body} />}
              <button type="button" class="quiet" disabled={isBusy} onClick={() => { setTyped({}); setProblem(null); }}>Discard</button>
              <button class="primary" disabled={isBusy}>{isBusy ? 'Saving…' : 'Save'}</button>
            </div>
          </div>
        )}
      </form>
    </section>
  );
}
