import { sql } from 'kysely';
import { inReach, type Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { within } from '../../inventory/api/within.ts';
import { AppError } from '../../problem.ts';

export interface Place {
  readonly kind: 'site' | 'building' | 'floor' | 'room' | 'rack';
  readonly id: number;
}

/** More would be a sheet that nobody reads, and minutes of work. */
const mostPorts = 60_000;

/** "rack:3" as a place; the contract has checked the form. */
export function placeOf(text: string | undefined): Place | null {
  const [, kind, id] = /^(site|building|floor|room|rack):(\d+)$/.exec(text ?? '') ?? [];
  if (kind !== 'site' && kind !== 'building' && kind !== 'floor' && kind !== 'room' && kind !== 'rack')
    return null;
  return { kind, id: Number(id) };
}

/** Of what the name of a place is made. */
const parents = [
  ['rack', 'racks', 'room_id'],
  ['room', 'rooms', 'floor_id'],
  ['floor', 'floors', 'building_id'],
  ['building', 'buildings', 'site_id'],
  ['site', 'sites', null],
] as const;

/** "Rathaus · EG · Serverraum · Schrank 1"; "" for everything. @throws AppError not-found */
export async function placeName(db: Database, place: Place | null): Promise<string> {
  if (place === null) return '';
  const names: string[] = [];
  let id: number | null = place.id;
  for (const [, table, parent] of parents.slice(parents.findIndex(([kind]) => kind === place.kind))) {
    if (id === null) break;
    const row: Named | undefined = await named(db, table, parent, id);
    if (row === undefined) throw new AppError('not-found', `There is no ${place.kind} ${place.id}.`);
    names.unshift(row.name);
    id = row.parent;
  }
  return [...new Set(names)].join(' · ');
}

interface Named {
  readonly name: string;
  readonly parent: number | null;
}

async function named(
  db: Database,
  table: string,
  parent: string | null,
  id: number,
): Promise<Named | undefined> {
  const { rows } = await sql<Named>`
    select name, ${parent === null ? sql`null` : sql.ref(parent)} as parent
    from ${sql.table(table)} where id = ${id}`.execute(db);
  return rows[0];
}

/** Devices that stand in a place, as far as they are within reach; null for everything. */
export async function devicesWithin(
  db: Database,
  place: Place | null,
  reach: Reach | null,
): Promise<Set<number> | null> {
  if (place === null && reach === null) return null;
  const inside = place === null ? sql`1 = 1` : (within('device', place.kind, place.id) ?? sql`1 = 0`);
  const own = reach === null ? sql`1 = 1` : inReach('device', reach);
  const { rows } = await sql<{ id: number }>`select id from devices where ${inside} and ${own}`.execute(db);
  return new Set(rows.map((row) => row.id));
}

/** Ports of a place at which cables end, as far as they are within reach. @throws AppError too-large */
export async function cabledPorts(db: Database, place: Place | null, reach: Reach | null): Promise<number[]> {
  const conditions = [
    place === null ? null : within('port', place.kind, place.id),
    reach === null ? null : inReach('port', reach),
  ].filter((condition) => condition !== null);
  const where =
    conditions.length === 0
      ? sql``
      : sql`where port_id in (select id from ports where ${sql.join(conditions, sql` and `)})`;
  const { rows } = await sql<{ port_id: number }>`
    select distinct port_id from link_ends ${where} limit ${mostPorts + 1}`.execute(db);
  if (rows.length > mostPorts)
    throw new AppError(
      'too-large',
      `More than ${mostPorts} ports are cabled there. Please choose a smaller place.`,
      undefined,
      { reason: 'too-many-rows' },
    );
  return rows.map((row) => row.port_id);
}
