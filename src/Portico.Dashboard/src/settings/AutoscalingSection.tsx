import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { AutoscalingConfig, OverviewRow, Service } from '../api/contract';
import { CopyCurl } from '../forms/CopyCurl';
import { refusalFor } from '../pages/actions';
import { errorText } from '../text';
import { notify } from '../ui/notices';

const usual: AutoscalingConfig = { enabled: false, min: 1, max: 3, criteria: { cpu: { enabled: true, percentage: 70 }, memory: { enabled: false, percentage: 80 } } };

/** Lets the number of instances follow their use of CPU and memory. */
export function AutoscalingSection({ row, service, onSaved }: { row: OverviewRow; service: Service; onSaved: (config: AutoscalingConfig) => void }) {
  const [typed, setTyped] = useState<AutoscalingConfig | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  if (row.type === 'static_site' || row.type === 'cron_job') return null;
  const saved = service.serviceDetails.autoscaling ?? usual;
  const config = typed ?? saved;
  const refusal = refusalFor(row, 'manage');
  const route = 'PUT /v1/services/{serviceId}/autoscaling';
  const save = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    try {
      await call(route, { params: { serviceId: row.id }, body: config });
      onSaved(config);
      setTyped(null);
      notify(config.enabled ? `${row.name} scales itself between ${config.min} and ${config.max} instances.` : `Autoscaling of ${row.name} is off.`);
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  const number = (label: string, value: number, change: (value: number) => AutoscalingConfig, isOn = true) => (
    <label>{label} <input type="number" min={1} max={100} required value={value} disabled={refusal !== null || !config.enabled || !isOn} onInput={(event) => setTyped(change(Number(event.currentTarget.value)))} /></label>
  );
  const criterion = (label: string, name: 'cpu' | 'memory') => (
    <span class="criterion">
      <label><input type="checkbox" checked={config.criteria[name].enabled} disabled={refusal !== null || !config.enabled} onChange={(event) => setTyped({ ...config, criteria: { ...config.criteria, [name]: { ...config.criteria[name], enabled: event.currentTarget.checked } } })} /> {label}</label>
      {number(`${label} in percent`, config.criteria[name].percentage, (percentage) => ({ ...config, criteria: { ...config.criteria, [name]: { ...config.criteria[name], percentage } } }), config.criteria[name].enabled)}
    </span>
  );
  return (
    <section aria-labelledby="autoscaling">
      <h2 id="autoscaling">Autoscaling</h2>
      <form class="autoscaling" onSubmit={(event) => void save(event)}>
        <label><input type="checkbox" checked={config.enabled} disabled={refusal !== null} onChange={(event) => setTyped({ ...config, enabled: event.currentTarget.checked })} /> Let the load decide how many run</label>
        <div class="inline-form">{number('At least', config.min, (min) => ({ ...config, min }))}{number('At most', config.max, (max) => ({ ...config, max }))}</div>
        <div class="inline-form">{criterion('CPU', 'cpu')}{criterion('Memory', 'memory')}</div>
        <p class="help">
          {problem !== null && <strong role="alert" class="failure">{problem} </strong>}
          Instances are added while the average is above a target, and removed some minutes after it has fallen. It takes effect at once, without a deploy. A service with a disk cannot have it.
        </p>
        {typed !== null && (
          <div class="buttons">
            <CopyCurl route={route} params={{ serviceId: row.id }} body={config} />
            <button type="button" class="quiet" onClick={() => { setTyped(null); setProblem(null); }}>Discard</button>
            <button class="primary">Save autoscaling</button>
          </div>
        )}
      </form>
    </section>
  );
}
