import type { Selectable } from 'kysely';
import { type PolledNetwork, polledNetworks } from '../../access/polled-networks.ts';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import type { InventoryTables } from '../tables.ts';

type Rows<T extends keyof InventoryTables> = readonly Selectable<InventoryTables[T]>[];
export type KnownRow<T extends keyof InventoryTables> = Selectable<InventoryTables[T]>;

/** What the inventory holds, as far as lists are compared with it. Ports are asked for when they are needed. */
export interface Known {
  readonly sites: Rows<'sites'>;
  readonly buildings: Rows<'buildings'>;
  readonly floors: Rows<'floors'>;
  readonly rooms: Rows<'rooms'>;
  readonly racks: Rows<'racks'>;
  readonly types: Rows<'device_types'>;
  readonly devices: Rows<'devices'>;
  readonly outlets: Rows<'outlets'>;
  readonly contracts: Rows<'contracts'>;
  readonly spareParts: Rows<'spare_parts'>;
  readonly vrfs: Rows<'vrfs'>;
  readonly vlans: Rows<'vlans'>;
  readonly prefixes: Rows<'prefixes'>;
  readonly addresses: Rows<'addresses'>;
  readonly monitored: ReadonlySet<number>;
  /** Where devices may be polled. */
  readonly polledNetworks: readonly PolledNetwork[];
}

export async function readKnown(db: Database): Promise<Known> {
  const monitoring = await db.selectFrom('device_monitoring').select('device_id').execute();
  return {
    sites: await db.selectFrom('sites').selectAll().execute(),
    buildings: await db.selectFrom('buildings').selectAll().execute(),
    floors: await db.selectFrom('floors').selectAll().execute(),
    rooms: await db.selectFrom('rooms').selectAll().execute(),
    racks: await db.selectFrom('racks').selectAll().execute(),
    types: await db.selectFrom('device_types').selectAll().execute(),
    devices: await db.selectFrom('devices').selectAll().execute(),
    outlets: await db.selectFrom('outlets').selectAll().execute(),
    contracts: await db.selectFrom('contracts').selectAll().execute(),
    spareParts: await db.selectFrom('spare_parts').selectAll().execute(),
    vrfs: await db.selectFrom('vrfs').selectAll().execute(),
    vlans: await db.selectFrom('vlans').selectAll().execute(),
    prefixes: await db.selectFrom('prefixes').selectAll().execute(),
    addresses: await db.selectFrom('addresses').selectAll().execute(),
    monitored: new Set(monitoring.map((row) => row.device_id)),
    polledNetworks: await polledNetworks(db),
  };
}

export type KnownPort = KnownRow<'ports'>;

/** The ports of some devices or outlets, by the number of their owner. */
export async function portsOf(
  db: Database,
  column: 'device_id' | 'outlet_id',
  ids: readonly number[],
): Promise<ReadonlyMap<number, readonly KnownPort[]>> {
  const ports: KnownPort[] = [];
  for (const part of chunked(ids))
    for (const port of await db
      .selectFrom('ports')
      .selectAll()
      .where(column, 'in', part)
      .orderBy('rank')
      .execute())
      ports.push(port);
  return Map.groupBy(ports, (port) => port[column] ?? 0);
}

/** The port whose MAC address is meant when a list of devices has one: that for management, else the first one. */
export function macPort<P extends { readonly kind: string; readonly name: string }>(
  ports: readonly P[],
): P | undefined {
  const network = ports.filter((port) => port.kind === 'network');
  return (
    network.find((port) => /mgmt|management|oobm|ilo|idrac|bmc|ipmi|irmc/i.test(port.name)) ?? network[0]
  );
}
