import type { DeviceTypeView, RoomView } from '@rackhaus/config/contract';
import { DeviceRole, PortKind } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { eventAt, Past } from '../../history/past.ts';
import type { DbValue, Row, Scope, Specs } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import type { PlacedRow } from '../placed-devices.ts';
import { toRackView } from '../rooms.ts';
import type { TypeViews } from '../type-views.ts';

interface Deps {
  readonly db: Database;
  readonly specs: Specs;
  readonly types: TypeViews;
}

/** The room with its racks and devices as they were at a time. @throws AppError not-found when it did not exist */
export async function roomThen(deps: Deps, roomId: number, time: number): Promise<RoomView> {
  const past = await pastAt(deps, time);
  const room = await one(past, 'room', roomId);
  const since = await past.eventsWithin(['rack', 'device'], [{ kind: 'room', id: roomId }]);
  const racks = await past.within('rack', 'room_id', [roomId], since);
  const devices = await past.within('device', 'room_id', [roomId], since);
  return view(deps, past, { room, racks, devices });
}

/** The room of a rack with that rack only, as they were at a time. @throws AppError not-found when it did not exist */
export async function rackThen(deps: Deps, rackId: number, time: number): Promise<RoomView> {
  const past = await pastAt(deps, time);
  const rack = await one(past, 'rack', rackId);
  const room = await one(past, 'room', Number(rack.room_id));
  const since = await past.eventsWithin(['device'], [{ kind: 'rack', id: rackId }]);
  const devices = await past.within('device', 'rack_id', [rackId], since);
  return view(deps, past, { room, racks: [rack], devices });
}

async function pastAt({ db, specs }: Deps, time: number): Promise<Past> {
  return new Past({ db, specs, after: await eventAt(db, time) });
}

async function one(
  past: Past,
  kind: 'room' | 'rack' | 'floor' | 'building' | 'site',
  id: number,
): Promise<Row> {
  const row = (await past.rows(kind, [id])).get(id);
  if (row === undefined)
    throw new AppError('not-found', `There was no ${kind} ${id} at that time.`, undefined, {
      reason: 'not-then',
    });
  return row;
}

const Placed = z.object({
  id: z.int(),
  name: z.string(),
  type_id: z.int(),
  role: DeviceRole,
  room_id: z.int().nullable(),
  rack_id: z.int().nullable(),
  position: z.number().nullable(),
  face: z.enum(['front', 'rear']),
  side: z.enum(['full', 'left', 'right']),
});
const Rack = z.object({ id: z.int(), name: z.string(), purpose: z.string(), height_u: z.int() });
const Port = z.object({
  id: z.int(),
  device_id: z.int(),
  name: z.string(),
  kind: PortKind,
  rank: z.int(),
});

async function view(
  { types }: Deps,
  past: Past,
  of: { readonly room: Row; readonly racks: readonly Row[]; readonly devices: readonly Row[] },
): Promise<RoomView> {
  const floor = await one(past, 'floor', Number(of.room.floor_id));
  const building = await one(past, 'building', Number(floor.building_id));
  const site = await one(past, 'site', Number(building.site_id));
  const typesById = await typesThen(past, types, of.devices);
  const devices = await placed(past, typesById, of.devices);
  const named = (row: Row) => ({ id: Number(row.id), name: String(row.name) });
  return {
    ...named(of.room),
    floor: named(floor),
    building: named(building),
    site: named(site),
    racks: of.racks.toSorted(byRank).map((rack) => toRackView(Rack.parse(rack), devices)),
    unracked: devices.filter(({ device }) => device.rackId === null).map(({ device }) => device),
    types: [...typesById.values()].map(({ view: type }) => type).toSorted((a, b) => a.id - b.id),
  };
}

function byRank(a: Row, b: Row): number {
  return Number(a.rank) - Number(b.rank) || byText(String(a.name), String(b.name));
}

/** As the database orders names. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type TypeThen = { readonly view: DeviceTypeView; readonly uHeight: number; readonly fullDepth: boolean };

async function typesThen(
  past: Past,
  types: TypeViews,
  devices: readonly Row[],
): Promise<Map<DbValue, TypeThen>> {
  const ids = [...new Set(devices.map((device) => Number(device.type_id)))];
  const rows = await past.rows('device-type', ids);
  return new Map(
    [...rows.values()].map((row): [DbValue, TypeThen] => {
      const id = Number(row.id);
      return [
        id,
        {
          view: types.of({ id, definition: String(row.definition) }),
          uHeight: Number(row.u_height),
          fullDepth: row.full_depth === 1,
        },
      ];
    }),
  );
}

/** Devices with their ports, and what was plugged in front; from the top of the rack downwards. */
async function placed(
  past: Past,
  types: ReadonlyMap<DbValue, TypeThen>,
  rows: readonly Row[],
): Promise<PlacedRow[]> {
  const owners = rows.map((row): Scope => ({ kind: 'device', id: Number(row.id) }));
  const ids = owners.map(({ id }) => id);
  const since = await past.eventsWithin(['port', 'monitoring', 'link-end'], owners);
  const portRows = (await past.within('port', 'device_id', ids, since)).map((row) => Port.parse(row));
  const ports = Map.groupBy(portRows, (port) => port.device_id);
  const monitoring = await past.within('monitoring', 'device_id', ids, since);
  const monitored = new Set(monitoring.map((row) => row.device_id));
  const portIds = portRows.map((port) => port.id);
  const ends = await past.within('link-end', 'port_id', portIds, since);
  const occupied = new Set(ends.filter((end) => end.port_side === 'front').map((end) => end.port_id));
  return rows
    .map((row) => Placed.parse(row))
    .toSorted((a, b) => (b.position ?? 0) - (a.position ?? 0) || byText(a.name, b.name))
    .map((row): PlacedRow => {
      const type = types.get(row.type_id);
      return {
        device: {
          id: row.id,
          name: row.name,
          typeId: row.type_id,
          role: row.role,
          monitored: monitored.has(row.id),
          rackId: row.rack_id,
          position: row.position,
          face: row.face,
          side: row.side,
          ports: (ports.get(row.id) ?? [])
            .toSorted((a, b) => a.rank - b.rank)
            .map(({ id, name, kind }) => ({ id, name, kind, occupied: occupied.has(id) })),
        },
        roomId: row.room_id,
        typeId: row.type_id,
        uHeight: type?.uHeight ?? 0,
        fullDepth: type?.fullDepth ?? false,
        serial: null,
      };
    });
}
