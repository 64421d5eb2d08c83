import type { DeployChanges, NameChange } from '../api/contract';
import { short } from '../text';

/** What differs between two deploys. Values of variables are not told. */
export function Changes({ changes, path, heading = 'Changed since the last good deploy' }: { changes: DeployChanges; path: string; heading?: string }) {
  if (changes.since == null) return null;
  const isEmpty = changes.commits.length + changes.settings.length + changes.variables.length + changes.secretFiles.length === 0;
  return (
    <section class="changes" aria-labelledby="changes">
      <h2 id="changes">{heading} <a class="soft" href={`${path}/deploys/${changes.since.deployId}`}>{changes.since.commit != null ? short(changes.since.commit) : changes.since.deployId}</a></h2>
      {isEmpty ? <p class="soft">Nothing: the same commit, settings and variables.</p> : <ChangeList changes={changes} />}
    </section>
  );
}

export function ChangeList({ changes }: { changes: DeployChanges }) {
  return (
    <ul class="change-list">
      {changes.commits.map((commit) => <li key={commit.deployId}><span class="change-kind">commit</span><code>{short(commit.commit ?? '')}</code> {commit.message}</li>)}
      {changes.settings.map((setting) => (
        <li key={setting.field}><span class="change-kind">field</span><code>{setting.field}</code>{' '}
          {setting.isSecret ? <span class="soft">changed (secret)</span> : <><del>{setting.before ?? 'not set'}</del> → <ins>{setting.after ?? 'not set'}</ins></>}
        </li>
      ))}
      {changes.variables.map((name) => <Name key={name.name} kind="variable" change={name} />)}
      {changes.secretFiles.map((name) => <Name key={name.name} kind="secret file" change={name} />)}
    </ul>
  );
}

function Name({ kind, change }: { kind: string; change: NameChange }) {
  return <li><span class="change-kind">{kind}</span><code>{change.name}</code> <span class="soft">{change.change}</span></li>;
}
