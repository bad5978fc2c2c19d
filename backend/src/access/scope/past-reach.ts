import type { RecordKind } from '@rackhaus/config/contract';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Reach } from './in-sites.ts';
import { ofNoSite, places } from './places.ts';

/** What everybody may know of, of whichever site: but views that somebody keeps for themselves. */
const everybodys: readonly RecordKind[] = [...ofNoSite].filter((kind) => kind !== 'saved-view');
const shownNowhere = Object.entries(places).flatMap(([kind, place]) =>
  place.nowhere === 'shown' ? [kind] : [],
);
const Sites = z.array(z.int());

/** The condition that a change has touched something within reach, where it was then; for a query of `changes`. */
export function changeInReach({ sites }: Reach): RawBuilder<boolean> {
  return sql<boolean>`changes.id in (select change_id from change_sites where site_id in ${listOf(sites)})`;
}

/** The condition that one side of an event at least is within reach; for a query in which the events are `e`. */
export function eventInReach(reach: Reach): RawBuilder<boolean> {
  const side = (data: string, sites: string) =>
    sql<boolean>`(${sql.ref(data)} is not null and ${sideInReach(sites, reach)})`;
  return sql<boolean>`(${side('e.before', 'e.before_sites')} or ${side('e.after', 'e.after_sites')})`;
}

/** The condition that all of an event is within reach; for a query in which the events are `e`. */
export function eventWhollyInReach(reach: Reach): RawBuilder<boolean> {
  const side = (data: string, sites: string) =>
    sql<boolean>`(${sql.ref(data)} is null or ${sideInReach(sites, reach)})`;
  return sql<boolean>`(${side('e.before', 'e.before_sites')} and ${side('e.after', 'e.after_sites')})`;
}

/** The condition that one side of an event is within reach, by the column that says where it is: "e.after_sites". */
export function sideInReach(column: string, { sites }: Reach): RawBuilder<boolean> {
  const of = sql.ref(column);
  return sql<boolean>`(e.kind in (${sql.join(everybodys)})
    or (${of} is not null and exists (select 1 from json_each(${of}) where value in ${listOf(sites)}))
    or (${of} = '[]' and e.kind in (${sql.join(shownNowhere)})))`;
}

/** The same of one side of an event that has been read. */
export function sideWithin(kind: RecordKind, sites: string | null, reach: Reach): boolean {
  if (everybodys.includes(kind)) return true;
  if (sites === null) return false;
  const ids = Sites.parse(JSON.parse(sites));
  return ids.length === 0 ? shownNowhere.includes(kind) : ids.some((id) => reach.sites.has(id));
}

function listOf(ids: ReadonlySet<number>) {
  return sql`(select value from json_each(${JSON.stringify([...ids])}))`;
}
