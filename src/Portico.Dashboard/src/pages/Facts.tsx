import { CopyButton } from '../ui/CopyButton';

/** A name, its value, and whether people copy it. */
export type Fact = readonly [name: string, value: string | null | undefined, isCopied?: boolean];

export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value, isCopied]) => value == null || value === '' ? null : (
        <div key={name}>
          <dt>{name}</dt>
          <dd><span class={isCopied === true ? 'exact' : undefined}>{value}</span>{isCopied === true && <CopyButton text={value} what={name.toLowerCase()} />}</dd>
        </div>
      ))}
    </dl>
  );
}
