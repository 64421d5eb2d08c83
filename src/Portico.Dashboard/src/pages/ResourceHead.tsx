import type { OverviewRow } from '../api/contract';
import { typeName } from '../text';
import { CopyButton } from '../ui/CopyButton';
import { Icon } from '../ui/Icon';
import { Menu } from '../ui/Menu';
import { Status } from '../ui/Status';
import { actionsOf } from './actions';

/** The name, state and actions of a service or data store. */
export function ResourceHead({ row, isCompact = false }: { row: OverviewRow; isCompact?: boolean }) {
  const [first, ...others] = actionsOf(row);
  const place = row.project === undefined ? [] : [row.project, row.environment];
  return (
    <div class={isCompact ? 'resource-head compact' : 'resource-head'}>
      <p class="crumbs"><a href="/">Services</a>{place.map((name) => <span key={name}> / {name}</span>)}</p>
      <div class="resource-title">
        <h1>{row.name}</h1>
        <span class="soft">{typeName(row.type)}</span>
        <Status status={row.status} />
        <span class="gap" />
        {first !== undefined && (
          <button type="button" class={first.label === 'Deploy' && !isCompact ? 'primary' : ''} disabled={first.refusal !== null} title={first.refusal ?? undefined} onClick={first.run}>{first.label}</button>
        )}
        {others.length > 0 && <Menu label={`More actions of ${row.name}`} class="icon-button bordered" items={others}><Icon name="more" /></Menu>}
      </div>
      {row.url !== undefined && !isCompact && (
        <p class="address"><a href={row.url} target="_blank" rel="noreferrer">{row.url}<Icon name="outside" /></a><CopyButton text={row.url} what="URL" /></p>
      )}
      {row.warning !== undefined && !isCompact && <p class="callout warning"><Icon name="warning" /><span>{row.warning}</span></p>}
    </div>
  );
}
