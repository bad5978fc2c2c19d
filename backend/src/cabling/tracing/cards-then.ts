import type { RecordKind } from '@rackhaus/config/contract';
import { CableCard, DeviceRole, PortCard, PortSpot } from '@rackhaus/config/contract';
import type { Past } from '../../history/past.ts';
import type { DbValue, Row, Scope } from '../../history/spec.ts';
import { cableFields } from '../cards.ts';

/** Ports as they were called, and where they were, at that time. */
export async function portCardsThen(past: Past, ports: readonly Row[]): Promise<PortCard[]> {
  const devices = await rowsBy(past, 'device', ports, 'device_id');
  const outlets = await rowsBy(past, 'outlet', ports, 'outlet_id');
  const vlans = await rowsBy(past, 'vlan', ports, 'untagged_vlan_id');
  const racks = await rowsBy(past, 'rack', [...devices.values()], 'rack_id');
  const rooms = await rowsBy(past, 'room', [...devices.values(), ...outlets.values()], 'room_id');
  const floors = await rowsBy(past, 'floor', [...rooms.values()], 'floor_id');
  const buildings = await rowsBy(past, 'building', [...floors.values()], 'building_id');
  const sites = await rowsBy(past, 'site', [...buildings.values()], 'site_id');
  const monitored = await monitoredThen(past, [...devices.keys()]);

  const spotOf = (device: Row | undefined, outlet: Row | undefined): PortSpot => {
    const rack = at(racks, device?.rack_id);
    const room = at(rooms, (device ?? outlet)?.room_id);
    const floor = at(floors, room?.floor_id);
    const building = at(buildings, floor?.building_id);
    return PortSpot.parse({
      site: named(at(sites, building?.site_id)),
      building: named(building),
      floor: named(floor),
      room: named(room),
      rack: named(rack),
      position: device?.position ?? null,
      face: rack === undefined ? null : (device?.face ?? null),
    });
  };
  return ports.map((port) => {
    const device = at(devices, port.device_id);
    const outlet = at(outlets, port.outlet_id);
    const vlan = at(vlans, port.untagged_vlan_id);
    return PortCard.parse({
      id: port.id,
      name: port.name,
      kind: port.kind,
      label: port.label ?? null,
      owner:
        device === undefined
          ? { kind: 'outlet', id: Number(outlet?.id ?? 0), name: String(outlet?.name ?? ''), role: null }
          : { kind: 'device', id: device.id, name: device.name, role: DeviceRole.parse(device.role) },
      twoSided: port.two_sided === 1,
      vlan: vlan === undefined ? null : { vid: vlan.vid, name: vlan.name },
      monitored: device !== undefined && monitored.has(Number(device.id)),
      spot: spotOf(device, outlet),
    });
  });
}

/** Cables as they were described at that time. */
export function cableCardsThen(links: readonly Row[]): CableCard[] {
  return links.map((row) => CableCard.parse(cableFields(Number(row.id), row)));
}

async function rowsBy(
  past: Past,
  kind: RecordKind,
  rows: readonly Row[],
  column: string,
): Promise<Map<number, Row>> {
  const ids = new Set(rows.flatMap(({ [column]: id }) => (typeof id === 'number' ? [id] : [])));
  return past.rows(kind, [...ids]);
}

async function monitoredThen(past: Past, ids: readonly number[]): Promise<Set<number>> {
  const owners = ids.map((id): Scope => ({ kind: 'device', id }));
  const since = await past.eventsWithin(['monitoring'], owners);
  return new Set(
    (await past.within('monitoring', 'device_id', ids, since)).map((row) => Number(row.device_id)),
  );
}

function at(rows: ReadonlyMap<number, Row>, id: DbValue | undefined): Row | undefined {
  return typeof id === 'number' ? rows.get(id) : undefined;
}
function named(row: Row | undefined) {
  return row === undefined ? null : { id: Number(row.id), name: String(row.name) };
}
