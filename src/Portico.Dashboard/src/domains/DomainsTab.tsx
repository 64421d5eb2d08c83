import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/client';
import type { OverviewRow, ServiceDomains } from '../api/contract';
import { useLoaded } from '../api/resource';
import { CopyCurl } from '../forms/CopyCurl';
import { refusalFor } from '../pages/actions';
import { errorText } from '../text';
import { CopyButton } from '../ui/CopyButton';
import { notify } from '../ui/notices';
import { DomainCard } from './DomainCard';

const interval = 10_000;

/** The names that lead to a service: which are served, and what is missing for the others. */
export function DomainsTab({ row }: { row: OverviewRow }) {
  const [round, setRound] = useState(0);
  const { value: domains, error } = useLoaded((signal) => call<ServiceDomains>('GET /portico/v1/services/{serviceId}/domains', { params: { serviceId: row.id }, signal }), [row.id, round]);
  const again = () => setRound((last) => last + 1);
  const waits = domains?.domains.some((domain) => domain.state !== 'served') ?? false;
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(() => { if (!document.hidden) again(); }, interval);
    return () => clearInterval(timer);
  }, [waits]);
  if (domains === null) return <p class="soft" role="status">{error?.message ?? 'Loading…'}</p>;
  return (
    <>
      <section aria-labelledby="own-host">
        <h2 id="own-host">Own address</h2>
        <p class="address"><a href={domains.url} target="_blank" rel="noreferrer">{domains.url}</a><CopyButton text={domains.url} what="URL" /></p>
      </section>
      <section aria-labelledby="domains">
        <h2 id="domains">Custom domains</h2>
        <p class="soft">They are served over HTTP; Portico does not issue certificates yet. For HTTPS, put a proxy with a certificate in front of it.</p>
        <AddDomain row={row} onAdded={again} />
        {error !== null && <p role="alert" class="problem">{error.message}</p>}
        {domains.note != null && <p class="callout">{domains.note}</p>}
        {domains.domains.length === 0 ? <p class="soft">There is none yet.</p> : (
          <ul class="domains" aria-label="Custom domains">
            {domains.domains.map((domain) => (
              <DomainCard key={domain.id} row={row} domain={domain} onChanged={again}
                counterparts={domains.domains.filter((other) => other.redirectsTo === domain.name).map((other) => other.name)} />
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function AddDomain({ row, onAdded }: { row: OverviewRow; onAdded: () => void }) {
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const refusal = refusalFor(row, 'manage');
  const body = { name: name.trim() };
  const add = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await call('POST /v1/services/{serviceId}/custom-domains', { params: { serviceId: row.id }, body });
      setName('');
      notify(`${body.name} is added.`);
      onAdded();
    } catch (error) {
      setProblem(errorText(error).replace(/^name: /, ''));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="inline-form domain-form" onSubmit={(event) => void add(event)}>
      <label for="domain">Domain</label>
      <input id="domain" type="text" required spellcheck={false} autocomplete="off" placeholder="www.example.com" value={name} disabled={refusal !== null} aria-invalid={problem !== null}
        aria-describedby="domain-help" onInput={(event) => setName(event.currentTarget.value)} />
      <button class="primary" disabled={refusal !== null || isBusy} title={refusal ?? undefined}>Add domain</button>
      {body.name !== '' && <CopyCurl route="POST /v1/services/{serviceId}/custom-domains" params={{ serviceId: row.id }} body={body} />}
      <p id="domain-help" class="help">
        {problem !== null && <strong role="alert" class="failure">{problem} </strong>}
        {refusal ?? 'A name such as shop.example.com, or *.example.com for all names below. With example.com, www.example.com is added too, and redirects to it.'}
      </p>
    </form>
  );
}
