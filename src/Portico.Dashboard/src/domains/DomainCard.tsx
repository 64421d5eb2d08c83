import { call } from '../api/client';
import type { DnsRecord, DomainState, OverviewRow } from '../api/contract';
import { refusalFor } from '../pages/actions';
import { exact } from '../text';
import { confirm } from '../ui/confirm';
import { CopyButton } from '../ui/CopyButton';
import { Icon, type IconName } from '../ui/Icon';
import { notify, tellFailure } from '../ui/notices';

interface Props {
  readonly row: OverviewRow;
  readonly domain: DomainState;
  /** The names that were added with it and redirect to it. */
  readonly counterparts: readonly string[];
  readonly onChanged: () => void;
}

/** A check takes a moment. */
const checkTakes = 1500;

const steps = ['Added', 'In DNS', 'Leads here', 'Served'] as const;

/** How many of the steps are done; the next one is what is missing. */
const done: Readonly<Record<string, number>> = { not_found: 1, elsewhere: 2, found: 3, served: 4 };

/** A custom domain: how far it is, why it is not further, and the records that it needs. */
export function DomainCard({ row, domain, counterparts, onChanged }: Props) {
  const refusal = refusalFor(row, 'manage');
  const isServed = domain.state === 'served';
  return (
    <li class="card">
      <div class="card-head">
        {isServed ? <h3><a href={domain.url} target="_blank" rel="noreferrer">{domain.name}<Icon name="outside" /></a></h3> : <h3>{domain.name}</h3>}
        <span class="gap" />
        {!isServed && <button type="button" disabled={refusal !== null} title={refusal ?? undefined} onClick={() => void check(row, domain, onChanged)}>Check now</button>}
        <button type="button" disabled={refusal !== null} title={refusal ?? undefined} aria-label={`Remove ${domain.name}`} onClick={() => void remove(row, domain, counterparts, onChanged)}>Remove</button>
      </div>
      <Chain state={domain.state} />
      <p>{domain.explanation}</p>
      {domain.checkAt != null && <p class="soft">DNS is checked again by itself at {exact(domain.checkAt)}.</p>}
      {!isServed && domain.records.length > 0 && <Records name={domain.name} records={domain.records} />}
    </li>
  );
}

function Chain({ state }: { state: string }) {
  const count = done[state] ?? 1;
  return (
    <ol class="chain">
      {steps.map((step, at) => {
        const mood = at < count ? 'done' : at > count ? 'waiting' : state === 'found' ? 'busy' : 'missing';
        const icon: IconName = mood === 'done' ? 'done' : mood === 'missing' ? 'failed' : mood === 'busy' ? 'busy' : 'empty';
        return <li key={step} class={mood}><Icon name={icon} />{step}<span class="hidden"> {mood}</span></li>;
      })}
    </ol>
  );
}

function Records({ name, records }: { name: string; records: readonly DnsRecord[] }) {
  return (
    <>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={`DNS records for ${name}`}>
        <table class="records">
          <thead><tr><th scope="col">Type</th><th scope="col">Name</th><th scope="col">Value</th></tr></thead>
          <tbody>
            {records.map((record) => (
              <tr key={`${record.type} ${record.value}`}>
                <td>{record.type}</td>
                <td><code>{record.name}</code><CopyButton text={record.name} what="name" /></td>
                <td><code>{record.value}</code><CopyButton text={record.value} what="value" /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {records.length > 1 && <p class="soft">One of these records is enough; more than one A or AAAA record is only right if all of the addresses lead here.</p>}
    </>
  );
}

async function check(row: OverviewRow, domain: DomainState, onChanged: () => void): Promise<void> {
  await tellFailure(async () => {
    await call('POST /v1/services/{serviceId}/custom-domains/{customDomainNameOrID}/verify', { params: { serviceId: row.id, customDomainNameOrID: domain.id } });
    setTimeout(onChanged, checkTakes);
  });
}

async function remove(row: OverviewRow, domain: DomainState, counterparts: readonly string[], onChanged: () => void): Promise<void> {
  const also = counterparts.length === 0 ? '' : ` ${counterparts.join(', ')}, which redirects to it, is removed too.`;
  if (!await confirm(`Remove ${domain.name}?`, `Requests for it no longer reach ${row.name}.${also} Its DNS records stay.`, 'Remove', true)) return;
  await tellFailure(async () => {
    await call('DELETE /v1/services/{serviceId}/custom-domains/{customDomainNameOrID}', { params: { serviceId: row.id, customDomainNameOrID: domain.id } });
    notify(`${domain.name} is removed.`);
    onChanged();
  });
}
