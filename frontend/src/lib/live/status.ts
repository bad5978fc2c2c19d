import type { BilingualText, HealthState, IncidentSummary } from '@rackhaus/config/contract';
import { openConditions } from './conditions.ts';
import type { LiveDevice, LiveIncidents, LiveOverview } from './store.svelte.ts';

/** What is named first. */
export interface FirstWrong {
  readonly title: BilingualText;
  readonly since: number;
  /** Devices that hang on it. */
  readonly affected: number;
  /** Its incident; null: it has none yet. */
  readonly incidentId: number | null;
}

/** The state of the whole, ready to be put into words. */
export interface WholeStatus {
  readonly state: HealthState;
  readonly kind: 'nothing-monitored' | 'all-well' | 'some-well';
  readonly well: number;
  readonly total: number;
  readonly unknown: number;
  /** What to name first: the cause rather than what hangs on it; the worst, then the newest. */
  readonly first: FirstWrong | null;
  /** How many more there are besides `first`. */
  readonly more: number;
}

/** How many devices are how, and what asks for attention: worst first, then newest first. */
export type Sum = Pick<
  LiveOverview,
  'total' | 'well' | 'warning' | 'critical' | 'unknown' | 'conditions' | 'conditionCount'
>;

/** What a view says of the whole; of a view of one place, the sum of the devices there. null: not known yet. */
export function overviewOf(store: {
  readonly overview: LiveOverview | null;
  readonly arrived: boolean;
  readonly devices: ReadonlyMap<number, Pick<LiveDevice, 'state' | 'conditions'>>;
}): Sum | null {
  if (store.overview) return store.overview;
  if (!store.arrived) return null;
  const devices = [...store.devices.values()];
  const conditions = openConditions(devices);
  const count = (state: HealthState) => devices.filter((device) => device.state === state).length;
  return {
    total: devices.length,
    well: count('ok'),
    warning: count('warning'),
    critical: count('critical'),
    unknown: count('unknown') + count('unmonitored'),
    conditions,
    conditionCount: conditions.length,
  };
}

/** Sums up an overview. Conditions and incidents come worst first, then newest first (contract). */
export function wholeStatus(
  overview: Sum,
  incidents: Pick<LiveIncidents, 'incidents' | 'open'> | null = null,
): WholeStatus {
  const { total, well, unknown, conditions, conditionCount } = overview;
  // Of what is only waited for whether it comes back, nothing is said here.
  const lasting = incidents?.incidents.filter(({ calm }) => calm !== true) ?? [];
  const leading = leadingIncident(lasting);
  const condition = conditions[0];
  const first: FirstWrong | null = leading
    ? { ...leading, incidentId: leading.id }
    : condition
      ? { title: condition.title, since: condition.since, affected: 0, incidentId: null }
      : null;
  const more = Math.max(0, (leading ? lasting.length : conditionCount) - 1);
  const counts = { well, total, unknown, first, more };
  if (total === 0 && !first) return { ...counts, kind: 'nothing-monitored', state: 'unmonitored' };
  const state: HealthState =
    overview.critical > 0 || condition?.severity === 'critical' || leading?.severity === 'critical'
      ? 'critical'
      : overview.warning > 0 || first
        ? 'warning'
        : unknown > 0
          ? 'unknown'
          : 'ok';
  return { ...counts, state, kind: well === total ? 'all-well' : 'some-well' };
}

/**
 * The one to name: the worst, of these the one that most hangs on. What is only practised, held by maintenance or not known to go on
 * comes after all that is not.
 */
function leadingIncident(incidents: readonly IncidentSummary[]): IncidentSummary | undefined {
  const weight = ({ drill, heldBy, unknown, severity }: IncidentSummary) =>
    (drill ? 0 : 8) + (heldBy ? 0 : 4) + (unknown ? 0 : 2) + (severity === 'critical' ? 1 : 0);
  return incidents.toSorted((a, b) => weight(b) - weight(a) || b.affected - a.affected)[0];
}
