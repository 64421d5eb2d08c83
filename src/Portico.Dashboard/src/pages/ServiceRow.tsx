import { useLayoutEffect, useRef } from 'preact/hooks';
import type { OverviewRow, OverviewTraffic } from '../api/contract';
import { needsAttention, short, statusName, typeName } from '../text';
import { Icon } from '../ui/Icon';
import { Menu } from '../ui/Menu';
import { Status } from '../ui/Status';
import { Time } from '../ui/Time';
import { actionsOf } from './actions';

/** One service or data store in the list. */
export function ServiceRow({ row, takesFocus, onFocus }: { row: OverviewRow; takesFocus: boolean; onFocus: () => void }) {
  const link = useRef<HTMLAnchorElement>(null);
  useLayoutEffect(() => {
    if (takesFocus) link.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  const hasFailed = needsAttention(row);
  return (
    <div class={hasFailed ? 'row attention' : 'row'} onFocusCapture={onFocus}>
      <div class="row-name">
        <a ref={link} href={row.path}>{row.name}</a>
        <small>{typeName(row.type)}</small>
      </div>
      <div class="row-status"><Status status={hasFailed && row.status === 'live' ? 'failed' : row.status} label={hasFailed && row.status === 'live' ? 'Live, deploy failed' : statusName(row.status)} /></div>
      <div class="row-what">{hasFailed && row.failure !== undefined ? <Failure row={row} /> : <Commit row={row} />}</div>
      <div class="row-traffic soft">{row.traffic !== undefined && <Traffic traffic={row.traffic} />}</div>
      <div class="row-instances soft">{row.instances > 0 && `${row.ready}/${row.instances}`}<span class="hidden">{row.instances > 0 && ' instances ready'}</span></div>
      <div class="row-age soft">{row.deploy !== undefined && <Time at={row.deploy.since} />}</div>
      <div class="row-actions">
        {row.url !== undefined && <a class="quiet icon-button" href={row.url} target="_blank" rel="noreferrer" aria-label={`Open ${row.name}`} title={row.url}><Icon name="outside" /></a>}
        <Menu label={`Actions of ${row.name}`} class="quiet icon-button" items={actionsOf(row)}><Icon name="more" /></Menu>
      </div>
    </div>
  );
}

/** What to do comes before what happened: the end of the line may not fit. */
function Failure({ row }: { row: OverviewRow }) {
  if (row.hint === undefined) return <span class="failure" title={row.failure}>{row.failure}</span>;
  return <span class="failure" title={`${row.failure}\n${row.hint}`}>{row.hint}<em> {row.failure}</em></span>;
}

/** Requests in the last minute. Errors are told only if there were some. */
function Traffic({ traffic }: { traffic: OverviewTraffic }) {
  return (
    <>
      {traffic.errorPercent > 0 && <b class="failure" title="Answered with an error of the server">{traffic.errorPercent} % errors</b>}
      <span title="Requests per second in the last minute">{traffic.perSecond}/s</span>
      <span title="95 % of requests took at most this long">{traffic.p95 < 1000 ? `${traffic.p95} ms` : `${Math.round(traffic.p95 / 100) / 10} s`}</span>
    </>
  );
}

function Commit({ row }: { row: OverviewRow }) {
  if (row.warning !== undefined) return <span class="warning" title={row.warning}>{row.warning}</span>;
  const deploy = row.deploy;
  if (deploy === undefined) return null;
  return <span class="commit" title={deploy.message}>{deploy.commit !== undefined && <code>{short(deploy.commit)}</code>} {deploy.message}</span>;
}
