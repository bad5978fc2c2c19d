import type { IncidentCause, IncidentDetail, RecordKind } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';
import words from '../inventory/api/export-words.json' with { type: 'json' };
import type { Member } from './incident.ts';

const dayMs = 86_400_000;
/** A fault is seen with the next reading, and a change is often written down a little after it was made. */
const afterMs = 15 * 60_000;
const mostChanges = 20;
const mostNamed = 3;
const mostDevices = 20;
const mostEvents = 500;
/** A change to more records than this is an import: it says nothing of a fault. */
const mostOfOne = 50;

/** What a change did to a record, as the history words it. */
type Deed = 'created' | 'updated' | 'deleted';
const deeds: Readonly<Record<Deed, string>> = {
  created: 'angelegt',
  updated: 'geändert',
  deleted: 'gelöscht',
};
const cableDeeds: Readonly<Record<Deed, string>> = {
  created: 'eingesteckt',
  updated: 'umgesteckt',
  deleted: 'ausgesteckt',
};
const kindWords: Readonly<Record<string, readonly string[]>> = words.kind;

interface Spot {
  readonly kind: RecordKind;
  readonly id: number;
}

/**
 * What was documented near an incident in the day before it, newest first: at the device or cable it is about, at what its cables lead to, and in
 * its rack. Imports of many records are left out.
 */
export async function changesNear(
  db: Database,
  about: { cause: IncidentCause; since: number; members: readonly Member[] },
): Promise<IncidentDetail['changes']> {
  const { since } = about;
  const first = await db
    .selectFrom('changes')
    .select((e) => e.fn.min('id').as('id'))
    .where('time', '>=', since - dayMs)
    .where('time', '<=', since + afterMs)
    .executeTakeFirst();
  if (first?.id == null) return [];
  const events = await eventsAt(db, await spotsOf(db, about), first.id);
  const rows = [];
  for (const ids of chunked(events))
    rows.push(
      ...(await db
        .selectFrom('change_events as e')
        .innerJoin('changes as c', 'c.id', 'e.change_id')
        .leftJoin('change_scopes as s', (on) => on.onRef('s.event_id', '=', 'e.id').on('s.kind', '=', 'link'))
        .leftJoin('links as l', 'l.id', 's.object_id')
        .select([
          'c.id',
          'c.time',
          'c.user_name as who',
          'e.kind',
          'e.name',
          'e.before',
          'e.after',
          'l.label as cable',
        ])
        .where('e.id', 'in', ids)
        .where('c.time', '<=', since + afterMs)
        .execute()),
    );
  const large = await largeOnes(db, new Set(rows.map(({ id }) => id)));
  return Array.from(Map.groupBy(rows, ({ id }) => id).values())
    .flatMap((of) => {
      const [row] = of;
      if (row === undefined || large.has(row.id)) return [];
      const said = [...new Set(of.map(sentence))];
      const rest = said.length - mostNamed;
      const what = `${said.slice(0, mostNamed).join(', ')}${rest > 0 ? ` + ${rest}` : ''}`;
      const near = of.find(({ name }) => name !== '')?.name ?? '';
      return [{ id: row.id, time: row.time, who: row.who, what, near }];
    })
    .toSorted((a, b) => b.id - a.id)
    .slice(0, mostChanges);
}

/** Which of these changes are to more records than a person changes by hand. */
async function largeOnes(db: Database, changeIds: ReadonlySet<number>): Promise<Set<number>> {
  const large = new Set<number>();
  for (const ids of chunked([...changeIds]))
    for (const { change_id: id } of await db
      .selectFrom('change_events')
      .select('change_id')
      .where('change_id', 'in', ids)
      .groupBy('change_id')
      .having((e) => e.fn.countAll(), '>', mostOfOne)
      .execute())
      large.add(id);
  return large;
}

function sentence(row: {
  kind: RecordKind;
  name: string;
  before: string | null;
  after: string | null;
  cable: string | null;
}): string {
  const deed: Deed = row.before === null ? 'created' : row.after === null ? 'deleted' : 'updated';
  if (row.kind === 'link-end') return `Kabel ${row.cable ?? ''} ${cableDeeds[deed]}`.replace('  ', ' ');
  const kind = kindWords[row.kind]?.[0] ?? row.kind;
  return `${kind}${row.name === '' ? '' : ` „${row.name}“`} ${deeds[deed]}`;
}

/** The device or cable, what its cables lead to, and the rack. */
async function spotsOf(
  db: Database,
  { cause, members }: { cause: IncidentCause; members: readonly Member[] },
): Promise<Spot[]> {
  const own = new Set<number>();
  if (cause.deviceId !== null) own.add(cause.deviceId);
  for (const { role, condition } of members)
    if (role !== 'affected' && condition.deviceId !== 0 && own.size < mostDevices)
      own.add(condition.deviceId);
  const spots: Spot[] = [...own].map((id) => ({ kind: 'device', id }));
  if (cause.linkId !== null) spots.push({ kind: 'link', id: cause.linkId });
  const ends = await db
    .selectFrom('ports as p')
    .innerJoin('link_ends as a', 'a.port_id', 'p.id')
    .innerJoin('link_ends as b', (on) =>
      on.onRef('b.link_id', '=', 'a.link_id').onRef('b.port_id', '!=', 'a.port_id'),
    )
    .innerJoin('ports as far', 'far.id', 'b.port_id')
    .select(['a.link_id', 'far.device_id', 'far.outlet_id'])
    .distinct()
    .where('p.device_id', 'in', [...own])
    .limit(500)
    .execute();
  for (const end of ends) {
    spots.push({ kind: 'link', id: end.link_id });
    if (end.device_id !== null && !own.has(end.device_id)) spots.push({ kind: 'device', id: end.device_id });
    if (end.outlet_id !== null) spots.push({ kind: 'outlet', id: end.outlet_id });
  }
  const racks = await db
    .selectFrom('devices')
    .select('rack_id')
    .distinct()
    .where('id', 'in', [...own])
    .where('rack_id', 'is not', null)
    .execute();
  for (const { rack_id: id } of racks) if (id !== null) spots.push({ kind: 'rack', id });
  return [...new Map(spots.map((spot) => [`${spot.kind}/${spot.id}`, spot])).values()];
}

/** Ids of events of these records and of what is in them, from a change on; the newest. */
async function eventsAt(db: Database, spots: readonly Spot[], firstChange: number): Promise<number[]> {
  const from = await db
    .selectFrom('change_events')
    .select((e) => e.fn.min('id').as('id'))
    .where('change_id', '>=', firstChange)
    .executeTakeFirst();
  if (from?.id == null) return [];
  const found = new Set<number>();
  for (const [kind, of] of Map.groupBy(spots, (spot) => spot.kind))
    for (const ids of chunked(of.map(({ id }) => id))) {
      const own = await db
        .selectFrom('change_events')
        .select('id')
        .where('kind', '=', kind)
        .where('object_id', 'in', ids)
        .where('id', '>=', from.id)
        .orderBy('id', 'desc')
        .limit(mostEvents)
        .execute();
      const within = await db
        .selectFrom('change_scopes')
        .select('event_id as id')
        .where('kind', '=', kind)
        .where('object_id', 'in', ids)
        .where('event_id', '>=', from.id)
        .orderBy('event_id', 'desc')
        .limit(mostEvents)
        .execute();
      for (const { id } of [...own, ...within]) found.add(id);
    }
  return [...found].toSorted((a, b) => b - a).slice(0, mostEvents);
}
