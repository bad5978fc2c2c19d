import type { RecordKind } from '@rackhaus/config/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import type { Caller } from '../http/route.ts';
import { idsInReach, inReach, type Reach, tableOf } from './scope/in-sites.ts';

export { idsInReach, inReach, type Reach } from './scope/in-sites.ts';

/** What a caller may see of the inventory; null: all of it. A list asks this once and leaves everything as it is for null. */
export function reachOf(caller: Caller): Reach | null {
  if (caller.kind !== 'person' || caller.sites === null) return null;
  return { sites: caller.sites, userId: caller.userId, name: caller.name };
}

/**
 * The condition by which a list leaves out what is in other sites, for a query in which `id` (such as "devices.id") is that of records of the
 * kind; undefined: the caller may see all, and nothing is asked.
 */
export function siteFilter(caller: Caller, kind: RecordKind, id: string): RawBuilder<boolean> | undefined {
  const reach = reachOf(caller);
  return reach === null ? undefined : sql<boolean>`${sql.ref(id)} in ${idsInReach(kind, reach)}`;
}

/** Which of these records are within reach. */
export async function idsWithin(
  db: Database,
  kind: RecordKind,
  ids: Iterable<number>,
  reach: Reach,
): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`select id from ${sql.table(tableOf(kind))}
    where id in (select value from json_each(${JSON.stringify([...new Set(ids)])})) and ${inReach(kind, reach)}`.execute(
    db,
  );
  return new Set(rows.map(({ id }) => id));
}

/** The ids of all records of a kind that are within reach. */
export async function allWithin(db: Database, kind: RecordKind, reach: Reach): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`select id from ${sql.table(tableOf(kind))}
    where ${inReach(kind, reach)}`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** @returns what a list shows to the caller: those whose record is within reach, all of them for who is not limited */
export async function onlyWithin<T>(
  db: Database,
  caller: Caller,
  kind: RecordKind,
  items: readonly T[],
  idOf: (item: T) => number | null,
): Promise<T[]> {
  const reach = reachOf(caller);
  if (reach === null) return [...items];
  const ids = items.map(idOf);
  const shown = await idsWithin(
    db,
    kind,
    ids.filter((id) => id !== null),
    reach,
  );
  return items.filter((_, index) => shown.has(ids[index] ?? 0));
}
