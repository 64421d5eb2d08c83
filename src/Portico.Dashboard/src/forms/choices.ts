import { call } from '../api/client';
import type { PlanChoice, ResourceChoices } from '../api/contract';
import { useLoaded } from '../api/resource';
import type { Option } from './fields';

export const useChoices = () => useLoaded((signal) => call<ResourceChoices>('GET /portico/v1/choices', { signal }), []);

export const planOptions = (plans: readonly PlanChoice[]): readonly Option[] => plans.map((plan) => ({ value: plan.name, label: `${plan.name.replaceAll('_', ' ')} · ${sizeOf(plan)}` }));

export const defaultPlan = (plans: readonly PlanChoice[]): string => plans.find((plan) => plan.isDefault)?.name ?? plans[0]?.name ?? '';

/** A choice that new resources do not have stays possible. */
export const withPresent = (options: readonly Option[], present: string | undefined): readonly Option[] =>
  present === undefined || options.some((option) => option.value === present) ? options : [{ value: present, label: present }, ...options];

export const policyOptions: readonly Option[] = [
  { value: 'allkeys_lru', label: 'Remove keys that were not used for longest (cache)' }, { value: 'noeviction', label: 'Refuse writes (queue)' },
  { value: 'volatile_lru', label: 'Remove unused keys that expire' }, { value: 'volatile_ttl', label: 'Remove keys that expire soonest' },
];

export const persistenceOptions: readonly Option[] = [
  { value: 'journal_snapshot', label: 'On: every write is kept' }, { value: 'off', label: 'Off: a restart empties it' },
];

function sizeOf(plan: PlanChoice): string {
  const megabytes = plan.memoryBytes / 1_048_576;
  const memory = megabytes < 1024 ? `${megabytes} MB` : `${megabytes / 1024} GB`;
  return plan.cpuMillis == null ? memory : `${memory}, ${plan.cpuMillis / 1000} CPU`;
}
