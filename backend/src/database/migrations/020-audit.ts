import { type Kysely, sql } from 'kysely';

/** The log of who did what. See audit/tables.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_log')
    .addColumn('number', 'integer', (c) => c.primaryKey())
    .addColumn('time', 'bigint', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('by_kind', 'text', (c) => c.notNull())
    .addColumn('subject_kind', 'text')
    .addColumn('subject_id', 'text')
    .addColumn('subject_name', 'text')
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('people', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('audit_log_time').on('audit_log').columns(['kind', 'time']).execute();
  await db.schema
    .createTable('audit_people')
    .addColumn('number', 'integer', (c) => c.primaryKey())
    .addColumn('by_id', 'integer')
    .addColumn('by_name', 'text', (c) => c.notNull())
    .addColumn('address', 'text')
    .addColumn('subject_id', 'text')
    .addColumn('subject_name', 'text')
    .addColumn('salt', 'text')
    .addColumn('mac', 'text')
    .execute();
  await db.schema.createIndex('audit_people_by').on('audit_people').column('by_id').execute();
  await db.schema
    .createTable('audit_gaps')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('first', 'integer', (c) => c.notNull())
    .addColumn('last', 'integer', (c) => c.notNull())
    .addColumn('hash_before', 'text', (c) => c.notNull())
    .addColumn('hash_last', 'text', (c) => c.notNull())
    .addColumn('mac', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('audit_gaps_last').on('audit_gaps').column('last').execute();
  await db.schema
    .createTable('audit_settings')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text')
    .execute();
  await db.schema
    .createTable('audit_handed_out')
    .addColumn('agent_id', 'integer', (c) => c.notNull().references('agents.id').onDelete('cascade'))
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('time', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('audit_handed_out_once', ['agent_id', 'fingerprint'])
    .execute();
  // A mistake in the program, or somebody with a database tool, does not change the log in passing. Who takes the triggers away
  // first is found by the chain.
  for (const trigger of [
    sql`create trigger audit_log_no_update before update on audit_log
      begin select raise(abort, 'the log is not changed'); end`,
    sql`create trigger audit_log_no_delete before delete on audit_log
      when not exists (select 1 from audit_gaps where old.number between first and last)
      begin select raise(abort, 'the log is not deleted'); end`,
    sql`create trigger audit_people_no_update before update on audit_people
      when old.salt is null or new.salt is not null or new.number <> old.number
      begin select raise(abort, 'the log is not changed'); end`,
    sql`create trigger audit_people_no_delete before delete on audit_people
      when exists (select 1 from audit_log where number = old.number)
      begin select raise(abort, 'the log is not deleted'); end`,
    sql`create trigger audit_gaps_no_update before update on audit_gaps
      begin select raise(abort, 'the log is not changed'); end`,
    sql`create trigger audit_gaps_no_delete before delete on audit_gaps
      when not exists (select 1 from audit_gaps
        where id <> old.id and first <= old.first and last >= old.last)
      begin select raise(abort, 'the log is not deleted'); end`,
  ])
    await trigger.execute(db);
}
