import type { IncidentCause, IncidentDetail } from '@rackhaus/config/contract';
import type { Member } from './incident.ts';

const mostSeries = 12;

type Series = IncidentDetail['series'];

/** Readings worth looking at: those that say what is wrong, and whether the cause answers and how fast. */
export function seriesOf(
  cause: IncidentCause,
  members: readonly Member[],
  metricOf: (ruleId: string) => string | undefined,
): Series {
  const series = new Map<string, Series[number]>();
  const add = (deviceId: number, entity: string, metric: string) => {
    if (deviceId !== 0) series.set(`${deviceId}/${metric}/${entity}`, { deviceId, entity, metric });
  };
  for (const { role, condition } of members) {
    const metric = condition.metric ?? metricOf(condition.rule);
    if (role === 'affected' || metric === undefined) continue;
    add(condition.deviceId, condition.entity, metric);
  }
  if (cause.deviceId !== null && cause.kind === 'device') add(cause.deviceId, '', 'device.ping');
  return [...series.values()].slice(0, mostSeries);
}
