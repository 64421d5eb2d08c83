import { CopyButton } from '../ui/CopyButton';
import { Icon } from '../ui/Icon';
import { changeOf, type DraftRow } from './draft';

interface Props {
  readonly row: DraftRow;
  readonly isShown: boolean;
  readonly isDouble: boolean;
  /** Whether the user may change it. */
  readonly isFixed: boolean;
  readonly onShow: () => void;
  readonly onEdit: (values: Partial<Pick<DraftRow, 'key' | 'value' | 'isGenerated'>>) => void;
  readonly onRemove: () => void;
  readonly onUndo: () => void;
}

/** One variable. Its value is hidden until somebody wants to see it. */
export function VariableRow({ row, isShown, isDouble, isFixed, onShow, onEdit, onRemove, onUndo }: Props) {
  const change = changeOf(row);
  const name = row.key === '' ? 'the new variable' : row.key;
  return (
    <li class={`variable ${change}`}>
      <input type="text" class="exact" aria-label={`Name of ${name}`} placeholder="NAME" value={row.key} disabled={isFixed || row.isRemoved} spellcheck={false} autocomplete="off"
        aria-invalid={isDouble} data-new={row.saved === null ? '' : undefined} onInput={(event) => onEdit({ key: event.currentTarget.value })} />
      <Value row={row} name={name} isShown={isShown} isFixed={isFixed} onShow={onShow} onEdit={onEdit} />
      <span class="variable-actions">
        {row.saved === null && row.value === '' && !row.isGenerated && <button type="button" class="quiet" onClick={() => onEdit({ isGenerated: true })}>Generate</button>}
        {!row.isRemoved && !row.isGenerated && <CopyButton text={row.value} what={`value of ${name}`} />}
        {change !== 'same' && row.saved !== null && <button type="button" class="quiet" aria-label={`Undo the change of ${name}`} onClick={onUndo}>Undo</button>}
        {!row.isRemoved && <button type="button" class="quiet icon-button" aria-label={`Remove ${name}`} title={`Remove ${name}`} disabled={isFixed} onClick={onRemove}><Icon name="failed" /></button>}
      </span>
      <Notes row={row} isDouble={isDouble} />
    </li>
  );
}

function Value({ row, name, isShown, isFixed, onShow, onEdit }: { row: DraftRow; name: string; isShown: boolean; isFixed: boolean; onShow: () => void; onEdit: Props['onEdit'] }) {
  if (row.isRemoved) return <span class="soft">Removed when you save</span>;
  if (row.isGenerated) return <span class="soft">Generated when you save</span>;
  if (!isShown) return <button type="button" class="masked" aria-label={`Show the value of ${name}`} onClick={onShow}>••••••••</button>;
  return (
    <textarea class="exact" wrap="off" aria-label={`Value of ${name}`} placeholder="Value" rows={Math.min(12, row.value.split('\n').length)} value={row.value} readOnly={isFixed} spellcheck={false} autocomplete="off"
      onInput={(event) => onEdit({ value: event.currentTarget.value })} />
  );
}

function Notes({ row, isDouble }: { row: DraftRow; isDouble: boolean }) {
  const change = changeOf(row);
  const notes = [
    ...(isDouble ? ['There is another variable of this name.'] : []),
    ...(row.isOutdated ? ['Another user has changed it since you typed this.'] : []),
    ...(change === 'added' ? ['New'] : change === 'changed' ? ['Changed'] : []),
    ...(row.saved?.origin === 'generated' ? ['Generated'] : []),
    ...(row.saved?.reference != null ? [change === 'changed' ? `Replaces the reference to ${row.saved.reference}` : `From ${row.saved.reference}`] : []),
  ];
  return notes.length === 0 ? null : <small class={isDouble ? 'variable-notes failure' : 'variable-notes'}>{notes.join(' · ')}</small>;
}
