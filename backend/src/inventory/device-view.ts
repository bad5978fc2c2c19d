import type { DeviceView, Observation } from '@rackhaus/config/contract';
import { maskPlaces } from '../access/scope/beyond.ts';
import type { Reach } from '../access/scope.ts';
import { loadGraphAround } from '../cabling/load-graph.ts';
import { farEnd, runAround } from '../cabling/trace.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { placedDevices } from './placed-devices.ts';
import type { LatestObservation } from './port-detail.ts';
import { type PortPlace, portPlaces } from './port-places.ts';
import { roomPlace } from './rooms.ts';
import type { TypeViews } from './type-views.ts';

/**
 * One device: what is documented, and what it says of itself. `reach`: of whom its cables are masked where they lead to other sites.
 * @throws AppError not-found
 */
export async function deviceView(
  db: Database,
  types: TypeViews,
  latestObservation: LatestObservation,
  deviceId: number,
  reach: Reach | null = null,
  profileTitle: (id: string) => string | undefined = () => undefined,
): Promise<DeviceView> {
  const documented = await db.transaction().execute((tx) => readDevice(tx, types, deviceId, reach));
  const observation = await latestObservation(deviceId);
  const title = observation === null ? undefined : profileTitle(observation.profile);
  return {
    ...documented.view,
    observed:
      observation === null
        ? null
        : {
            time: observation.time,
            profile: observation.profile,
            ...(title !== undefined && { profileTitle: title }),
            ...observation.identity,
          },
    ports: mergePorts(documented, observation),
    entities: observation?.entities ?? [],
    ...(observation?.vlans && { vlans: observation.vlans }),
    ...(observation?.parts && { parts: observation.parts }),
  };
}

async function readDevice(db: Database, types: TypeViews, deviceId: number, reach: Reach | null) {
  const [row] = await placedDevices(db, { device: deviceId });
  if (row === undefined) throw new AppError('not-found', 'There is no such device.');
  const { device } = row;
  const type = await db
    .selectFrom('device_types')
    .select(['id', 'definition'])
    .where('id', '=', row.typeId)
    .executeTakeFirstOrThrow();
  const rack =
    device.rackId === null
      ? null
      : await db
          .selectFrom('racks')
          .select(['id', 'name'])
          .where('id', '=', device.rackId)
          .executeTakeFirstOrThrow();
  const monitoring = await db
    .selectFrom('device_monitoring')
    .select(['address', 'interval_seconds'])
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
  const place = row.roomId === null ? null : await roomPlace(db, row.roomId);
  const graph = await loadGraphAround(
    db,
    device.ports.map((port) => port.id),
  );
  const far = new Map(device.ports.map((port) => [port.id, farEnd(graph, port.id)]));
  const around = new Map(device.ports.map((port) => [port.id, runAround(graph, port.id) ?? []]));
  const farPorts = await maskPlaces(
    db,
    reach,
    await portPlaces(
      db,
      [...far.values(), ...[...around.values()].flat()].filter((id) => id !== null),
    ),
  );
  return {
    ports: device.ports,
    betweenOf: (portId: number): (PortPlace | undefined)[] =>
      (around.get(portId) ?? []).map((id) => farPorts.get(id)),
    farOf: (portId: number): PortPlace | null => farPorts.get(far.get(portId) ?? 0) ?? null,
    view: {
      device,
      type: types.of(type),
      place: {
        site: place?.site ?? null,
        building: place?.building ?? null,
        floor: place?.floor ?? null,
        room: place === null ? null : { id: place.id, name: place.name },
        rack,
      },
      address: monitoring?.address ?? null,
      intervalSeconds: monitoring?.interval_seconds ?? null,
      serial: row.serial,
    },
  };
}

function runEnd(port: PortPlace) {
  return { ...port.owner, portId: port.id, portName: port.name };
}

/** Documented ports in the order of the face, then those that only the device knows, by name. */
function mergePorts(
  documented: Awaited<ReturnType<typeof readDevice>>,
  observation: Observation | null,
): DeviceView['ports'] {
  const observed = new Map(observation?.ports.map((port) => [port.name, port]));
  const neighbours = new Map(
    observation?.neighbours.map((n) => [n.localPort, { name: n.remoteName, port: n.remotePort }]),
  );
  const known = documented.ports.map((port): DeviceView['ports'][number] => {
    const own = observed.get(port.name);
    const far = documented.farOf(port.id);
    const [one, other] = documented.betweenOf(port.id);
    return {
      id: port.id,
      name: port.name,
      kind: port.kind,
      documented: true,
      observed: own !== undefined,
      alias: own?.alias ?? null,
      mac: own?.mac ?? null,
      farEnd: far === null ? null : runEnd(far),
      ...(one && other ? { between: [runEnd(one), runEnd(other)] } : {}),
      neighbour: neighbours.get(port.name) ?? null,
      ...(own?.vlans && { vlans: own.vlans }),
    };
  });
  const names = new Set(documented.ports.map((port) => port.name));
  const others = [...observed.values()]
    .filter((port) => !names.has(port.name))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
    .map((port): DeviceView['ports'][number] => ({
      id: null,
      name: port.name,
      kind: 'network',
      documented: false,
      observed: true,
      alias: port.alias,
      mac: port.mac,
      farEnd: null,
      neighbour: neighbours.get(port.name) ?? null,
      ...(port.vlans && { vlans: port.vlans }),
    }));
  return [...known, ...others];
}
