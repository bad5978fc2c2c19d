import { type Kysely, sql } from 'kysely';

/** What records are found by besides their names; see inventory/search/terms.ts, which keeps it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('search_terms')
    .addColumn('term', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('object_id', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('search_terms_key', ['term', 'kind', 'object_id'])
    .execute();
  await db.schema
    .createIndex('search_terms_of_object')
    .on('search_terms')
    .columns(['kind', 'object_id'])
    .execute();
  await sql`insert into search_terms (term, kind, object_id)
    select search_key, 'link', id from links where search_key <> ''`.execute(db);
}
