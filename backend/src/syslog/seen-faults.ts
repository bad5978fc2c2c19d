import { saidKey } from '../alerting/world.ts';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';
import type { SeenFault } from './severe-messages.ts';

/** What is over for longer explains nothing that is waited with. */
const lookBackMs = 3_600_000;

/** Parts of these devices in incidents that come from readings: of open ones, and of ones that were so a moment ago. */
export async function seenFaults(
  db: Database,
  deviceIds: readonly number[],
  now: number,
): Promise<SeenFault[]> {
  const faults: SeenFault[] = [];
  for (const ids of chunked(deviceIds)) {
    const rows = await db
      .selectFrom('incident_members')
      .innerJoin('incidents', 'incidents.id', 'incident_members.incident_id')
      .select([
        'incident_members.device_id',
        'incident_members.since',
        'incident_members.ended_at',
        'incidents.id',
        'incidents.state',
        'incidents.severity',
      ])
      .where('incident_members.device_id', 'in', ids)
      .where('incident_members.condition_id', 'not like', 'own/%')
      .where('incidents.drill', '=', 0)
      .where((e) =>
        e.or([
          e('incident_members.ended_at', 'is', null),
          e('incident_members.ended_at', '>', now - lookBackMs),
        ]),
      )
      .orderBy('incidents.id', 'desc')
      .execute();
    for (const { device_id: deviceId, id, since, ended_at: until, state, severity } of rows)
      faults.push({
        deviceId,
        incidentId: id,
        pending: state === 'pending',
        critical: severity === 'critical',
        since,
        until,
      });
  }
  return faults;
}

/** By device: when the incident that its message made was ended by hand, and has not come back since. */
export async function endedByHand(db: Database, deviceIds: readonly number[]): Promise<Map<number, number>> {
  const ended = new Map<number, number>();
  const of = new Map(deviceIds.map((id) => [saidKey(id), id]));
  for (const keys of chunked([...of.keys()]))
    for (const { key, state, resolved_at: at } of await db
      .selectFrom('incidents')
      .select(['key', 'state', 'resolved_at'])
      .where('key', 'in', keys)
      .orderBy('id')
      .execute()) {
      const id = of.get(key);
      if (id === undefined) continue;
      if (state === 'resolved' && at !== null) ended.set(id, at);
      else ended.delete(id);
    }
  return ended;
}
