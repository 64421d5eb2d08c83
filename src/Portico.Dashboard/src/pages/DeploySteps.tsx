import type { DeployStepTimes } from '../api/contract';
import { duration } from '../text';
import { Icon, type IconName } from '../ui/Icon';
import { useNow } from '../ui/Time';

const icons: Readonly<Record<string, IconName>> = { succeeded: 'done', failed: 'failed', running: 'busy', canceled: 'suspended' };

/** The steps of a deploy with the time that each took. */
export function DeploySteps({ steps, type, phase }: { steps: readonly DeployStepTimes[]; type: string; phase: string | null }) {
  return (
    <ol class="steps" aria-label="Steps">
      {steps.map((step) => (
        <li key={step.name} class={step.state}>
          <Icon name={icons[step.state] ?? 'empty'} class={step.state === 'running' ? 'turning' : ''} />
          <span class="step-name">{nameOf(step.name, type)}</span>
          <span class="soft">{step.from == null ? (step.state === 'waiting' ? 'waiting' : 'not run') : <Took from={step.from} to={step.to ?? null} />}</span>
          <span class="hidden">{step.state}</span>
          {step.state === 'running' && phase !== null && <span class="step-phase soft">{phase}</span>}
        </li>
      ))}
    </ol>
  );
}

function Took({ from, to }: { from: string; to: string | null }) {
  const now = useNow();
  return <>{duration(from, to ?? new Date(Math.max(now, Date.parse(from))).toISOString())}</>;
}

function nameOf(step: string, type: string): string {
  switch (step) {
    case 'queue': return 'Queue and source';
    case 'build': return 'Build';
    case 'pre_deploy': return 'Pre-deploy';
    default: return type === 'static_site' ? 'Publish' : type === 'cron_job' ? 'Update' : 'Start and switch';
  }
}
