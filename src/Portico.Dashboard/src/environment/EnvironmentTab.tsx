import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/client';
import type { ChangedEnvironment, OverviewRow, ServiceEnvironment } from '../api/contract';
import { useLoaded } from '../api/resource';
import { refusalFor } from '../pages/actions';
import { go } from '../router';
import { errorText } from '../text';
import { Icon } from '../ui/Icon';
import { notify } from '../ui/notices';
import { doubles, type Draft, draftOf, edit, isChanged, newRow, rebase, remove, requestOf, undo } from './draft';
import { drafts } from './drafts';
import { EnvGroups } from './EnvGroups';
import { ImportDialog } from './ImportDialog';
import { SaveBar } from './SaveBar';
import { SecretFiles } from './SecretFiles';
import { VariableRow } from './VariableRow';

const fileRoutes = {
  get: 'GET /v1/services/{serviceId}/secret-files/{name}', put: 'PUT /v1/services/{serviceId}/secret-files/{name}', delete: 'DELETE /v1/services/{serviceId}/secret-files/{name}',
} as const;

/** The variables of a service: its own, which can be changed here, and those of its groups. Beside them, its secret files. */
export function EnvironmentTab({ row }: { row: OverviewRow }) {
  const [reads, setReads] = useState(0);
  const loaded = useLoaded((signal) => call<ServiceEnvironment>('GET /portico/v1/services/{serviceId}/environment', { params: { serviceId: row.id }, signal }), [row.id, row.lastEvent, row.deploy?.status, reads]);
  const [draft, setDraft] = useDraft(row.id, loaded.value);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const again = () => setReads((last) => last + 1);
  const save = async (changes: Draft, apply: string) => {
    setBusy(true);
    setProblem(null);
    try {
      const done = await call<ChangedEnvironment>('PATCH /portico/v1/services/{serviceId}/environment', { params: { serviceId: row.id }, body: requestOf(changes, apply) });
      setDraft(draftOf(done.environment));
      notify(done.deployId == null ? 'Saved. The next deploy has the change.' : 'Saved. It is being deployed.');
      if (done.deployId != null) go(`${row.path}/deploys/${done.deployId}`);
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setBusy(false);
      again();
    }
  };

  if (draft === null) return <p class="soft" role="status">{loaded.error?.message ?? 'Loading…'}</p>;
  const latest = loaded.value;
  const isStale = latest !== null && latest.version !== draft.base.version;
  return (
    <div class="environment">
      {latest !== null && !latest.isDeployed && row.deploy !== undefined && <p class="callout"><Icon name="warning" /><span>The newest deploy does not have all saved changes. Deploy to apply them.</span></p>}
      {isStale && isChanged(draft) && (
        <p class="callout" role="status"><Icon name="warning" />
          <span>Another user has changed the variables. <button type="button" class="link" onClick={() => { setProblem(null); setDraft(rebase(draft, latest)); }}>Keep my changes and show the present values</button></span>
        </p>
      )}
      <Variables row={row} draft={draft} onChange={setDraft} />
      <SecretFiles names={(latest ?? draft.base).secretFiles} routes={fileRoutes} params={{ serviceId: row.id }} effect="It is deployed in a moment, where auto-deploy is on." refusal={refusalFor(row, 'manage')} onChanged={again} />
      <EnvGroups row={row} groups={(latest ?? draft.base).groups} own={draft.rows} onChanged={again} />
      {isChanged(draft) && <SaveBar row={row} draft={draft} isBusy={isBusy} problem={problem} onSave={(apply) => void save(draft, apply)} onDiscard={() => { setProblem(null); setDraft(draftOf(latest ?? draft.base)); }} />}
    </div>
  );
}

function Variables({ row, draft, onChange }: { row: OverviewRow; draft: Draft; onChange: (draft: Draft) => void }) {
  const [shown, setShown] = useState<ReadonlySet<number>>(new Set());
  const [showsAll, setShowsAll] = useState(false);
  const [isImporting, setImporting] = useState(false);
  const [filter, setFilter] = useState('');
  const refusal = refusalFor(row, 'manage');
  const twice = doubles(draft);
  const add = () => {
    onChange({ ...draft, rows: [...draft.rows, newRow()] });
    requestAnimationFrame(() => [...document.querySelectorAll<HTMLElement>('[data-new]')].at(-1)?.focus());
  };
  return (
    <section aria-labelledby="variables">
      <div class="section-head">
        <h2 id="variables">Environment variables <span class="soft">{draft.rows.length}</span></h2>
        <span class="gap" />
        {draft.rows.length > 8 && <input type="search" data-filter aria-label="Find a variable" placeholder="Find  /" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />}
        {draft.rows.length > 0 && <button type="button" aria-pressed={showsAll} class={showsAll ? 'pressed' : ''} onClick={() => setShowsAll(!showsAll)}>Show values</button>}
        <button type="button" disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setImporting(true)}>Import .env</button>
        <button type="button" disabled={refusal !== null} title={refusal ?? undefined} onClick={add}>Add variable</button>
      </div>
      {draft.rows.length === 0 && <p class="card soft">It has no variables of its own. Instances and builds get <code>PORT</code>, <code>RENDER</code> and others from the platform.</p>}
      <ul class="variables" aria-label="Variables">
        {draft.rows.filter((item) => item.key.toLowerCase().includes(filter.toLowerCase())).map((item) => (
          <VariableRow key={item.id} row={item} isShown={showsAll || item.saved === null || item.value !== item.saved.value || shown.has(item.id)} isDouble={!item.isRemoved && twice.has(item.key)} isFixed={refusal !== null}
            onShow={() => setShown(new Set([...shown, item.id]))} onEdit={(values) => onChange(edit(draft, item.id, values))} onRemove={() => onChange(remove(draft, item.id))} onUndo={() => onChange(undo(draft, item.id))} />
        ))}
      </ul>
      {isImporting && <ImportDialog draft={draft} onImport={onChange} onClose={() => setImporting(false)} />}
    </section>
  );
}

/** The draft of a service, which stays while its page is away. Without changes it follows what the server has. */
function useDraft(service: string, latest: ServiceEnvironment | null): [Draft | null, (draft: Draft) => void] {
  const [draft, setState] = useState<Draft | null>(drafts.get(service) ?? null);
  const set = (next: Draft) => {
    if (isChanged(next)) drafts.set(service, next);
    else drafts.delete(service);
    setState(next);
  };
  useEffect(() => {
    if (latest !== null && (draft === null || (!isChanged(draft) && draft.base.version !== latest.version))) set(draftOf(latest));
  }, [latest]);
  return [draft, set];
}

