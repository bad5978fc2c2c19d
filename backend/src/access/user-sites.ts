import type { Database } from '../database/tables.ts';

/** The sites that an account is limited to. */
export async function sitesOf(tx: Database, id: number): Promise<number[]> {
  const rows = await tx.selectFrom('user_sites').select('site_id').where('user_id', '=', id).execute();
  return rows.map(({ site_id }) => site_id);
}

/** Limits an account to these sites; null: to none. */
export async function setSites(tx: Database, id: number, sites: readonly number[] | null): Promise<void> {
  await tx.deleteFrom('user_sites').where('user_id', '=', id).execute();
  const distinct = [...new Set(sites ?? [])];
  if (distinct.length > 0)
    await tx
      .insertInto('user_sites')
      .values(distinct.map((site_id) => ({ user_id: id, site_id })))
      .execute();
}
