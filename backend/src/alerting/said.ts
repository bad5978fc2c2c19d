import type { Database } from '../database/tables.ts';
import type { DeviceSaid, OutletSwitched } from './parts.ts';

/** What is said with other words each time does not fill the story: all of it is among the messages. */
const mostOfOne = 20;

/** Writes a message of a device into the story of an incident; the same once. Nothing where the incident is gone. */
export async function writeSaid(db: Database, incidentId: number, said: DeviceSaid): Promise<void> {
  if (!(await isThere(db, incidentId))) return;
  const detail = JSON.stringify({ device: said.device });
  const known = await db
    .selectFrom('incident_events')
    .select('text')
    .where('incident_id', '=', incidentId)
    .where('kind', '=', 'said')
    .where('detail', '=', detail)
    .execute();
  if (known.length >= mostOfOne || known.some(({ text }) => text === said.text)) return;
  await db
    .insertInto('incident_events')
    .values({ incident_id: incidentId, time: said.time, kind: 'said', by: null, text: said.text, detail })
    .execute();
}

/** Writes into the story of an incident what somebody has switched; the same once. Nothing where the incident is gone. */
export async function writeSwitched(
  db: Database,
  incidentId: number,
  { device, outlet, by, reason, time }: OutletSwitched,
): Promise<void> {
  if (!(await isThere(db, incidentId))) return;
  const detail = JSON.stringify({ device, outlet });
  const known = await db
    .selectFrom('incident_events')
    .select('id')
    .where('incident_id', '=', incidentId)
    .where('kind', '=', 'switched')
    .where('time', '=', time)
    .where('detail', '=', detail)
    .executeTakeFirst();
  if (known !== undefined) return;
  await db
    .insertInto('incident_events')
    .values({ incident_id: incidentId, time, kind: 'switched', by, text: reason, detail })
    .execute();
}

async function isThere(db: Database, incidentId: number): Promise<boolean> {
  const query = db.selectFrom('incidents').select('id').where('id', '=', incidentId);
  return (await query.executeTakeFirst()) !== undefined;
}
