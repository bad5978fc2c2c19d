import type { Database } from '../database/tables.ts';
import type { Permission } from '../http/permission.ts';
import { AppError } from '../problem.ts';

/**
 * Of a kiosk link that shows one room: what the address names has to be in that room, or be it.
 * @throws AppError forbidden
 */
export async function refuseOtherRoom(
  db: Database,
  room: number,
  permission: Permission,
  address: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (typeof permission.room !== 'object') return;
  for (const [name, place] of Object.entries(permission.room)) {
    const ids = [address[name]].flat().filter((id) => id !== undefined && id !== null);
    for (const id of ids)
      if ((await roomOf(db, place, Number(id))) !== room)
        throw new AppError('forbidden', 'This kiosk link shows one room and nothing else.', undefined, {
          reason: 'one-room',
        });
    // Nothing named would be everything.
    if (ids.length === 0)
      throw new AppError('forbidden', `With this kiosk link, ${name} has to be named.`, undefined, {
        reason: 'one-room',
      });
  }
}

async function roomOf(db: Database, place: 'room' | 'rack' | 'device', id: number): Promise<number | null> {
  if (place === 'room') return id;
  const row = await db
    .selectFrom(place === 'rack' ? 'racks' : 'devices')
    .select('room_id')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.room_id ?? null;
}

/** The room that the page of a kiosk link shows; undefined: it shows all rooms. */
export function roomOfPage(path: string): number | undefined {
  const id = /^\/rooms\/(\d+)$/.exec(path)?.[1];
  return id === undefined ? undefined : Number(id);
}
