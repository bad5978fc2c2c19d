import type { Condition, HealthState } from '@rackhaus/config/contract';

/** The state that conditions add up to. */
export function stateOf(conditions: readonly Condition[]): HealthState {
  if (conditions.some(({ severity }) => severity === 'critical')) return 'critical';
  return conditions.length > 0 ? 'warning' : 'ok';
}

const badness: Readonly<Record<HealthState, number>> = {
  unmonitored: 0,
  ok: 1,
  unknown: 2,
  warning: 3,
  critical: 4,
};

/** The worse of two states. What is known to be wrong weighs more than what is not known. */
export function worse(a: HealthState, b: HealthState): HealthState {
  return badness[a] >= badness[b] ? a : b;
}

/** Worst first, then newest first, then by id so that the order does not change by itself. */
export function byUrgency(a: Condition, b: Condition): number {
  if (a.severity !== b.severity) return a.severity === 'critical' ? -1 : 1;
  return b.since - a.since || (a.id < b.id ? -1 : 1);
}
