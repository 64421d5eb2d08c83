import type { DetectedApp, DetectedApps } from '../../api/contract';
import type { Values } from '../../forms/fields';
import { typeName } from '../../text';
import type { Detection } from './useDetection';

interface Props {
  readonly detection: Detection;
  /** The app whose values the form shows; null if none fits. */
  readonly chosen: DetectedApp | null;
  readonly typed: Values;
  readonly onChoose: (directory: string) => void;
}

/** What was recognized in the repository, and which of several apps the form is for. */
export function DetectionNote({ detection, chosen, typed, onChoose }: Props) {
  const { found, problem, isBusy } = detection;
  if (!isBusy && found === null && problem === null) return null;
  return (
    <div class="callout detection" role="status">
      {isBusy && <p>Looking at the files of the repository…</p>}
      {problem !== null && <p>{problem}</p>}
      {found !== null && <Found found={found} chosen={chosen} typed={typed} onChoose={onChoose} />}
    </div>
  );
}

function Found({ found, chosen, typed, onChoose }: { found: DetectedApps; chosen: DetectedApp | null; typed: Values; onChoose: Props['onChoose'] }) {
  const fitting = found.apps.filter((app) => app.fields.length > 0);
  const [first] = found.apps;
  if (first === undefined) return <p>No app was recognized in it. Fill in the fields below.</p>;
  if (chosen === null) return <p>This looks like {nameOf(first)}, which is usually a {typeName(first.type).toLowerCase()}. <a href={`/new/${first.type}?${sourceOf(typed)}`}>Create a {typeName(first.type).toLowerCase()} instead</a></p>;
  return (
    <>
      {fitting.length === 1 ? <p>Recognized {nameOf(chosen)}. What is marked as guessed comes from its files: check it.</p> : (
        <p>
          <label for="detected-app">Recognized {fitting.length} apps.</label>{' '}
          <select id="detected-app" value={chosen.directory} onChange={(event) => onChoose(event.currentTarget.value)}>
            {fitting.map((app) => <option key={app.directory} value={app.directory}>{nameOf(app)}</option>)}
          </select>
        </p>
      )}
      {chosen.notes.length > 0 && <ul>{chosen.notes.map((note) => <li key={note}>{note}</li>)}</ul>}
      {found.isCut && <p>The repository has more files than are looked at, so something may be missing.</p>}
    </>
  );
}

const nameOf = (app: DetectedApp): string => (app.directory === '' ? app.framework : `${app.framework} in ${app.directory}`);

const sourceOf = (typed: Values): string => new URLSearchParams(['repo', 'branch', 'rootDir'].flatMap((name) => (typed[name] ? [[name, typed[name]]] : []))).toString();
