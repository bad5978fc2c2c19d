import type { TypeDetail, TypeList, TypeListItem } from '@rackhaus/config/contract';
import { DeviceTypeFile, factsOf, libraryYaml, notesOf, portsOfType } from '@rackhaus/config/device-types';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import { placeText } from '../placement.ts';
import type { TypeViews } from '../type-views.ts';

export interface TypeQuery {
  /** Words, each of which must be in the maker, model, slug or part number. */
  readonly q: string;
  readonly manufacturer?: string | undefined;
  readonly form?: 'full' | 'half' | 'vertical' | 'none' | undefined;
  readonly height?: number | undefined;
  /** Only types of which there are devices. */
  readonly used: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** The types that a search finds, by maker and model, a page of them. */
export async function listTypes(db: Database, views: TypeViews, query: TypeQuery): Promise<TypeList> {
  const all = await db
    .selectFrom('device_types')
    .select(['id', 'slug', 'manufacturer', 'model', 'part_number', 'u_height', 'form'])
    .orderBy('manufacturer')
    .orderBy('model')
    .execute();
  const devices = await devicesByType(db);
  const words = query.q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = all.filter((row) => {
    const text = `${row.manufacturer} ${row.model} ${row.slug} ${row.part_number ?? ''}`.toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (query.manufacturer === undefined || row.manufacturer === query.manufacturer) &&
      (query.form === undefined || row.form === query.form) &&
      (query.height === undefined || row.u_height === query.height) &&
      (!query.used || devices.has(row.id))
    );
  });
  const page = found.slice(query.offset, query.offset + query.limit).map((row) => row.id);
  const rows =
    page.length === 0
      ? []
      : await db
          .selectFrom('device_types')
          .select(['id', 'version', 'part_number', 'definition'])
          .where('id', 'in', page)
          .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const items = page.flatMap((id): TypeListItem[] => {
    const row = byId.get(id);
    if (row === undefined) return [];
    const view = views.of(row);
    return [
      {
        view,
        version: row.version,
        partNumber: row.part_number,
        ports: [...view.front.elements, ...view.rear.elements].filter(({ kind }) => kind === 'port').length,
        devices: devices.get(id) ?? 0,
      },
    ];
  });
  const makers = Map.groupBy(all, (row) => row.manufacturer);
  return {
    items,
    total: found.length,
    all: all.length,
    manufacturers: [...makers].map(([name, types]) => ({ name, types: types.length })),
  };
}

async function devicesByType(db: Database): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom('devices')
    .select((e) => ['type_id', e.fn.countAll<number>().as('count')])
    .groupBy('type_id')
    .execute();
  return new Map(rows.map((row) => [row.type_id, Number(row.count)]));
}

const mostDevices = 100;

/** Everything about one type. @throws AppError not-found */
export async function typeDetail(db: Database, views: TypeViews, id: number): Promise<TypeDetail> {
  const row = await db
    .selectFrom('device_types')
    .select([
      'device_types.id',
      'device_types.version',
      'device_types.definition',
      'device_types.front_image_id',
      'device_types.rear_image_id',
    ])
    .where('device_types.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw noType(id);
  const type = DeviceTypeFile.parse(JSON.parse(row.definition));
  const typeOf = fileTypes(type);
  const devices = await db
    .selectFrom('devices')
    .leftJoin('rooms', 'rooms.id', 'devices.room_id')
    .leftJoin('racks', 'racks.id', 'devices.rack_id')
    .select(['devices.id', 'devices.name', 'devices.position', 'rooms.name as room', 'racks.name as rack'])
    .where('type_id', '=', id)
    .orderBy('devices.name')
    .execute();
  return {
    view: views.of(row),
    version: row.version,
    definition: { ...type },
    notes: notesOf(type),
    facts: factsOf(type),
    ports: portsOfType(type).map((port) => ({ ...port, type: typeOf.get(port.name) ?? null })),
    devices: devices.slice(0, mostDevices).map((device) => ({
      id: device.id,
      name: device.name,
      place: placeText({
        room: device.room,
        rack: device.rack,
        position: device.position,
        uHeight: type.u_height,
      }),
    })),
    deviceCount: devices.length,
    frontImageId: row.front_image_id,
    rearImageId: row.rear_image_id,
  };
}

/** What the file says of each port, by its name: `1000base-t`. */
function fileTypes(type: DeviceTypeFile): ReadonlyMap<string, string> {
  const lists = [
    type.interfaces,
    type['console-ports'],
    type['console-server-ports'],
    type['front-ports'],
    type['rear-ports'],
    type['power-outlets'],
    type['power-ports'],
  ];
  return new Map(
    lists
      .toReversed()
      .flatMap((list) =>
        list.flatMap((port) => (port.type === undefined ? [] : [[port.name, port.type] as const])),
      ),
  );
}

/** The file of a type, in the form of the library. @throws AppError not-found */
export async function typeFile(
  db: Database,
  id: number,
  own: boolean,
): Promise<{ readonly name: string; readonly text: string }> {
  const row = await db
    .selectFrom('device_types')
    .select(['slug', 'definition'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw noType(id);
  return {
    name: `${row.slug}.yaml`,
    text: libraryYaml(DeviceTypeFile.parse(JSON.parse(row.definition)), own),
  };
}

function noType(id: number): AppError {
  return new AppError('not-found', `There is no device type ${id}.`, undefined, { reason: 'gone' });
}
