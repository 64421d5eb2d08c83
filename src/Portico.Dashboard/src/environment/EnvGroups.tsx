import type { LinkedEnvGroup } from '../api/contract';
import type { DraftRow } from './draft';

/** The variables that a service has from groups. Only their names are shown here: others use the groups too. */
export function EnvGroups({ groups, own }: { groups: readonly LinkedEnvGroup[]; own: readonly DraftRow[] }) {
  const overridden = new Set(own.filter((row) => !row.isRemoved).map((row) => row.key));
  return (
    <>
      {groups.map((group) => (
        <section key={group.id} aria-labelledby={group.id}>
          <h2 id={group.id}>From group {group.name} <span class="soft">{group.variables.length}</span></h2>
          <ul class="names">
            {group.variables.map((variable) => (
              <li key={variable.key}><code>{variable.key}</code>{overridden.has(variable.key) && <span class="soft"> overridden above</span>}</li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
