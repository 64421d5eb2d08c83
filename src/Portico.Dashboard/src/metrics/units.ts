import type { MetricsChart, MetricsPage } from '../api/contract';

const titles: Readonly<Record<string, string>> = {
  requests: 'Requests', latency: 'Latency', bandwidth: 'Bandwidth', cpu: 'CPU', memory: 'Memory', instances: 'Instances', connections: 'Connections', disk: 'Disk',
};

export const titleOf = (chart: MetricsChart): string => titles[chart.name] ?? chart.name;

/** What the values are, beside the title. */
export function unitOf(chart: MetricsChart, page: MetricsPage): string {
  if (chart.name === 'requests') return `by status, each ${stepOf(page)}`;
  if (chart.name === 'bandwidth') return `sent, each ${stepOf(page)}`;
  if (chart.unit === 'cores') return 'processors';
  return chart.name === 'connections' ? 'clients' : '';
}

/** Whether the values of steps add up. */
export const isCounted = (chart: MetricsChart): boolean => chart.name === 'requests' || chart.name === 'bandwidth';

export function valueText(unit: string, value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (unit === 'bytes') return bytes(value);
  if (unit === 'ms') return value < 10 ? `${rounded(value, 1)} ms` : value < 1000 ? `${Math.round(value)} ms` : `${rounded(value / 1000, 1)} s`;
  return unit === 'cores' ? rounded(value, value < 0.1 ? 3 : 2).toString() : Math.round(value).toLocaleString();
}

function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const at = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  const number = value / 1024 ** at;
  return `${at === 0 || number >= 100 ? Math.round(number) : rounded(number, 1)} ${units[at] ?? ''}`;
}

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

/** The start of each step, in seconds since 1970. */
export function timesOf(page: MetricsPage): number[] {
  const from = Date.parse(page.from) / 1000;
  return Array.from({ length: page.steps }, (_, step) => from + step * page.stepSeconds);
}

function stepOf(page: MetricsPage): string {
  const minutes = page.stepSeconds / 60;
  return minutes < 1 ? `${page.stepSeconds} s` : `${minutes} min`;
}
