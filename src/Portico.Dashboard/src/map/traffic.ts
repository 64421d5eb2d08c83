import type { OverviewTraffic } from '../api/contract';

/** The requests of the last minute: `1.7/s`, `12/s, 3 % errors`. */
export const trafficText = (traffic: OverviewTraffic): string => `${traffic.perSecond}/s${traffic.errorPercent > 0 ? `, ${traffic.errorPercent} % errors` : ''}`;
