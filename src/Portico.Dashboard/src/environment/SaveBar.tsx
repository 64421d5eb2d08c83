import type { OverviewRow } from '../api/contract';
import { CopyCurl } from '../forms/CopyCurl';
import { doubles, type Draft, requestOf, summaryOf } from './draft';

interface Props {
  readonly row: OverviewRow;
  readonly draft: Draft;
  readonly isBusy: boolean;
  readonly problem: string | null;
  readonly onSave: (apply: string) => void;
  readonly onDiscard: () => void;
}

/** What the changes are, what becomes of the service, and the choice when. */
export function SaveBar({ row, draft, isBusy, problem, onSave, onDiscard }: Props) {
  const isSite = row.type === 'static_site';
  const isSuspended = row.status === 'suspended';
  const cannot = isBusy || doubles(draft).size > 0 || draft.rows.some((item) => item.key === '' && item.value !== '');
  return (
    <div class="save-bar" role="region" aria-label="Changes that are not saved">
      <div class="save-words">
        <strong role="status">{summaryOf(draft)}</strong>
        <span class="soft">{isSuspended ? 'It is suspended. Resuming it deploys the change.' : effectOf(row)}</span>
        {problem !== null && <p role="alert" class="failure">{problem}</p>}
      </div>
      <div class="buttons">
        <CopyCurl route="PATCH /portico/v1/services/{serviceId}/environment" params={{ serviceId: row.id }} body={requestOf(draft, isSite ? 'rebuild' : 'deploy')} />
        <button type="button" class="quiet" disabled={isBusy} onClick={onDiscard}>Discard</button>
        <button type="button" class={isSuspended ? 'primary' : ''} disabled={cannot} onClick={() => onSave('save')}>Save only</button>
        {!isSuspended && <button type="button" class={isSite ? 'primary' : ''} disabled={cannot} onClick={() => onSave('rebuild')}>Save, build and deploy</button>}
        {!isSuspended && !isSite && <button type="button" class="primary" disabled={cannot} onClick={() => onSave('deploy')}>Save and deploy</button>}
      </div>
    </div>
  );
}

function effectOf(row: OverviewRow): string {
  if (row.type === 'static_site') return 'Only a build brings variables into a static site.';
  if (row.type === 'cron_job') return 'A deploy takes the latest build; the next run has the change.';
  const number = row.instances === 1 ? 'the instance' : row.instances > 1 ? `${row.instances} instances` : 'its instances';
  return `A deploy takes the latest build and replaces ${number}. Build again if the build reads a variable.`;
}
