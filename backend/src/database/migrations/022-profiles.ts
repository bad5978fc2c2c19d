import type { Kysely } from 'kysely';
import { z } from 'zod';

const SaysProfile = z.looseObject({ profile: z.string() });

/** Profiles that people have written, in versions. See own-profiles/tables.ts. With which profile a device was polled is found without reading all that it says. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('profile_versions')
    .addColumn('profile_id', 'text', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('note', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('created_by', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('profile_versions_once', ['profile_id', 'version'])
    .execute();
  await db.schema
    .createTable('own_profiles')
    .addColumn('profile_id', 'text', (c) => c.primaryKey())
    .addColumn('active_version', 'integer')
    .addColumn('deleted_at', 'bigint')
    .execute();
  await db.schema.alterTable('observations').addColumn('profile', 'text').execute();
  const known = db.withTables<{
    observations: { device_id: number; observation: string; profile: string | null };
  }>();
  const rows = await known.selectFrom('observations').select(['device_id', 'observation']).execute();
  for (const { device_id, observation } of rows) {
    const said = SaysProfile.safeParse(JSON.parse(observation));
    if (!said.success) continue;
    const { profile } = said.data;
    await known.updateTable('observations').set({ profile }).where('device_id', '=', device_id).execute();
  }
  await db.schema.createIndex('observations_profile').on('observations').column('profile').execute();
}
