import type { Selectable } from 'kysely';
import { portKey } from '../../cabling/drift/port-names.ts';
import type { Database, Tables } from '../../database/tables.ts';
import { type Held, type HoldingWindow, parseRecurrence } from './held.ts';

export type WindowRow = Selectable<Tables['maintenances']>;

/** All windows that are not over, with what they are on, read at one moment. */
export function loadWindows(db: Database, now: number): Promise<HoldingWindow[]> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('maintenances')
      .selectAll()
      .where((e) => e.or([e('until', '>', now), e('recurrence', '!=', 'null')]))
      .orderBy('id')
      .execute();
    const windows: HoldingWindow[] = [];
    for (const row of rows) {
      const holds = await heldOf(tx, row);
      if (holds === null) continue;
      const { id, name, from, until } = row;
      windows.push({ id, name, from, until, recurrence: parseRecurrence(row.recurrence), holds });
    }
    return windows;
  });
}

/** null: what it was on is not said. */
async function heldOf(tx: Database, row: WindowRow): Promise<Held | null> {
  const ids = (rows: readonly { readonly id: number }[]) => new Set(rows.map(({ id }) => id));
  switch (row.scope) {
    case 'all':
      return { all: true };
    case 'site':
      if (row.site_id === null) return null;
      return {
        rooms: ids(await tx.selectFrom('rooms').select('id').where('site_id', '=', row.site_id).execute()),
      };
    case 'room':
      return row.room_id === null ? null : { rooms: new Set([row.room_id]) };
    case 'rack':
      if (row.rack_id === null) return null;
      return {
        devices: ids(
          await tx.selectFrom('devices').select('id').where('rack_id', '=', row.rack_id).execute(),
        ),
      };
    case 'device':
      return row.device_id === null ? null : { devices: new Set([row.device_id]) };
    case 'service':
      if (row.service_id === null) return null;
      return {
        devices: ids(
          await tx
            .selectFrom('service_devices')
            .select('device_id as id')
            .where('service_id', '=', row.service_id)
            .execute(),
        ),
      };
    case 'port':
      return row.port_id === null ? null : portHeld(tx, row.port_id);
  }
}

async function portHeld(tx: Database, portId: number): Promise<Held | null> {
  const port = await tx
    .selectFrom('ports')
    .select(['device_id', 'name'])
    .where('id', '=', portId)
    .executeTakeFirst();
  if (port === undefined || port.device_id === null) return null;
  const { device_id: deviceId, name } = port;
  const key = portKey(name);
  return { deviceId, isPort: (entity) => entity === name || (entity !== '' && portKey(entity) === key) };
}
