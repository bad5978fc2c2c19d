import type { Seat, seatSources } from '@rackhaus/config/contract';
import { edgeSightings } from '../cabling/drift/edge.ts';
import { macOf } from '../cabling/drift/port-names.ts';
import { Uplinks } from '../cabling/drift/uplinks.ts';
import type { Known } from '../cabling/drift/watch.ts';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';
import { portPlaces } from '../inventory/port-places.ts';
import type { Said } from './said.ts';

/** A found device as far as others may have seen it. */
export interface Seated {
  readonly id: number;
  readonly addresses: readonly string[];
  readonly mac: string | null;
  readonly said: Said | null;
  /** As what it is documented; null: it is not. */
  readonly deviceId: number | null;
}

/** The port of a documented device that leads to a found one. */
interface At {
  readonly by: (typeof seatSources)[number];
  readonly deviceId: number;
  readonly port: string;
}

/** Who says what of whom, to be asked for many found devices. */
export interface SeatIndex {
  readonly known: Known;
  readonly byAddress: ReadonlyMap<string, At>;
  readonly byMac: ReadonlyMap<string, At>;
  readonly byName: ReadonlyMap<string, At | null>;
  /** IP address to MAC address, as routers and switches have seen it. */
  readonly macs: ReadonlyMap<string, string>;
}

/** At the port of a telephone or an access point that nobody has documented; where more are learned, it is a switch. */
const mostBehindStranger = 4;

export function seatIndex(known: Known): SeatIndex {
  const { directory, documentation } = known;
  const uplinks = new Uplinks({
    directory,
    passesOn: documentation.passesOn,
    documentedFar: (portId) => {
      const way = documentation.way(portId);
      return way.kind === 'device' ? documentation.deviceOf(way.far) : null;
    },
  });
  const strangers = new Set<string>();
  const byAddress = new Map<string, At>();
  const byMac = new Map<string, At>();
  const byName = new Map<string, At | null>();
  for (const { deviceId, neighbours } of known.observations.values())
    for (const neighbour of neighbours) {
      const { localPort, protocol, managementAddress, chassis, remoteName, remotePort } = neighbour;
      const met = directory.neighbour(neighbour);
      if (met === null) strangers.add(`${deviceId} ${localPort}`);
      else uplinks.sees(deviceId, localPort, met.deviceId);
      // A server sees the switch that it hangs at; the switch does not hang at the server.
      if (!documentation.passesOn(deviceId)) continue;
      const at: At = { by: protocol, deviceId, port: localPort };
      if (managementAddress !== null) byAddress.set(managementAddress, at);
      for (const text of [chassis, remotePort]) {
        const mac = macOf(text);
        if (mac !== null) byMac.set(mac, at);
      }
      const name = remoteName.toLowerCase();
      if (name !== '') byName.set(name, byName.has(name) ? null : at);
    }
  const edge = edgeSightings(known.sightings.values(), (id, port) => uplinks.has(id, port));
  for (const { deviceId, port, mac, count } of edge) {
    if (count > mostBehindStranger && strangers.has(`${deviceId} ${port}`)) continue;
    // Who introduces itself is believed more than addresses.
    if (!byMac.has(mac)) byMac.set(mac, { by: 'fdb', deviceId, port });
  }
  const macs = new Map<string, string>();
  for (const { addresses } of known.sightings.values())
    for (const { address, mac } of addresses) {
      const normal = macOf(mac);
      if (normal !== null) macs.set(address, normal);
    }
  return { known, byAddress, byMac, byName, macs };
}

/** Where these seem to hang, by their ids: the port that leads to each, and where the documented cabling leads on from there. */
export async function seatsOf(
  db: Database,
  index: SeatIndex,
  found: readonly Seated[],
): Promise<Map<number, Seat>> {
  const at = new Map<
    number,
    At & { readonly portId: number | null; readonly farPortId: number | null; readonly itself: number | null }
  >();
  for (const each of found) {
    // A documented switch has neighbours on all sides: where it stands is not told by one of them.
    if (each.deviceId !== null && index.known.documentation.passesOn(each.deviceId)) continue;
    const seat = seatOf(index, each);
    if (seat === null) continue;
    const portId = index.known.directory.ownPort(seat.deviceId, seat.port);
    const way = portId === null ? null : index.known.documentation.way(portId);
    at.set(each.id, {
      ...seat,
      itself: each.deviceId,
      portId,
      farPortId: way?.kind === 'open' ? way.end : way?.kind === 'device' ? way.far : null,
    });
  }
  const seats = [...at.values()];
  const ports = await portPlaces(
    db,
    seats.flatMap(({ farPortId }) => farPortId ?? []),
  );
  const devices = await devicePlaces(db, [
    ...seats.map(({ deviceId }) => deviceId),
    ...[...ports.values()].flatMap(({ owner }) => (owner.kind === 'device' ? [owner.id] : [])),
  ]);
  const outlets = await outletRooms(
    db,
    [...ports.values()].flatMap(({ owner }) => (owner.kind === 'outlet' ? [owner.id] : [])),
  );
  const result = new Map<number, Seat>();
  for (const [id, { by, deviceId, port, portId, farPortId, itself }] of at) {
    const device = devices.get(deviceId);
    if (device === undefined) continue;
    const far = farPortId === null ? undefined : ports.get(farPortId);
    const outlet = far?.owner.kind === 'outlet' ? far.owner : null;
    const endsAt = far?.owner.kind === 'device' ? far.owner.id : null;
    const panel = endsAt === null ? undefined : devices.get(endsAt);
    const room = outlet === null ? (panel?.room ?? null) : (outlets.get(outlet.id) ?? null);
    result.set(id, {
      by,
      deviceId,
      deviceName: device.name,
      port,
      portId,
      leadsTo:
        far === undefined || (endsAt !== null && endsAt === itself) ? null : `${far.owner.name} ${far.name}`,
      outlet: outlet === null ? null : { id: outlet.id, name: outlet.name },
      // A cord that nobody has documented rarely leaves the room.
      room: far === undefined ? device.room : room,
      rack: panel?.rack ?? null,
    });
  }
  return result;
}

function seatOf(index: SeatIndex, { addresses, mac, said }: Seated): At | null {
  for (const address of addresses) {
    const at = index.byAddress.get(address);
    if (at !== undefined) return at;
  }
  const macs = [
    mac,
    ...(said?.ports ?? []).map((port) => port.mac),
    ...addresses.map((address) => index.macs.get(address) ?? null),
  ];
  for (const each of macs) {
    const at = each === null ? undefined : index.byMac.get(each);
    if (at !== undefined) return at;
  }
  const name = said?.identity.name?.toLowerCase();
  const named = name === undefined ? undefined : index.byName.get(name);
  if (named !== undefined && named !== null) return named;
  // It knows its neighbour, though that does not speak of it.
  for (const neighbour of said?.neighbours ?? []) {
    const met = index.known.directory.neighbour(neighbour);
    if (met === null || !index.known.documentation.passesOn(met.deviceId)) continue;
    return { by: neighbour.protocol, deviceId: met.deviceId, port: neighbour.remotePort };
  }
  return null;
}

interface DevicePlace {
  readonly name: string;
  readonly room: { readonly id: number; readonly name: string } | null;
  readonly rack: { readonly id: number; readonly name: string } | null;
}

async function devicePlaces(db: Database, ids: readonly number[]): Promise<Map<number, DevicePlace>> {
  const places = new Map<number, DevicePlace>();
  for (const part of chunked([...new Set(ids)])) {
    const rows = await db
      .selectFrom('devices')
      .leftJoin('rooms', 'rooms.id', 'devices.room_id')
      .leftJoin('racks', 'racks.id', 'devices.rack_id')
      .select([
        'devices.id',
        'devices.name',
        'rooms.id as room_id',
        'rooms.name as room',
        'racks.id as rack_id',
        'racks.name as rack',
      ])
      .where('devices.id', 'in', part)
      .execute();
    for (const row of rows)
      places.set(row.id, {
        name: row.name,
        room: row.room_id === null ? null : { id: row.room_id, name: row.room ?? '' },
        rack: row.rack_id === null ? null : { id: row.rack_id, name: row.rack ?? '' },
      });
  }
  return places;
}

async function outletRooms(
  db: Database,
  ids: readonly number[],
): Promise<Map<number, { id: number; name: string }>> {
  const rooms = new Map<number, { id: number; name: string }>();
  for (const part of chunked([...new Set(ids)])) {
    const rows = await db
      .selectFrom('outlets')
      .innerJoin('rooms', 'rooms.id', 'outlets.room_id')
      .select(['outlets.id', 'rooms.id as room_id', 'rooms.name as room'])
      .where('outlets.id', 'in', part)
      .execute();
    for (const row of rows) rooms.set(row.id, { id: row.room_id, name: row.room });
  }
  return rooms;
}
