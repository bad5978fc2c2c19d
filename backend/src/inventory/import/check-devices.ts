import { type DeviceTypeFile, facesOf } from '@rackhaus/config/device-types';
import type { InventoryDevice, InventoryFile } from '@rackhaus/config/inventory-file';
import { collide, type Placement, unitsText } from '../placement.ts';
import { Once, type Places } from './check-places.ts';
import type { Existing } from './existing.ts';
import type { Problems } from './problems.ts';

interface Check {
  readonly file: InventoryFile;
  readonly types: ReadonlyMap<string, DeviceTypeFile>;
  readonly existing: Existing;
  readonly places: Places;
  readonly problems: Problems;
}

/** Checks every device and outlet by itself, and that no two want the same units. */
export function checkDevices(check: Check): void {
  const { file, existing, places, problems } = check;
  const names = new Once(problems, 'device or outlet');
  const racks = new Map<string, (Placement & { readonly path: string | null })[]>();
  const mount = (rack: string, placement: Placement & { readonly path: string | null }) =>
    racks.set(rack, [...(racks.get(rack) ?? []), placement]);

  for (const device of file.devices) {
    const path = `devices.${device.name}`;
    names.check(path, device.name);
    if (existing.outlets.has(device.name))
      problems.add(
        path,
        device.name,
        'An outlet has this name already. Each device and outlet needs its own.',
      );
    checkReferences(device, path, check);
    const type = check.types.get(device.type);
    if (type === undefined) continue;
    checkPlacement(device, type, path, check);
    if (device.rack !== undefined)
      mount(`${device.room}|${device.rack}`, {
        path,
        name: device.name,
        position: device.position ?? null,
        uHeight: type.u_height,
        fullDepth: type.is_full_depth,
        face: device.face,
        side: device.side,
      });
  }
  for (const outlet of file.outlets) {
    const path = `outlets.${outlet.name}`;
    names.check(path, outlet.name);
    if (existing.devices.has(outlet.name))
      problems.add(
        path,
        outlet.name,
        'A device has this name already. Each device and outlet needs its own.',
      );
    if (!places.has(outlet.room)) problems.unknown(`${path}.room`, outlet.room, 'room', places.keys());
  }
  mountExisting(check, mount);
  for (const devices of racks.values()) checkCollisions(devices, problems);
}

function checkReferences(device: InventoryDevice, path: string, check: Check): void {
  const { problems, places, file, existing } = check;
  if (!check.types.has(device.type))
    problems.unknown(`${path}.type`, device.type, 'device type', check.types.keys());
  const racks = places.get(device.room);
  if (racks === undefined) problems.unknown(`${path}.room`, device.room, 'room', places.keys());
  else if (device.rack !== undefined && !racks.has(device.rack))
    problems.unknown(`${path}.rack`, device.rack, `rack in ${device.room}`, racks.keys());
  const credentials = device.monitoring?.credentials;
  if (credentials !== undefined && file.credentials[credentials] === undefined)
    if (!existing.credentials.has(credentials))
      problems.unknown(`${path}.monitoring.credentials`, credentials, 'entry in credentials', [
        ...Object.keys(file.credentials),
        ...existing.credentials.keys(),
      ]);
}

function checkPlacement(device: InventoryDevice, type: DeviceTypeFile, path: string, check: Check): void {
  const { problems } = check;
  const { form } = facesOf(type);
  const { position, side } = device;
  if (position === undefined) {
    if (device.rack !== undefined && form === 'full' && type.u_height > 0)
      problems.add(`${path}.position`, '', `It takes ${type.u_height} rack units: say which is the lowest.`);
    return;
  }
  if (device.rack === undefined) {
    problems.add(`${path}.position`, position, 'A rack unit needs a rack: name it in "rack".');
    return;
  }
  if (form === 'vertical' || form === 'none') {
    problems.add(`${path}.position`, position, 'This type takes no rack unit: leave the position out.');
    return;
  }
  if (form === 'half' && side === 'full')
    problems.add(`${path}.side`, side, 'This type is half as wide as the rack: say "left" or "right".');
  if (form === 'full' && side !== 'full')
    problems.add(`${path}.side`, side, 'This type is as wide as the rack: leave the side out.');
  const height = check.places.get(device.room)?.get(device.rack);
  if (height !== undefined && position + type.u_height - 1 > height)
    problems.add(
      `${path}.position`,
      position,
      `${device.rack} has ${height} rack units, and the device takes ${type.u_height}: at most ${height - type.u_height + 1}.`,
    );
}

/** Devices that the file does not speak of stay where they are, and need their room too. */
function mountExisting(
  { file, existing, places, problems }: Check,
  mount: (rack: string, placement: Placement & { readonly path: null }) => void,
): void {
  const named = new Set(file.devices.map((device) => device.name));
  const sites = new Map([...existing.sites.values()].map((site) => [site.id, site.name]));
  const rooms = new Map([...existing.rooms.values()].map((room) => [room.id, room]));
  const racks = new Map([...existing.racks.values()].map((rack) => [rack.id, rack]));
  for (const device of existing.devices.values()) {
    const rack = racks.get(device.rack_id ?? 0);
    const room = rooms.get(device.room_id ?? 0);
    if (named.has(device.name) || rack === undefined || room === undefined) continue;
    const place = `${sites.get(room.site_id)}/${room.name}`;
    const height = places.get(place)?.get(rack.name) ?? rack.height_u;
    if (device.position !== null && device.position + device.u_height - 1 > height)
      problems.add(
        `sites.${sites.get(room.site_id)}.rooms.${room.name}.racks.${rack.name}.height`,
        height,
        `"${device.name}" is mounted higher (${unitsText(device.position, device.u_height)}).`,
      );
    mount(`${place}|${rack.name}`, {
      path: null,
      name: device.name,
      position: device.position,
      uHeight: device.u_height,
      fullDepth: device.full_depth === 1,
      face: device.face,
      side: device.side,
    });
  }
}

function checkCollisions(
  devices: readonly (Placement & { readonly path: string | null })[],
  problems: Problems,
): void {
  const placed = devices
    .filter((device) => device.position !== null)
    .toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0));
  for (const [index, a] of placed.entries())
    for (const b of placed.slice(index + 1)) {
      // Sorted by the lowest unit: from here on nobody reaches down to `a`.
      if ((b.position ?? 0) >= (a.position ?? 0) + a.uHeight) break;
      if (!collide(a, b)) continue;
      const [told, other] = b.path === null ? [a, b] : [b, a];
      if (told.path === null) continue;
      problems.add(
        `${told.path}.position`,
        told.position ?? '',
        `"${other.name}" is there already (${unitsText(other.position ?? 0, other.uHeight)}).`,
      );
    }
}
