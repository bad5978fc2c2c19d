import { searchKey } from '../search-key.ts';
import type { PlanContext, Planned, PlannedRows } from './plan.ts';
import { draftRecord, Matcher, shown } from './plan-records.ts';
import type { Row } from './row.ts';

const orUndefined = (text: string) => (text === '' ? undefined : text);

/** Rows that are rooms. */
export async function planRooms(context: PlanContext, rows: readonly Row[]): Promise<PlannedRows> {
  const { known, places, options } = context;
  const siteNames = new Map(known.sites.map(({ id, name }) => [id, name]));
  const matcher = new Matcher(known.rooms, (room) => [`${siteNames.get(room.site_id)}/${room.name}`]);
  const planned: Planned[] = [];
  await context.forEach(rows, (row) => {
    const said = places.said(row);
    const name = row.text('name');
    // In this list a path leads to the floor.
    const siteName = said.site || (row.text('place') === '' ? '' : said.room) || options.site;
    const only = known.sites.length === 1 ? (known.sites[0]?.name ?? '') : '';
    const found = matcher.find(row, 'name', name === '' ? [] : [`${siteName || only}/${name}`]);
    const saysFloor = said.floor !== '' || said.building !== '' || found === undefined;
    const siteId = saysFloor ? places.site(siteName) : null;
    if (saysFloor && siteId === null) row.refuse('site', 'site-unknown');
    const values = {
      name: orUndefined(name),
      floorId:
        siteId === null
          ? undefined
          : places.floor(siteId, said.building, said.floor, found?.floor_id ?? null),
      number: orUndefined(row.text('number')),
      personInCharge: orUndefined(row.text('personInCharge')),
      notes: context.notes(row),
    };
    planned.push(
      draftRecord(context, row, 'room', found, values, name, (field, value) =>
        field === 'floorId' ? places.floorName(Number(value)) : shown(field, value),
      ),
    );
  });
  return { rows: planned, left: leftOf(known.rooms, matcher) };
}

/** Rows that are racks. */
export async function planRacks(context: PlanContext, rows: readonly Row[]): Promise<PlannedRows> {
  const { known, places } = context;
  const matcher = new Matcher(known.racks, (rack) => [`${rack.room_id}/${rack.name}`]);
  const planned: Planned[] = [];
  await context.forEach(rows, (row) => {
    const name = row.text('name');
    const said = places.said(row);
    const roomId = roomOf(context, row, said, matcher.numbered(row)?.room_id);
    const alone = said.room === '' ? onlyRack(context, name) : undefined;
    const found = matcher.find(row, 'name', name === '' ? [] : [`${alone?.room_id ?? roomId ?? ''}/${name}`]);
    if (found === undefined && roomId === undefined) row.refuse('room', 'room-unknown');
    const values = {
      name: orUndefined(name),
      roomId: alone === undefined ? (roomId ?? undefined) : undefined,
      purpose: orUndefined(row.text('purpose')),
      heightU: row.numberOf('heightU', true) ?? (found === undefined ? context.options.heightU : undefined),
      depthMm: row.numberOf('depthMm', true),
      maxWeightKg: row.numberOf('maxWeightKg'),
      maxPowerW: row.numberOf('maxPowerW', true),
      serial: orUndefined(row.text('serial')),
      assetTag: orUndefined(row.text('assetTag')),
      personInCharge: orUndefined(row.text('personInCharge')),
      notes: context.notes(row),
    };
    planned.push(
      draftRecord(context, row, 'rack', found, values, name, (field, value) =>
        field === 'roomId' ? places.roomName(Number(value)) : shown(field, value),
      ),
    );
  });
  return {
    rows: planned,
    left: leftOf(known.racks, matcher, ({ room_id }) => places.mentioned.has(room_id)),
  };
}

/** Rows that are outlets. */
export async function planOutlets(context: PlanContext, rows: readonly Row[]): Promise<PlannedRows> {
  const { known, places } = context;
  const matcher = new Matcher(known.outlets, (outlet) => [outlet.name]);
  const devices = new Map(known.devices.map((device) => [searchKey(device.name), device.name]));
  const planned: Planned[] = [];
  await context.forEach(rows, (row) => {
    const name = row.text('name');
    const found = matcher.find(row, 'name', [name]);
    const device = devices.get(searchKey(name));
    if (device !== undefined) row.refuse('name', 'name-taken', { other: device });
    const roomId = roomOf(context, row, places.said(row), found?.room_id);
    if (found === undefined && roomId === undefined) row.refuse('room', 'room-unknown');
    const values = {
      name: orUndefined(name),
      roomId: roomId ?? undefined,
      place: orUndefined(row.text('position')),
      jacks: row.numberOf('jacks', true),
      notes: context.notes(row),
    };
    planned.push(
      draftRecord(context, row, 'outlet', found, values, name, (field, value) =>
        field === 'roomId' ? places.roomName(Number(value)) : shown(field, value),
      ),
    );
  });
  return {
    rows: planned,
    left: leftOf(known.outlets, matcher, ({ room_id }) => places.mentioned.has(room_id)),
  };
}

/** The room that a row names, or that of the options; undefined when there is none, null when it cannot be understood. */
function roomOf(
  { places, options }: PlanContext,
  row: Row,
  said: ReturnType<PlanContext['places']['said']>,
  current: number | undefined,
): number | undefined | null {
  const room = said.room || options.room;
  return room === '' ? undefined : places.room(row, { ...said, room }, current);
}

function onlyRack({ known }: PlanContext, name: string) {
  const racks = known.racks.filter((rack) => searchKey(rack.name) === searchKey(name));
  return racks.length === 1 ? racks[0] : undefined;
}

function leftOf<T extends { readonly id: number; readonly name: string; readonly version: number }>(
  records: readonly T[],
  matcher: { readonly matched: ReadonlySet<number> },
  near: (record: T) => boolean = () => true,
): PlannedRows['left'] {
  return records
    .filter((record) => !matcher.matched.has(record.id) && near(record))
    .map(({ id, name }) => ({ id, name }));
}
