import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/client';
import type { OverviewRow, ResourceChoices, Service } from '../api/contract';
import { planOptions, useChoices } from '../forms/choices';
import { CopyAs } from '../forms/CopyAs';
import { FieldInput } from '../forms/FieldInput';
import { changedFields, type Field, patchOf, problemOf, type Values, valuesOf } from '../forms/fields';
import { useAskBeforeUnload } from '../forms/useAskBeforeUnload';
import { notify } from '../ui/notices';
import { refusalFor } from './actions';
import { DeleteSection } from './DeleteSection';
import { Scale } from './Scale';

/** The settings of a service. A change is shown beside what is set before it is saved. */
export function SettingsTab({ row, service }: { row: OverviewRow; service: Service | null }) {
  const choices = useChoices();
  if (service === null || choices.value === null) return <p class="soft" role="status">{choices.error?.message ?? 'Loading…'}</p>;
  return (
    <>
      <Fields row={row} service={service} fields={fieldsOf(row, service, choices.value)} />
      <Scale row={row} service={service} />
      <DeleteSection row={row} />
    </>
  );
}

function Fields({ row, service, fields }: { row: OverviewRow; service: Service; fields: readonly Field[] }) {
  const [saved, setSaved] = useState(service);
  // What somebody typed; other fields follow the server.
  const [typed, setTyped] = useState<Values>({});
  const [problem, setProblem] = useState<{ readonly at: string | null; readonly text: string } | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => setSaved(service), [service]);
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
      setSaved(await call<Service>('PATCH /v1/services/{serviceId}', { params: { serviceId: row.id }, body }));
      setTyped({});
      notify('Saved.');
    } catch (error) {
      setProblem(problemOf(fields, error instanceof Error ? error.message : String(error)));
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
              <span class="soft">{saved.autoDeploy === 'yes' ? 'If the app is affected, it is deployed a moment after.' : 'Auto-deploy is off: deploy to apply what affects the app.'}</span>
            </div>
            <div class="buttons">
              <CopyAs route="PATCH /v1/services/{serviceId}" code="POST /portico/v1/code/services/{serviceId}" params={{ serviceId: row.id }} body={body} />
              <button type="button" class="quiet" disabled={isBusy} onClick={() => { setTyped({}); setProblem(null); }}>Discard</button>
              <button class="primary" disabled={isBusy}>{isBusy ? 'Saving…' : 'Save'}</button>
            </div>
          </div>
        )}
      </form>
    </section>
  );
}

function fieldsOf(row: OverviewRow, service: Service, choices: ResourceChoices): readonly Field[] {
  const details = 'serviceDetails', specific = `${details}.envSpecificDetails`;
  const isSite = row.type === 'static_site';
  const isDocker = service.serviceDetails.runtime === 'docker';
  return [
    { at: 'name', label: 'Name', isRequired: true, help: 'Other services reach it by this name. Its public URL stays.' },
    { at: 'repo', label: 'Git repository', help: 'An HTTPS or SSH URL. A change deploys from the new repository.' },
    { at: 'branch', label: 'Branch', help: 'Each new commit on it is deployed while auto-deploy is on.' },
    { at: 'rootDir', label: 'Root directory', help: 'Commands run here, and only changes here deploy.' },
    {
      at: 'autoDeployTrigger', label: 'Auto-deploy', help: 'Whether new commits, and changes of settings, are deployed by themselves.', options: [
        { value: 'commit', label: 'On every commit' }, { value: 'checksPass', label: 'When the checks of a commit pass' }, { value: 'off', label: 'Off' },
      ],
    },
    { at: isSite ? `${details}.buildCommand` : `${specific}.buildCommand`, label: 'Build command', help: 'A change builds again.' },
    ...(isSite ? [{ at: `${details}.publishPath`, label: 'Publish directory', help: 'The directory with the built files. A change builds again.' }] : []),
    ...(isSite || isDocker ? [] : [{ at: `${specific}.startCommand`, label: 'Start command', help: 'A change replaces the instances, without a build.' }]),
    ...(isSite || row.type === 'cron_job' ? [] : [{ at: `${specific}.preDeployCommand`, label: 'Pre-deploy command', help: 'Runs after the build and before new instances start, for example migrations.' }]),
    ...(row.type === 'web_service' ? [{ at: `${details}.healthCheckPath`, label: 'Health check path', help: 'A path that answers with a status below 400 when the app is ready.' }] : []),
    ...(row.type === 'cron_job' ? [{ at: `${details}.schedule`, label: 'Schedule', isRequired: true, help: 'A cron expression, in UTC: minute, hour, day of the month, month, day of the week.' }] : []),
    ...(isSite ? [] : [{ at: `${details}.plan`, label: 'Plan', help: 'Memory and processor time of each instance. A change replaces the instances.', options: withPresent(planOptions(choices.servicePlans), service.serviceDetails.plan) }]),
  ];
}

/** A plan that new services cannot have stays possible. */
const withPresent = (options: ReturnType<typeof planOptions>, present: string | undefined): ReturnType<typeof planOptions> =>
  present === undefined || options.some((option) => option.value === present) ? options : [{ value: present, label: present }, ...options];
