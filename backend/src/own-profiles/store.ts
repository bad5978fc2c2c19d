import type { Database } from '../database/tables.ts';

/** An own profile that is not deleted. */
export interface OwnProfileRow {
  readonly id: string;
  readonly activeVersion: number | null;
  readonly newestVersion: number;
  /** Of the active version, else of the newest. */
  readonly title: string;
  readonly text: string;
}

/** All own profiles that are not deleted, by their ids. */
export async function ownProfilesOf(db: Database): Promise<Map<string, OwnProfileRow>> {
  const rows = await db
    .selectFrom('own_profiles as p')
    .select(['p.profile_id', 'p.active_version'])
    .select((eb) =>
      eb
        .selectFrom('profile_versions as v')
        .whereRef('v.profile_id', '=', 'p.profile_id')
        .select((max) => max.fn.max('v.version').as('newest'))
        .as('newest'),
    )
    .where('p.deleted_at', 'is', null)
    .orderBy('p.profile_id')
    .execute();
  const found = new Map<string, OwnProfileRow>();
  for (const { profile_id: id, active_version: activeVersion, newest } of rows) {
    if (newest === null) continue;
    const shown = await versionOf(db, id, activeVersion ?? newest);
    if (shown)
      found.set(id, { id, activeVersion, newestVersion: newest, title: shown.title, text: shown.text });
  }
  return found;
}

/** One version; undefined: there is none. */
export function versionOf(db: Database, id: string, version: number) {
  return db
    .selectFrom('profile_versions')
    .selectAll()
    .where('profile_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
}

/** The newest version that was ever made under this id, also of one that was deleted; null: none. */
export async function newestOf(db: Database, id: string): Promise<number | null> {
  const row = await db
    .selectFrom('profile_versions')
    .select((eb) => eb.fn.max('version').as('newest'))
    .where('profile_id', '=', id)
    .executeTakeFirst();
  return row?.newest ?? null;
}

/** Which devices are polled with a profile, and for which it was set by hand. */
export async function devicesOf(
  db: Database,
  id: string,
  most: number,
): Promise<{ id: number; name: string; byHand: boolean; inUse: boolean }[]> {
  const rows = await db
    .selectFrom('devices')
    .leftJoin('observations as o', 'o.device_id', 'devices.id')
    .leftJoin('device_monitoring as m', 'm.device_id', 'devices.id')
    .select(['devices.id', 'devices.name', 'o.profile as used', 'm.profile as chosen'])
    .where((eb) => eb.or([eb('o.profile', '=', id), eb('m.profile', '=', id)]))
    .orderBy('devices.name')
    .limit(most)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    byHand: row.chosen === id,
    inUse: row.used === id,
  }));
}

/** How many devices are polled with each profile, and for how many each was set by hand. */
export async function deviceCounts(
  db: Database,
): Promise<{ used: Map<string, number>; byHand: Map<string, number> }> {
  const used = await db
    .selectFrom('observations')
    .innerJoin('devices', 'devices.id', 'observations.device_id')
    .select(['observations.profile'])
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .groupBy('observations.profile')
    .execute();
  const byHand = await db
    .selectFrom('device_monitoring')
    .select(['profile'])
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .groupBy('profile')
    .execute();
  const byProfile = (rows: readonly { profile: string | null; count: number | string | bigint }[]) =>
    new Map(rows.flatMap(({ profile, count }) => (profile ? [[profile, Number(count)] as const] : [])));
  return { used: byProfile(used), byHand: byProfile(byHand) };
}
