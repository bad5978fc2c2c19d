import { sql } from 'kysely';
import type { Database } from '../../database/tables.ts';

/** Whose ports are meant. */
export interface Owners {
  readonly devices: readonly number[];
  readonly outlets: readonly number[];
  readonly rooms: readonly number[];
}

/**
 * Ports from which the paths of devices, outlets and rooms are told, at most `limit`: those in which something is plugged; of one
 * that has nothing plugged in, all. Of a room: its outlets and what stands there outside of racks; of a room without these, what is in its racks.
 */
export async function portsOf(db: Database, owners: Owners, limit: number): Promise<number[]> {
  const ports = new Set<number>();
  const add = (ids: readonly number[]) => {
    for (const id of ids) if (ports.size < limit) ports.add(id);
  };
  for (const id of owners.outlets) add(await cabled(db, sql`ports.outlet_id = ${id}`, limit));
  for (const id of owners.devices) add(await cabled(db, sql`ports.device_id = ${id}`, limit));
  for (const id of owners.rooms) {
    const near = await cabled(
      db,
      sql`ports.outlet_id in (select id from outlets where room_id = ${id})
        or ports.device_id in (select id from devices where room_id = ${id} and rack_id is null)`,
      limit,
    );
    add(
      near.length > 0
        ? near
        : await cabled(db, sql`ports.device_id in (select id from devices where room_id = ${id})`, limit),
    );
  }
  return [...ports];
}

async function cabled(db: Database, which: ReturnType<typeof sql>, limit: number): Promise<number[]> {
  const { rows } = await sql<{ id: number; used: number }>`
    select ports.id, exists (select 1 from link_ends where link_ends.port_id = ports.id) as used
    from ports where ${which} order by used desc, ports.outlet_id, ports.device_id, ports.rank, ports.id
    limit ${limit}`.execute(db);
  const used = rows.filter((row) => row.used === 1);
  // Inside a panel, the front tells what the rear does.
  return (used.length > 0 ? used : rows).map((row) => row.id);
}
