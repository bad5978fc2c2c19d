import type { IncidentSummary } from '@rackhaus/config/contract';

/** What is to be heard now. `repeated`: until somebody takes it. */
export type Alarm = 'none' | 'once' | 'repeated';

/**
 * What a change of the open incidents asks of the sound. Critical ones that nobody has taken sound again and again; a warning once,
 * when it comes. What is held by maintenance, put off or still being checked is silent.
 * @param known ids of the warnings that have sounded, or were there before the sound; null: nothing is known yet
 */
export function alarmOf(
  incidents: readonly IncidentSummary[],
  known: ReadonlySet<number> | null,
  now: number,
): { readonly alarm: Alarm; readonly known: ReadonlySet<number> } {
  const loud = incidents.filter(
    ({ state, heldBy, snoozedUntil }) =>
      state === 'open' && heldBy === null && (snoozedUntil === null || snoozedUntil <= now),
  );
  const next = new Set([...loud.map(({ id }) => id), ...stillThere(known, incidents)]);
  if (loud.some(({ severity }) => severity === 'critical')) return { alarm: 'repeated', known: next };
  const fresh = known !== null && loud.some(({ id }) => !known.has(id));
  return { alarm: fresh ? 'once' : 'none', known: next };
}

function stillThere(known: ReadonlySet<number> | null, incidents: readonly IncidentSummary[]): number[] {
  return incidents.flatMap(({ id }) => (known?.has(id) ? [id] : []));
}
