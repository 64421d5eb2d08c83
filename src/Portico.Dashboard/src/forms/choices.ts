import { call } from '../api/client';
import type { PlanChoice, ResourceChoices } from '../api/contract';
import { useLoaded } from '../api/resource';
import type { Option } from './fields';

export const useChoices = () => useLoaded((signal) => call<ResourceChoices>('GET /portico/v1/choices', { signal }), []);

export const planOptions = (plans: readonly PlanChoice[]): readonly Option[] => plans.map((plan) => ({ value: plan.name, label: `${plan.name.replaceAll('_', ' ')} · ${sizeOf(plan)}` }));

export const defaultPlan = (plans: readonly PlanChoice[]): string => plans.find((plan) => plan.isDefault)?.name ?? plans[0]?.name ?? '';

function sizeOf(plan: PlanChoice): string {
  const megabytes = plan.memoryBytes / 1_048_576;
  const memory = megabytes < 1024 ? `${megabytes} MB` : `${megabytes / 1024} GB`;
  return plan.cpuMillis == null ? memory : `${memory}, ${plan.cpuMillis / 1000} CPU`;
}
