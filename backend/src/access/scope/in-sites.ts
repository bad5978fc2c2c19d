import { type RecordKind, subjectKinds } from '@rackhaus/config/contract';
import { type RawBuilder, sql } from 'kysely';
import { recordSpecs } from '../../inventory/records/index.ts';
import { ofNoSite, places, type Way } from './places.ts';

/** What an account that is limited to sites may see: these sites, and what is its own. */
export interface Reach {
  readonly sites: ReadonlySet<number>;
  readonly userId: number | null;
  readonly name: string;
}

type Condition = RawBuilder<boolean>;

/** The condition that a row of the kind's table is within reach. Columns are named without their table: for a query of that table alone. */
export function inReach(kind: RecordKind, reach: Reach): Condition {
  if (ofNoSite.has(kind)) return sql<boolean>`1 = 1`;
  if (kind === 'site') return sql<boolean>`id in ${listOf(reach.sites)}`;
  if (kind === 'order') return orderInReach(reach);
  const place = places[kind];
  if (place === undefined) return sql<boolean>`1 = 0`;
  const columns = place.ways.flatMap((way) => ('column' in way && !('table' in way) ? [way.column] : []));
  const ways = place.ways.map((way, index) => throughWay(way, columns.slice(0, index), reach));
  if (place.nowhere === 'shown') ways.push(unset(columns));
  if (kind === 'document') ways.push(ownUpload(reach));
  return sql<boolean>`(${sql.join(ways, sql` or `)})`;
}

/** The ids of all records of the kind that are within reach, in brackets: for `id in …` where tables are joined. */
export function idsInReach(kind: RecordKind, reach: Reach): RawBuilder<number> {
  return sql<number>`(select id from ${sql.table(tableOf(kind))} where ${inReach(kind, reach)})`;
}

/** The table that holds records of a kind. */
export function tableOf(kind: RecordKind): string {
  const table = recordSpecs.get(kind)?.table;
  if (table === undefined) throw new Error(`Nothing says how "${kind}" is kept.`);
  return table;
}

function throughWay(way: Way, before: readonly string[], reach: Reach): Condition {
  if ('subject' in way) {
    const ways = subjectKinds.map(
      (kind) => sql<boolean>`(subject_kind = ${kind} and subject_id in ${idsInReach(kind, reach)})`,
    );
    return sql<boolean>`(${sql.join(ways, sql` or `)})`;
  }
  const named = sql<boolean>`${sql.ref(way.column)} in ${idsInReach(way.in, reach)}`;
  if ('table' in way)
    return sql<boolean>`id in (select ${sql.ref(way.back)} from ${sql.table(way.table)} where ${named})`;
  return before.length === 0 ? named : sql<boolean>`(${unset(before)} and ${named})`;
}

function unset(columns: readonly string[]): Condition {
  const empty = columns.map((column) => sql`${sql.ref(column)} is null`);
  return sql<boolean>`(${sql.join(empty, sql` and `)})`;
}

/**
 * An order is within reach when something that it changes is, and nothing that it changes is not: a cable counts by either of its ends.
 * What is gone meanwhile counts no more. A draft without anything is its author's.
 */
function orderInReach(reach: Reach): Condition {
  const at = (path: string) => sql`json_extract(change, ${`$.${path}`})`;
  const named = (path: string, kind: RecordKind) => sql`${at(path)} in ${idsInReach(kind, reach)}`;
  const outside = (path: string, kind: RecordKind) =>
    sql`(${at(path)} in (select id from ${sql.table(tableOf(kind))}) and not ${named(path, kind)})`;
  const inside = sql.join(
    [
      named('a.portId', 'port'),
      named('b.portId', 'port'),
      named('linkId', 'link'),
      named('deviceId', 'device'),
    ],
    sql` or `,
  );
  const beyond = sql.join(
    [
      outside('deviceId', 'device'),
      outside('to.roomId', 'room'),
      outside('to.rackId', 'rack'),
      outside('linkId', 'link'),
      sql`(${at('action')} = 'add-link' and ${outside('a.portId', 'port')} and ${outside('b.portId', 'port')})`,
    ],
    sql` or `,
  );
  const steps = sql`select order_id from order_steps where port_id in ${idsInReach('port', reach)}
    or device_id in ${idsInReach('device', reach)}`;
  return sql<boolean>`(
    (id in (select order_id from order_items where ${inside}) or id in (${steps})
      or (created_by = ${reach.name} and id not in (select order_id from order_items)))
    and id not in (select order_id from order_items where ${beyond}))`;
}

/** A file that they have uploaded themselves and that belongs to nothing yet. */
function ownUpload({ userId }: Reach): Condition {
  return sql<boolean>`(id not in (select document_id from attachments) and id in (
    select e.object_id from change_events e join changes c on c.id = e.change_id
    where e.kind = 'document' and e.before is null and c.user_id = ${userId}))`;
}

function listOf(ids: ReadonlySet<number>) {
  return sql`(select value from json_each(${JSON.stringify([...ids])}))`;
}
