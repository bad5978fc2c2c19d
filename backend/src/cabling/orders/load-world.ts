import { PlannedChange } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import {
  type End,
  type ItemRow,
  portSideKey,
  rackSlotKey,
  type World,
  type WorldDevice,
  type WorldLink,
  type WorldPort,
  type WorldRack,
  type WorldType,
} from './world.ts';

/** The items of orders, in their order. */
export async function itemsOf(db: Database, orderIds: readonly number[]): Promise<Map<number, ItemRow[]>> {
  const items = new Map<number, ItemRow[]>(orderIds.map((id) => [id, []]));
  for (const part of chunked(orderIds))
    for (const row of await db
      .selectFrom('order_items')
      .select(['id', 'order_id', 'change', 'link_id'])
      .where('order_id', 'in', part)
      .orderBy('rank')
      .orderBy('id')
      .execute())
      items.get(row.order_id)?.push(itemOf(row));
  return items;
}

export function itemOf(row: {
  readonly id: number;
  readonly change: string;
  readonly link_id: number | null;
}): ItemRow {
  return { id: row.id, change: PlannedChange.parse(JSON.parse(row.change)), linkId: row.link_id };
}

/** Today's documentation around the items: what they name, what is plugged into it, and the racks that devices go to. */
export async function loadWorld(db: Database, items: readonly ItemRow[]): Promise<World> {
  const named = namedBy(items);
  const devices = await loadDevices(db, named.devices);
  const portIds = new Set(named.ports);
  for (const id of await portsOfDevices(db, named.devices)) portIds.add(id);
  const labels = await loadLabels(db, named.labels);
  const plugged = await loadEnds(db, 'port_id', portIds);
  const linkIds = new Set([...named.links, ...plugged.map((end) => end.linkId), ...labels.values()]);
  const ends = await loadEnds(db, 'link_id', linkIds);
  for (const end of ends) portIds.add(end.portId);
  const racks = await loadRacks(db, named.racks);
  const slots = await loadSlots(db, racks.keys());
  const otherDevices = await loadDevices(db, new Set(slots.values()));
  const types = await loadTypes(db, [
    ...named.types,
    ...[...devices.values()].map((device) => device.typeId),
  ]);
  return {
    links: await loadLinks(db, linkIds, ends),
    ports: await loadPorts(db, portIds),
    devices: new Map([...otherDevices, ...devices]),
    types,
    racks,
    rooms: await loadRooms(db, named.rooms),
    plugged: new Map([...plugged, ...ends].map((end) => [portSideKey(end.portId, end.portSide), end])),
    labels,
    slots,
  };
}

function namedBy(items: readonly ItemRow[]) {
  const named = {
    links: new Set<number>(),
    ports: new Set<number>(),
    devices: new Set<number>(),
    racks: new Set<number>(),
    rooms: new Set<number>(),
    types: new Set<number>(),
    labels: new Set<string>(),
  };
  for (const { change, linkId } of items) {
    if (linkId !== null) named.links.add(linkId);
    if (change.action === 'add-link' || change.action === 'move-link')
      for (const end of [change.a, change.b]) if (end) named.ports.add(end.portId);
    if (change.action === 'add-link') {
      if (change.label !== null) named.labels.add(change.label);
    } else if ('linkId' in change) named.links.add(change.linkId);
    else named.devices.add(change.deviceId);
    if (change.action === 'swap-device') named.types.add(change.typeId);
    if (change.action === 'move-device') {
      if (change.to.rackId !== null) named.racks.add(change.to.rackId);
      if (change.to.roomId !== null) named.rooms.add(change.to.roomId);
    }
  }
  return named;
}

async function loadEnds(db: Database, by: 'port_id' | 'link_id', ids: Iterable<number>): Promise<End[]> {
  const ends: End[] = [];
  for (const part of chunked([...ids]))
    for (const row of await db
      .selectFrom('link_ends')
      .select(['link_id', 'side', 'connector', 'port_id', 'port_side'])
      .where(by, 'in', part)
      .orderBy('side')
      .orderBy('connector')
      .execute())
      ends.push({
        linkId: row.link_id,
        side: row.side,
        connector: row.connector,
        portId: row.port_id,
        portSide: row.port_side,
      });
  return ends;
}

async function loadLinks(
  db: Database,
  ids: Iterable<number>,
  ends: readonly End[],
): Promise<Map<number, WorldLink>> {
  const byLink = Map.groupBy(ends, (end) => end.linkId);
  const links = new Map<number, WorldLink>();
  for (const part of chunked([...ids]))
    for (const row of await db
      .selectFrom('links')
      .select(['id', 'kind', 'status', 'label'])
      .where('id', 'in', part)
      .execute())
      links.set(row.id, { ...row, ends: byLink.get(row.id) ?? [] });
  return links;
}

async function loadLabels(db: Database, labels: Iterable<string>): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const part of chunked([...labels].filter((label) => label !== '')))
    for (const row of await db
      .selectFrom('links')
      .select(['id', 'label'])
      .where('label', 'in', part)
      .execute())
      found.set(row.label, row.id);
  return found;
}

async function portsOfDevices(db: Database, deviceIds: Iterable<number>): Promise<number[]> {
  const ids: number[] = [];
  for (const part of chunked([...deviceIds]))
    for (const row of await db.selectFrom('ports').select('id').where('device_id', 'in', part).execute())
      ids.push(row.id);
  return ids;
}

async function loadPorts(db: Database, ids: Iterable<number>): Promise<Map<number, WorldPort>> {
  const ports = new Map<number, WorldPort>();
  for (const part of chunked([...ids]))
    for (const row of await db
      .selectFrom('ports')
      .leftJoin('devices', 'devices.id', 'ports.device_id')
      .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
      .select([
        'ports.id',
        'ports.name',
        'ports.device_id',
        'devices.name as device',
        'outlets.name as outlet',
      ])
      .where('ports.id', 'in', part)
      .execute())
      ports.set(row.id, {
        id: row.id,
        name: `${row.device ?? row.outlet ?? ''}:${row.name}`,
        deviceId: row.device_id,
      });
  return ports;
}

async function loadDevices(db: Database, ids: Iterable<number>): Promise<Map<number, WorldDevice>> {
  const devices = new Map<number, WorldDevice>();
  for (const part of chunked([...ids]))
    for (const row of await db
      .selectFrom('devices')
      .select(['id', 'name', 'type_id', 'room_id', 'rack_id', 'position', 'face', 'side'])
      .where('id', 'in', part)
      .execute()) {
      const { id, name, position, face, side } = row;
      devices.set(id, {
        ...{ id, name, position, face, side },
        typeId: row.type_id,
        roomId: row.room_id,
        rackId: row.rack_id,
      });
    }
  return devices;
}

async function loadTypes(db: Database, ids: readonly number[]): Promise<Map<number, WorldType>> {
  const types = new Map<number, WorldType>();
  for (const part of chunked([...new Set(ids)]))
    for (const row of await db
      .selectFrom('device_types')
      .select(['id', 'form', 'u_height', 'full_depth'])
      .where('id', 'in', part)
      .execute())
      types.set(row.id, {
        id: row.id,
        form: row.form,
        uHeight: row.u_height,
        fullDepth: row.full_depth === 1,
      });
  return types;
}

async function loadRacks(db: Database, ids: Iterable<number>): Promise<Map<number, WorldRack>> {
  const racks = new Map<number, WorldRack>();
  for (const part of chunked([...ids]))
    for (const row of await db
      .selectFrom('racks')
      .select(['id', 'name', 'room_id', 'height_u'])
      .where('id', 'in', part)
      .execute())
      racks.set(row.id, { id: row.id, name: row.name, roomId: row.room_id, heightU: row.height_u });
  return racks;
}

async function loadRooms(db: Database, ids: Iterable<number>): Promise<Set<number>> {
  const rooms = new Set<number>();
  for (const part of chunked([...ids]))
    for (const row of await db.selectFrom('rooms').select('id').where('id', 'in', part).execute())
      rooms.add(row.id);
  return rooms;
}

async function loadSlots(db: Database, rackIds: Iterable<number>): Promise<Map<string, number>> {
  const slots = new Map<string, number>();
  for (const part of chunked([...rackIds]))
    for (const row of await db.selectFrom('rack_slots').selectAll().where('rack_id', 'in', part).execute())
      slots.set(rackSlotKey(row.rack_id, `${row.half_unit}/${row.face}/${row.half}`), row.device_id);
  return slots;
}
