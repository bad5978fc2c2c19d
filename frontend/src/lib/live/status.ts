import type { Condition, HealthState } from '@rackhaus/config/contract';
import type { LiveOverview } from './store.svelte.ts';

/** The state of the whole, ready to be put into words. */
export interface WholeStatus {
  readonly state: HealthState;
  readonly kind: 'nothing-monitored' | 'all-well' | 'some-well';
  readonly well: number;
  readonly total: number;
  readonly unknown: number;
  /** What to name first: the worst, then the newest. */
  readonly first: Condition | null;
  /** How many more there are besides `first`. */
  readonly more: number;
}

/** Sums up an overview. Conditions come worst first, then newest first (contract). */
export function wholeStatus(
  overview: Pick<
    LiveOverview,
    'total' | 'well' | 'warning' | 'critical' | 'unknown' | 'conditions' | 'conditionCount'
  >,
): WholeStatus {
  const { total, well, unknown, conditions, conditionCount } = overview;
  const first = conditions[0] ?? null;
  const counts = { well, total, unknown, first, more: Math.max(0, conditionCount - 1) };
  if (total === 0 && !first) return { ...counts, kind: 'nothing-monitored', state: 'unmonitored' };
  const state: HealthState =
    overview.critical > 0 || first?.severity === 'critical'
      ? 'critical'
      : overview.warning > 0 || first
        ? 'warning'
        : unknown > 0
          ? 'unknown'
          : 'ok';
  return { ...counts, state, kind: well === total ? 'all-well' : 'some-well' };
}
