import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../../api/client';
import type { KeyValueDetail, PostgresDetail, ResourceChoices, ServiceAndDeploy } from '../../api/contract';
import { rows } from '../../api/live';
import { parseDotEnv } from '../../environment/dotenv';
import { CopyAs } from '../../forms/CopyAs';
import { FieldInput } from '../../forms/FieldInput';
import { type Field, messageOf, problemOf, type Values } from '../../forms/fields';
import { useAskBeforeUnload } from '../../forms/useAskBeforeUnload';
import { go, query } from '../../router';
import { errorText } from '../../text';
import { DetectionNote } from './DetectionNote';
import { type Kind, placeField } from './kinds';
import { useDetection } from './useDetection';

interface Props {
  readonly kind: Kind;
  readonly choices: ResourceChoices;
  readonly workspace: string;
}

/** The form of a new resource. What the API refuses is shown at its field. */
export function NewForm({ kind, choices, workspace }: Props) {
  const place = placeField(rows.value?.values() ?? []);
  const fields = [...kind.fields(choices), ...(place === null ? [] : [place])];
  // What somebody typed goes before what was guessed from the repository.
  const [typed, setTyped] = useState<Values>(() => givenIn(query.value));
  const [directory, setDirectory] = useState<string | null>(null);
  const detection = useDetection({ ownerId: workspace, type: kind.type, repo: (kind.isService ? typed['repo'] : undefined)?.trim() ?? '', branch: typed['branch']?.trim() ?? null, rootDir: typed['rootDir']?.trim() ?? null });
  const fitting = detection.found?.apps.filter((app) => app.fields.length > 0) ?? [];
  const app = fitting.find((item) => item.directory === directory) ?? fitting[0] ?? null;
  const guesses = new Map(app?.fields.map((item) => [item.field, item]));
  const values: Values = { ...kind.defaults(choices), ...Object.fromEntries([...guesses].map(([at, item]) => [at, item.value])), ...typed };
  const [variables, setVariables] = useState('');
  const [problem, setProblem] = useState<{ readonly at: string | null; readonly text: string } | null>(null);
  const [isBusy, setBusy] = useState(false);
  useAskBeforeUnload(!isBusy && (variables !== '' || Object.values(typed).some((value) => value !== '')));
  const body = bodyOf(kind, fields, values, variables, workspace);
  const runtime = choices.runtimes.find((item) => item.name === values['serviceDetails.runtime']);
  const create = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      go(pathOf(kind, await call(kind.route, { body })));
    } catch (error) {
      setBusy(false);
      setProblem(problemOf(fields, errorText(error)));
    }
  };
  return (
    <>
      <p class="crumbs"><a href="/">Services</a> / <a href="/new">New</a></p>
      <div class="page-head"><h1>New {kind.title}</h1><p class="soft">{kind.about}</p></div>
      <form class="form" onSubmit={(event) => void create(event)}>
        {problem !== null && problem.at === null && <p role="alert" class="problem">{problem.text}</p>}
        {fields.map((field) => (
          <Fragment key={field.at}>
            <FieldInput field={field} value={values[field.at] ?? ''} problem={problem?.at === field.at ? problem.text : null}
              guess={typed[field.at] === undefined ? guesses.get(field.at)?.reason : undefined} onChange={(value) => setTyped((before) => ({ ...before, [field.at]: value }))} />
            {field.at === 'rootDir' && <DetectionNote detection={detection} chosen={app} typed={typed} onChoose={setDirectory} />}
          </Fragment>
        ))}
        {runtime?.problem != null && <p class="callout warning">{runtime.problem}</p>}
        {kind.isService && <Variables text={variables} onChange={setVariables} />}
        <div class="buttons">
          <CopyAs route={kind.route} code={kind.code} body={body} />
          <a class="button" href="/new">Cancel</a>
          <button class="primary" disabled={isBusy}>{isBusy ? 'Creating…' : kind.isService ? 'Create and deploy' : 'Create'}</button>
        </div>
      </form>
    </>
  );
}

function Variables({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const { variables, strangeLines } = parseDotEnv(text);
  return (
    <div class="field">
      <label for="variables">Environment variables <span class="soft">optional</span></label>
      <div>
        <textarea id="variables" class="exact" rows={Math.max(3, Math.min(12, text.split('\n').length))} spellcheck={false} autocomplete="off" placeholder="LOG_LEVEL=info" aria-describedby="variables-help" value={text} onInput={(event) => onChange(event.currentTarget.value)} />
        <p id="variables-help" class="help">
          {strangeLines.length > 0 && <strong class="failure">Not a variable: {strangeLines.length === 1 ? 'line' : 'lines'} {strangeLines.slice(0, 10).join(', ')}. </strong>}
          <span>{variables.size === 0 ? 'As in a .env file: one KEY=value a line. Builds and instances get them.' : `${variables.size} ${variables.size === 1 ? 'variable' : 'variables'}. Builds and instances get them.`}</span>
        </p>
      </div>
    </div>
  );
}

function bodyOf(kind: Kind, fields: readonly Field[], values: Values, variables: string, workspace: string): Record<string, unknown> {
  const message = { ...messageOf(fields, values), ownerId: workspace };
  if (!kind.isService) return message;
  const envVars = [...parseDotEnv(variables).variables].map(([key, value]) => ({ key, value }));
  return { type: kind.type, ...message, ...(envVars.length === 0 ? {} : { envVars }) };
}

/** A link can name a repository, but no commands. */
const givenIn = (parameters: URLSearchParams): Values => Object.fromEntries(['repo', 'branch', 'rootDir'].flatMap((name) => {
  const value = parameters.get(name);
  return value === null ? [] : [[name, value]];
}));

function pathOf(kind: Kind, made: unknown): string {
  if (kind.isService) return new URL((made as ServiceAndDeploy).service.dashboardUrl).pathname;
  return kind.type === 'postgres' ? `/d/${(made as PostgresDetail).id}` : `/r/${(made as KeyValueDetail).id}`;
}
