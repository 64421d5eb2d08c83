import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { OverviewRow, Service } from '../api/contract';
import { errorText } from '../text';
import { notify } from '../ui/notices';
import { refusalFor } from './actions';

/** How many instances run. It takes effect at once, without a deploy. */
export function Scale({ row, service }: { row: OverviewRow; service: Service }) {
  const [number, setNumber] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const present = service.serviceDetails.numInstances;
  if (present === undefined || row.type === 'static_site' || row.type === 'cron_job') return null;
  const refusal = refusalFor(row);
  const wanted = number ?? `${present}`;
  const scale = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    try {
      await call('POST /v1/services/{serviceId}/scale', { params: { serviceId: row.id }, body: { numInstances: Number(wanted) } });
      notify(`${row.name} is scaled to ${wanted}.`);
      setNumber(null);
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <section aria-labelledby="scale">
      <h2 id="scale">Instances</h2>
      <form class="inline-form" onSubmit={(event) => void scale(event)}>
        <input type="number" min={0} max={100} required aria-label="Number of instances" value={wanted} disabled={refusal !== null} onInput={(event) => setNumber(event.currentTarget.value)} />
        <button disabled={refusal !== null || wanted === `${present}`} title={refusal ?? undefined}>Scale</button>
        <span class="soft">{service.serviceDetails.autoscaling?.enabled === true ? 'Autoscaling is on and changes the number.' : 'It takes effect at once, without a deploy.'}</span>
      </form>
      {problem !== null && <p role="alert" class="failure">{problem}</p>}
    </section>
  );
}
