import type { Database } from '../../database/tables.ts';
import { parseEventData, rowsOf } from '../../history/events.ts';
import { chunked } from '../../history/rows.ts';
import type { Row } from '../../history/spec.ts';
import type { Place } from './world.ts';

/** Of steps that are not open: the change by which each was reported, by step. */
export async function changesOfSteps(db: Database, stepIds: readonly number[]): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const part of chunked(stepIds))
    for (const row of await db
      .selectFrom('change_events')
      .select(['object_id', 'change_id', 'after'])
      .where('kind', '=', 'order-step')
      .where('object_id', 'in', part)
      .where('before', 'is not', null)
      .where('after', 'is not', null)
      .orderBy('id')
      .execute()) {
      const [after] = row.after === null ? [] : rowsOf(parseEventData(row.after));
      // Later ones win: proofs are written to a step too, and do not name its state.
      if (after?.state !== undefined && after.state !== 'open') found.set(row.object_id, row.change_id);
    }
  return found;
}

/** Where devices stood before the change that moved them, by that change; `pairs`: which device in which change. */
export async function placesBefore(
  db: Database,
  pairs: readonly { readonly deviceId: number; readonly changeId: number }[],
): Promise<Map<number, { readonly place: Place; readonly row: Row }>> {
  const places = new Map<number, { place: Place; row: Row }>();
  for (const { deviceId, changeId } of pairs) {
    const events = await db
      .selectFrom('change_events')
      .select(['before'])
      .where('kind', '=', 'device')
      .where('object_id', '=', deviceId)
      .where('change_id', '=', changeId)
      .orderBy('id', 'desc')
      .execute();
    const device = await db.selectFrom('devices').selectAll().where('id', '=', deviceId).executeTakeFirst();
    if (events.length === 0 || device === undefined) continue;
    // An event holds what differed; the rest is as it is today, as far as nobody has changed it since.
    let row: Row = device;
    for (const { before } of events)
      if (before !== null) row = { ...row, ...rowsOf(parseEventData(before))[0] };
    places.set(changeId, { place: placeOf(row), row });
  }
  return places;
}

export function placeOf(row: Row): Place {
  const number = (value: unknown) => (typeof value === 'number' ? value : null);
  return {
    roomId: number(row.room_id),
    rackId: number(row.rack_id),
    position: number(row.position),
    face: row.face === 'rear' ? 'rear' : 'front',
    side: row.side === 'left' || row.side === 'right' ? row.side : 'full',
  };
}

/** Cables that have been deleted, as they were last, by id; and in which change. */
export async function goneLinks(
  db: Database,
  linkIds: readonly number[],
): Promise<Map<number, { readonly row: Row; readonly changeId: number }>> {
  const gone = new Map<number, { row: Row; changeId: number }>();
  for (const part of chunked(linkIds))
    for (const event of await db
      .selectFrom('change_events')
      .select(['object_id', 'change_id', 'before'])
      .where('kind', '=', 'link')
      .where('object_id', 'in', part)
      .where('after', 'is', null)
      .orderBy('id')
      .execute()) {
      const [row] = event.before === null ? [] : rowsOf(parseEventData(event.before));
      if (row !== undefined) gone.set(event.object_id, { row, changeId: event.change_id });
    }
  return gone;
}
