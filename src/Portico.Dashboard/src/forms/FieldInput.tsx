import type { Field } from './fields';

interface Props {
  readonly field: Field;
  readonly value: string;
  readonly problem: string | null;
  readonly isFixed?: boolean;
  /** What the value was, when it differs. */
  readonly before?: string | undefined;
  /** Why the value was guessed, when nobody typed it. */
  readonly guess?: string | undefined;
  readonly onChange: (value: string) => void;
}

/** A field with its explanation, and what is wrong with it. */
export function FieldInput({ field, value, problem, isFixed = false, before, guess, onChange }: Props) {
  const id = `field-${field.at.replaceAll('.', '-')}`;
  const common = { id, required: field.isRequired === true, disabled: isFixed, 'aria-describedby': `${id}-help`, 'aria-invalid': problem !== null };
  return (
    <div class={problem !== null ? 'field bad' : guess !== undefined ? 'field guessed' : 'field'}>
      <label for={id}>{field.label}{field.isRequired !== true && field.options === undefined && <span class="soft"> optional</span>}</label>
      <div>
        {field.options !== undefined ? (
          <select {...common} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
            {field.options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
          </select>
        ) : field.type === 'number' ? (
          <input {...common} type="number" min={0} placeholder={field.placeholder} value={value} onInput={(event) => onChange(event.currentTarget.value)} />
        ) : (
          <input {...common} type="text" placeholder={field.placeholder} value={value} spellcheck={false} autocomplete="off" onInput={(event) => onChange(event.currentTarget.value)} />
        )}
        <p id={`${id}-help`} class="help">
          {problem !== null && <strong class="failure" role="alert">{problem} </strong>}
          {before !== undefined && <><del>{before === '' ? 'not set' : before}</del> → <ins>{value === '' ? 'not set' : value}</ins> </>}
          {guess !== undefined && <span class="guess">Guessed: {guess}. </span>}
          <span>{field.help}</span>
        </p>
      </div>
    </div>
  );
}
