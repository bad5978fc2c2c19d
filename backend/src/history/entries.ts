import { type ChangeEntry, ChangeEntry as Entry } from '@rackhaus/config/contract';
import { type Selectable, sql } from 'kysely';
import { eventInReach, eventWhollyInReach, sideWithin } from '../access/scope/past-reach.ts';
import { idsWithin, type Reach } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';
import { parseEventData, rowsOf } from './events.ts';
import type { Specs } from './spec.ts';
import type { HistoryTables } from './tables.ts';

type ChangeRow = Selectable<HistoryTables['changes']>;
type EventRow = Selectable<HistoryTables['change_events']>;

/**
 * Changes as lists show them, in their order. For somebody who is limited to sites only what they did there counts, names the change,
 * and its reason is told where it did nothing else: nobody knows what a person has written into it.
 */
export async function entriesOf(
  from: { readonly db: Database; readonly specs: Specs },
  rows: readonly ChangeRow[],
  reach: Reach | null,
): Promise<ChangeEntry[]> {
  if (reach === null || rows.length === 0) return rows.map(entryOf);
  const { db } = from;
  const ids = sql`(select value from json_each(${JSON.stringify(rows.map(({ id }) => id))}))`;
  const counted = await sql<{ change_id: number } & ChangeEntry['counts'][number]>`
    select e.change_id, e.kind,
      sum(case when e.before is null then e.count else 0 end) as created,
      sum(case when e.before is not null and e.after is not null then e.count else 0 end) as updated,
      sum(case when e.after is null then e.count else 0 end) as deleted
    from change_events e where e.change_id in ${ids} and ${eventInReach(reach)}
    group by e.change_id, e.kind order by min(e.id)`.execute(db);
  const counts = Map.groupBy(counted.rows, (row) => row.change_id);
  const partly = await sql<{ change_id: number }>`
    select distinct e.change_id from change_events e
    where e.change_id in ${ids} and not ${eventWhollyInReach(reach)}`.execute(db);
  const withMore = new Set(partly.rows.map((row) => row.change_id));
  const orders = await idsWithin(
    db,
    'order',
    rows.flatMap((row) => row.order_id ?? []),
    reach,
  );
  const entries: ChangeEntry[] = [];
  for (const row of rows)
    entries.push({
      ...entryOf(row),
      reason: withMore.has(row.id) ? null : row.reason,
      orderId: orders.has(row.order_id ?? 0) ? row.order_id : null,
      counts: (counts.get(row.id) ?? []).map(({ change_id: _, ...count }) =>
        Entry.shape.counts.element.parse(count),
      ),
      first: await firstWithin(from, row, reach),
    });
  return entries;
}

/** By what somebody recognises a change: the same as everybody, else the first that they may know of. */
async function firstWithin(
  { db, specs }: { readonly db: Database; readonly specs: Specs },
  change: ChangeRow,
  reach: Reach,
): Promise<ChangeEntry['first']> {
  const { rows } = await sql<EventRow>`
    select e.* from change_events e
    where e.change_id = ${change.id} and e.object_id <> 0 and e.name <> '' and ${eventInReach(reach)}
    order by e.kind = ${change.first_kind} and e.object_id = ${change.first_id} desc, e.id limit 1`.execute(
    db,
  );
  const [row] = rows;
  return row === undefined
    ? null
    : { kind: row.kind, id: row.object_id, name: nameWithin(specs, row, reach) };
}

/** What the record was called while it was within reach. */
export function nameWithin(specs: Specs, row: EventRow, reach: Reach | null): string {
  const left = reach !== null && row.after !== null && !sideWithin(row.kind, row.after_sites, reach);
  const nameOf = specs.get(row.kind)?.nameOf;
  if (!left || row.before === null || nameOf === undefined) return row.name;
  // Both sides hold what differs: is that not its name, it has been called the same.
  const [was, is] = [row.before, row.after ?? row.before].map((side) =>
    nameOf(rowsOf(parseEventData(side))[0] ?? {}),
  );
  return was === undefined || was === is ? row.name : was;
}

function entryOf(row: ChangeRow): ChangeEntry {
  return {
    id: row.id,
    time: row.time,
    user: row.user_name,
    source: row.source,
    reason: row.reason,
    orderId: row.order_id,
    undoes: row.undoes,
    undoneBy: row.undone_by,
    counts: Entry.shape.counts.parse(JSON.parse(row.counts)),
    first:
      row.first_kind === null || row.first_id === null
        ? null
        : { kind: row.first_kind, id: row.first_id, name: row.first_name ?? '' },
  };
}
