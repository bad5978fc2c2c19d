import type { ZodType } from 'zod';
import type { Database } from '../database/tables.ts';

/** A setting or position of the log by its name. @throws Error when what is stored is not as it should be */
export async function readSetting<T>(db: Database, key: string, schema: ZodType<T>): Promise<T | null> {
  const row = await db.selectFrom('audit_settings').select('value').where('key', '=', key).executeTakeFirst();
  return row === undefined ? null : schema.parse(JSON.parse(row.value));
}

export async function writeSetting(db: Database, key: string, value: unknown): Promise<void> {
  const row = { value: JSON.stringify(value), sealed: null };
  await db
    .insertInto('audit_settings')
    .values({ key, ...row })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
    .execute();
}
