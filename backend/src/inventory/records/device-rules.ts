import type { Change } from '../../history/change.ts';
import type { DbValue, Row, StoredRow } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { searchKey } from '../search-key.ts';
import { missing } from './places.ts';

type Pair = { readonly before: StoredRow | null; readonly next: Row };

/**
 * Checks devices that are about to be written: a name that no outlet has, a place that exists and fits the type. What follows
 * from the rest is filled in: the room from the rack, the side from the form.
 */
export async function prepareDevices(change: Change, rows: readonly Pair[]): Promise<readonly Row[]> {
  const types = await lookUp(change, 'device_types', rows, 'type_id');
  const racks = await lookUp(change, 'racks', rows, 'rack_id');
  const rooms = await lookUp(change, 'rooms', rows, 'room_id');
  await refuseNamesOfOutlets(change, rows);
  return rows.map(({ next }) => {
    const type = types.get(next.type_id ?? null);
    if (type === undefined) throw missing('typeId', 'device type', next.type_id ?? null);
    return { ...next, search_key: searchKey(String(next.name)), ...placeOf(next, type, { racks, rooms }) };
  });
}

type Known = ReadonlyMap<DbValue, StoredRow>;

function placeOf(next: Row, type: StoredRow, known: { racks: Known; rooms: Known }): Row {
  const form = String(type.form);
  const rackId = next.rack_id ?? null;
  const roomId = next.room_id ?? null;
  if (rackId === null) {
    if (roomId !== null && !known.rooms.has(roomId)) throw missing('roomId', 'room', roomId);
    if ((next.position ?? null) !== null) throw invalid('position', 'a rack unit needs a rack', 'needs-rack');
    return { room_id: roomId, rack_id: null, position: null, side: sideOf(next, form) };
  }
  const rack = known.racks.get(rackId);
  if (rack === undefined) throw missing('rackId', 'rack', rackId);
  const position = next.position ?? null;
  const height = Number(type.u_height);
  const takesUnits = (form === 'full' || form === 'half') && height > 0;
  if (position !== null && !takesUnits)
    throw invalid('position', 'this type takes no rack unit', 'takes-no-unit');
  if (position === null && takesUnits)
    throw invalid('position', `it takes ${height} rack units: which is the lowest?`, 'needs-position');
  if (position !== null && !Number.isInteger(Number(position) * 2))
    throw invalid('position', 'must be a whole or a half rack unit', 'not-a-unit');
  if (position !== null && Number(position) + height - 1 > Number(rack.height_u))
    throw new AppError(
      'conflict',
      `"${String(rack.name)}" has ${String(rack.height_u)} rack units; the device takes ${height} and would stand out at the top.`,
      [{ path: 'position', message: `must be at most ${Number(rack.height_u) - height + 1}` }],
      { reason: 'beyond-rack', blocking: [{ kind: 'rack', id: rack.id, name: String(rack.name) }] },
    );
  if (form === 'half' && next.side === 'full')
    throw invalid('side', 'this type is half as wide as the rack: left or right', 'needs-side');
  return { room_id: rack.room_id ?? null, rack_id: rackId, position, side: sideOf(next, form) };
}

/** What is as wide as the rack has no side; what hangs at a rail has one. */
function sideOf(next: Row, form: string): string {
  const side = String(next.side ?? 'full');
  if (form === 'full' || form === 'none') return 'full';
  return form === 'vertical' && side === 'full' ? 'left' : side;
}

function invalid(path: string, message: string, reason: string): AppError {
  return new AppError('invalid', `${path}: ${message}.`, [{ path, message }], { reason });
}

async function lookUp(change: Change, table: string, rows: readonly Pair[], column: string): Promise<Known> {
  const ids = [...new Set(rows.map(({ next }) => next[column] ?? null))].filter(
    (id) => typeof id === 'number',
  );
  return new Map((await change.rows.byIds(table, ids)).map((row) => [row.id, row]));
}

/** Links are written `<device or outlet>:<port>`, so both share their names. */
async function refuseNamesOfOutlets(change: Change, rows: readonly Pair[]): Promise<void> {
  const names = renamed(rows);
  if (names.length === 0) return;
  const taken = await change.tx
    .selectFrom('outlets')
    .select(['id', 'name'])
    .where('name', 'in', names.slice(0, 20_000))
    .executeTakeFirst();
  if (taken !== undefined) throw nameTaken('outlet', taken);
}

/** The same, for outlets. */
export async function refuseNamesOfDevices(change: Change, rows: readonly Pair[]): Promise<void> {
  const names = renamed(rows);
  if (names.length === 0) return;
  const taken = await change.tx
    .selectFrom('devices')
    .select(['id', 'name'])
    .where('name', 'in', names.slice(0, 20_000))
    .executeTakeFirst();
  if (taken !== undefined) throw nameTaken('device', taken);
}

function renamed(rows: readonly Pair[]): string[] {
  return rows.filter(({ before, next }) => before?.name !== next.name).map(({ next }) => String(next.name));
}

function nameTaken(kind: 'device' | 'outlet', { id, name }: { id: number; name: string }): AppError {
  return new AppError(
    'conflict',
    `There is already a ${kind} "${name}"; devices and outlets share their names.`,
    [{ path: 'name', message: 'is taken' }],
    { reason: 'taken', blocking: [{ kind, id, name }] },
  );
}
