import { politePerSecond } from '@rackhaus/config/contract';
import type { Database } from './database/tables.ts';

/** The network in which the demo's simulator has devices that nobody has documented, and where their SNMP listens. */
const network = '127.77.10.0/24';
const snmpPort = 1161;

/** A scan that is ready to be begun: the town hall's network with all of its credentials, those that open most first. */
export async function bringDiscoveryIn(db: Database, now: number): Promise<void> {
  const sets = await db
    .selectFrom('credentials')
    .leftJoin('device_monitoring as m', 'm.credential_id', 'credentials.id')
    .select((e) => ['credentials.id', e.fn.count<number>('m.device_id').as('devices')])
    .groupBy('credentials.id')
    .orderBy('devices', 'desc')
    .orderBy('credentials.id')
    .execute();
  await db
    .insertInto('discovery_scans')
    .values({
      name: 'Rathaus',
      networks: JSON.stringify([network]),
      exclude: '[]',
      credential_ids: JSON.stringify(sets.map(({ id }) => id)),
      snmp_port: snmpPort,
      agent_id: null,
      neighbours: 1,
      per_second: politePerSecond,
      repeat: JSON.stringify({ every: 'never' }),
      next_at: null,
      created_at: now,
    })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
}
