import type { Kysely } from 'kysely';

/**
 * Programs that write by themselves (Telegraf, Proxmox VE …), what they speak of, what is kept until somebody has said which
 * device that is, and fields that people have mapped by hand.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('feeds')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('name_key', 'text', (c) => c.notNull().unique())
    .addColumn('token_hash', 'text', (c) => c.notNull().unique())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('last_seen_at', 'bigint')
    .addColumn('points', 'bigint', (c) => c.notNull().defaultTo(0))
    .addColumn('rejected', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable('feed_sources')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('feed_id', 'integer', (c) => c.notNull().references('feeds.id').onDelete('cascade'))
    .addColumn('tags', 'text', (c) => c.notNull())
    .addColumn('label', 'text', (c) => c.notNull())
    .addColumn('device_id', 'integer', (c) => c.references('devices.id').onDelete('set null'))
    .addColumn('ignored', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('first_seen_at', 'bigint', (c) => c.notNull())
    .addColumn('last_seen_at', 'bigint', (c) => c.notNull())
    .addColumn('points', 'bigint', (c) => c.notNull().defaultTo(0))
    .addColumn('dropped', 'bigint', (c) => c.notNull().defaultTo(0))
    .addColumn('interval_seconds', 'integer')
    .addColumn('content', 'text', (c) => c.notNull().defaultTo('[]'))
    .addUniqueConstraint('feed_sources_once', ['feed_id', 'tags'])
    .execute();
  await db.schema.createIndex('feed_sources_device').on('feed_sources').column('device_id').execute();
  await db.schema
    .createTable('feed_waiting')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('source_id', 'integer', (c) => c.notNull().references('feed_sources.id').onDelete('cascade'))
    .addColumn('received_at', 'bigint', (c) => c.notNull())
    .addColumn('points', 'integer', (c) => c.notNull())
    .addColumn('bytes', 'integer', (c) => c.notNull())
    .addColumn('pack', 'blob', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('feed_waiting_source').on('feed_waiting').column('source_id').execute();
  await db.schema
    .createTable('feed_fields')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('feed_id', 'integer', (c) => c.notNull().references('feeds.id').onDelete('cascade'))
    .addColumn('measurement', 'text', (c) => c.notNull())
    .addColumn('field', 'text', (c) => c.notNull())
    .addColumn('metric', 'text', (c) => c.notNull())
    .addColumn('entity', 'text', (c) => c.notNull().defaultTo(''))
    .addColumn('factor', 'real', (c) => c.notNull().defaultTo(1))
    .addColumn('rate', 'integer', (c) => c.notNull().defaultTo(0))
    .addUniqueConstraint('feed_fields_once', ['feed_id', 'measurement', 'field'])
    .execute();
}
