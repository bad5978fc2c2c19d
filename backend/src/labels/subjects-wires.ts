import type { LabelSelection } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { inChunks } from './chunks.ts';
import type { Subject } from './subjects.ts';
import { devicePlace } from './subjects-places.ts';
import { type End, rackEnd, tiaName } from './tia.ts';

/** Ports that people plug something into; others have no room for a label, or none that is looked at. */
const labelled = ['network', 'front', 'power-outlet'] as const;

/** A port, whose it is and where that is. */
async function portRows(db: Database, selection: LabelSelection & { readonly portIds?: readonly number[] }) {
  return inChunks(selection.portIds, (ids) => {
    let query = db
      .selectFrom('ports')
      .leftJoin('devices', 'devices.id', 'ports.device_id')
      .leftJoin('device_types', 'device_types.id', 'devices.type_id')
      .leftJoin('racks', 'racks.id', 'devices.rack_id')
      .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
      .leftJoin('rooms', (join) =>
        join.on((e) =>
          e.or([e('rooms.id', '=', e.ref('devices.room_id')), e('rooms.id', '=', e.ref('outlets.room_id'))]),
        ),
      )
      .leftJoin('floors', 'floors.id', 'rooms.floor_id')
      .leftJoin('buildings', 'buildings.id', 'floors.building_id')
      .leftJoin('sites', 'sites.id', 'buildings.site_id')
      .select(['ports.id', 'ports.name', 'ports.label', 'ports.kind', 'ports.device_id'])
      .select(['devices.name as device', 'devices.position', 'device_types.u_height', 'racks.name as rack'])
      .select(['outlets.name as outlet', 'rooms.name as room', 'rooms.number', 'floors.name as floor'])
      .select(['buildings.name as building', 'sites.name as site'])
      .orderBy('racks.rank')
      .orderBy('devices.position', 'desc')
      .orderBy('devices.name')
      .orderBy('outlets.name')
      .orderBy('ports.rank');
    if (ids !== undefined) query = query.where('ports.id', 'in', ids);
    if (selection.deviceId !== undefined) query = query.where('ports.device_id', '=', selection.deviceId);
    if (selection.rackId !== undefined) query = query.where('devices.rack_id', '=', selection.rackId);
    if (selection.roomId !== undefined) query = query.where('rooms.id', '=', selection.roomId);
    if (selection.role !== undefined) query = query.where('devices.role', '=', selection.role);
    return query.execute();
  });
}
type PortRow = Awaited<ReturnType<typeof portRows>>[number];

export async function ports(db: Database, selection: LabelSelection): Promise<Subject[]> {
  const { ids, ...rest } = selection;
  const all = await portRows(db, ids === undefined ? rest : { ...rest, portIds: ids });
  const rows = ids === undefined ? all.filter((row) => labelled.some((kind) => kind === row.kind)) : all;
  const wanted = selection.ports === undefined ? rows : numbered(rows, selection.ports);
  const far = await farEnds(
    db,
    wanted.map((row) => row.id),
  );
  return wanted.map((row) => {
    const front = far.get(`${row.id} front`);
    const rear = far.get(`${row.id} rear`);
    return {
      kind: 'port',
      id: row.id,
      name: `${row.device ?? row.outlet ?? ''}:${row.name}`,
      values: {
        name: row.name,
        label: row.label ?? '',
        device: row.device ?? row.outlet ?? '',
        far: front === undefined ? '' : front.far,
        cable: front?.label ?? '',
        fixed: rear === undefined ? '' : rear.far,
        fixedCable: rear?.label ?? '',
        ...devicePlace(row),
      },
    };
  });
}

/** Of each device, the ports at these places among those of the kind that it mostly has: 1 is the first. */
function numbered(rows: readonly PortRow[], range: string): PortRow[] {
  const wanted = (place: number) =>
    range.split(',').some((part) => {
      const [from = 0, to = from] = part.split('-').map(Number);
      return place >= from && place <= to;
    });
  return [...Map.groupBy(rows, (row) => row.device_id ?? row.outlet).values()].flatMap((own) => {
    const kind = labelled
      .toSorted((a, b) => count(own, b) - count(own, a))
      .find((each) => count(own, each) > 0);
    return own.filter((row) => row.kind === kind).filter((_, index) => wanted(index + 1));
  });
}

const count = (rows: readonly PortRow[], kind: string) => rows.filter((row) => row.kind === kind).length;

/** What is at the other end of the cable, by `<port id> <side of the port>`. */
async function farEnds(
  db: Database,
  portIds: readonly number[],
): Promise<Map<string, { far: string; label: string }>> {
  const rows = await inChunks(portIds, (ids) =>
    db
      .selectFrom('link_ends as own')
      .innerJoin('link_ends as other', (join) =>
        join.onRef('other.link_id', '=', 'own.link_id').onRef('other.side', '<>', 'own.side'),
      )
      .innerJoin('links', 'links.id', 'own.link_id')
      .innerJoin('ports', 'ports.id', 'other.port_id')
      .leftJoin('devices', 'devices.id', 'ports.device_id')
      .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
      .select(['own.port_id', 'own.port_side', 'links.label', 'ports.name as port'])
      .select(['devices.name as device', 'outlets.name as outlet'])
      .where('own.port_id', 'in', ids ?? [])
      .execute(),
  );
  return new Map(
    rows.map((row) => [
      `${row.port_id} ${row.port_side}`,
      { far: `${row.device ?? row.outlet}:${row.port}`, label: row.label ?? '' },
    ]),
  );
}

export async function links(db: Database, selection: LabelSelection): Promise<Subject[]> {
  const { ids } = selection;
  const linkIds = await linksOf(db, selection);
  const rows = await inChunks(ids ?? linkIds, (some) =>
    db
      .selectFrom('links')
      .innerJoin('link_ends', 'link_ends.link_id', 'links.id')
      .select(['links.id', 'links.label', 'links.kind', 'links.color', 'links.length_m'])
      .select(['link_ends.side', 'link_ends.port_id'])
      .where('links.id', 'in', some ?? [])
      .execute(),
  );
  const places = new Map(
    (await portRows(db, { kind: 'port', portIds: rows.map((row) => row.port_id) })).map((row) => [
      row.id,
      row,
    ]),
  );
  const byLink = [...Map.groupBy(rows, (row) => row.id).values()].toSorted((a, b) =>
    (a[0]?.label ?? '').localeCompare(b[0]?.label ?? '', 'de', { numeric: true }),
  );
  return byLink.flatMap((ends) => {
    const [a, b] = ends.toSorted((one, other) => one.side.localeCompare(other.side));
    const placeA = places.get(a?.port_id ?? 0);
    const placeB = places.get(b?.port_id ?? 0);
    if (a === undefined || placeA === undefined || placeB === undefined) return [];
    const [first, second] = [endOf(placeA), endOf(placeB)];
    return [linkSubject(a, first, second), linkSubject(a, second, first)];
  });
}

/** The cables of a device, a rack or a room: one end there is enough. */
async function linksOf(db: Database, selection: LabelSelection): Promise<number[]> {
  if (selection.ids !== undefined) return [];
  let query = db
    .selectFrom('link_ends')
    .innerJoin('ports', 'ports.id', 'link_ends.port_id')
    .leftJoin('devices', 'devices.id', 'ports.device_id')
    .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
    .select('link_ends.link_id')
    .distinct();
  const { deviceId, rackId, roomId } = selection;
  if (deviceId !== undefined) query = query.where('ports.device_id', '=', deviceId);
  if (rackId !== undefined) query = query.where('devices.rack_id', '=', rackId);
  if (roomId !== undefined)
    query = query.where((e) => e.or([e('devices.room_id', '=', roomId), e('outlets.room_id', '=', roomId)]));
  return (await query.execute()).map((row) => row.link_id);
}

function endOf(row: PortRow): End {
  return {
    owner: row.device_id === null ? 'outlet' : 'device',
    name: row.device ?? row.outlet ?? '',
    port: row.name,
    rack: row.rack,
    position: row.position,
    room: row.room ?? '',
    roomNumber: row.number,
    floor: row.floor ?? '',
  };
}

function linkSubject(
  link: { id: number; label: string | null; kind: string; color: string | null; length_m: number | null },
  near: End,
  far: End,
): Subject {
  const end = (prefix: 'near' | 'far', at: End) => ({
    [prefix]: rackEnd(at),
    [`${prefix}.name`]: at.name,
    [`${prefix}.port`]: at.port,
    [`${prefix}.rack`]: at.rack ?? '',
    [`${prefix}.u`]: at.position === null ? '' : String(at.position),
    [`${prefix}.room`]: at.room,
  });
  return {
    kind: 'link',
    id: link.id,
    name: link.label ?? `${near.name}:${near.port}`,
    values: {
      label: link.label ?? '',
      tia: tiaName(near, far),
      kind: link.kind,
      color: link.color ?? '',
      length: link.length_m === null ? '' : `${String(link.length_m).replace('.', ',')} m`,
      ...end('near', near),
      ...end('far', far),
    },
  };
}
