import type { Database } from '../../database/tables.ts';

/** What causes need to know of the documentation besides how it is connected. */
export interface CauseFacts {
  readonly devices: ReadonlyMap<number, FactsOfDevice>;
  readonly sites: ReadonlyMap<number, string>;
  readonly rooms: ReadonlyMap<number, string>;
  /** Ports of devices that have a cable. */
  readonly ports: ReadonlyMap<number, { readonly deviceId: number; readonly name: string }>;
  /** Label of each cable. */
  readonly cables: ReadonlyMap<number, string>;
}

export interface FactsOfDevice {
  readonly name: string;
  readonly role: string;
  readonly siteId: number;
  readonly roomId: number | null;
}

/** An agent, on which documented device it runs, and what it polls. */
export interface AgentFacts {
  readonly id: number;
  readonly name: string;
  readonly deviceId: number | null;
}

/** Names and places of everything, read at one moment. */
export async function loadFacts(db: Database): Promise<CauseFacts> {
  return db.transaction().execute(async (tx) => {
    const devices = await tx
      .selectFrom('devices')
      .innerJoin('rooms', 'rooms.id', 'devices.room_id')
      .select(['devices.id', 'devices.name', 'devices.role', 'devices.room_id', 'rooms.site_id'])
      .execute();
    const ports = await tx
      .selectFrom('ports')
      .innerJoin('link_ends', 'link_ends.port_id', 'ports.id')
      .select(['ports.id', 'ports.device_id', 'ports.name'])
      .execute();
    const rooms = await tx.selectFrom('rooms').select(['id', 'name']).execute();
    const sites = await tx.selectFrom('sites').select(['id', 'name']).execute();
    const cables = await tx.selectFrom('links').select(['id', 'label']).execute();
    return {
      devices: new Map(
        devices.map((row) => [
          row.id,
          { name: row.name, role: row.role, siteId: row.site_id, roomId: row.room_id },
        ]),
      ),
      rooms: new Map(rooms.map((row) => [row.id, row.name])),
      sites: new Map(sites.map((row) => [row.id, row.name])),
      ports: new Map(
        ports.flatMap(({ id, device_id: deviceId, name }) =>
          deviceId === null ? [] : [[id, { deviceId, name }] as const],
        ),
      ),
      cables: new Map(cables.map((row) => [row.id, row.label])),
    };
  });
}
