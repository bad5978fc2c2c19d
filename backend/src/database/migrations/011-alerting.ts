import { type CreateTableBuilder, type Kysely, sql } from 'kysely';

/** Limits of rules, maintenance, on-call plans; incidents, who is to be told of them, and through what. See alerting/tables.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await records(db);
  await incidents(db);
  await telling(db);
  await around(db);
}

function record(db: Kysely<unknown>, table: string): CreateTableBuilder<string, never> {
  return db.schema
    .createTable(table)
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('version', 'integer', (c) => c.notNull().defaultTo(0));
}

async function index(db: Kysely<unknown>, table: string, ...columns: string[]): Promise<void> {
  for (const column of columns)
    await db.schema.createIndex(`${table}_by_${column}`).on(table).column(column).execute();
}

async function records(db: Kysely<unknown>): Promise<void> {
  await record(db, 'rule_limits')
    .addColumn('rule_id', 'text', (c) => c.notNull())
    .addColumn('scope', 'text', (c) => c.notNull())
    .addColumn('site_id', 'integer', (c) => c.references('sites.id'))
    .addColumn('role', 'text')
    .addColumn('device_id', 'integer', (c) => c.references('devices.id'))
    .addColumn('entity', 'text')
    .addColumn('enabled', 'integer', (c) => c.notNull())
    .addColumn('limit', 'double precision')
    .addColumn('clear', 'double precision')
    .addColumn('for_seconds', 'integer')
    .addColumn('severity', 'text')
    .addColumn('reason', 'text')
    .execute();
  // Nulls count as equal here: there is one limit of a rule for the same thing.
  await sql`create unique index rule_limits_once on rule_limits
    (rule_id, scope, coalesce(site_id, 0), coalesce(role, ''), coalesce(device_id, 0), coalesce(entity, ''))`.execute(
    db,
  );
  await record(db, 'maintenances')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('scope', 'text', (c) => c.notNull())
    .addColumn('site_id', 'integer', (c) => c.references('sites.id'))
    .addColumn('room_id', 'integer', (c) => c.references('rooms.id'))
    .addColumn('rack_id', 'integer', (c) => c.references('racks.id'))
    .addColumn('device_id', 'integer', (c) => c.references('devices.id'))
    .addColumn('port_id', 'integer', (c) => c.references('ports.id'))
    .addColumn('service_id', 'integer', (c) => c.references('services.id'))
    .addColumn('from', 'bigint', (c) => c.notNull())
    .addColumn('until', 'bigint', (c) => c.notNull())
    .addColumn('recurrence', 'text', (c) => c.notNull())
    .addColumn('order_id', 'integer', (c) => c.references('orders.id'))
    .addColumn('reason', 'text')
    .execute();
  await record(db, 'rotas')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('plan', 'text', (c) => c.notNull())
    .addColumn('notes', 'text')
    .execute();
  await record(db, 'rota_changes')
    .addColumn('rota_id', 'integer', (c) => c.notNull().references('rotas.id'))
    .addColumn('from', 'bigint', (c) => c.notNull())
    .addColumn('until', 'bigint', (c) => c.notNull())
    .addColumn('user_id', 'integer', (c) => c.notNull())
    .addColumn('instead_of_id', 'integer')
    .addColumn('reason', 'text')
    .execute();
  await record(db, 'escalations')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addColumn('plan', 'text', (c) => c.notNull())
    .addColumn('notes', 'text')
    .execute();
  for (const column of ['site_id', 'room_id', 'rack_id', 'device_id', 'port_id', 'service_id', 'order_id'])
    await index(db, 'maintenances', column);
  await index(db, 'rule_limits', 'site_id', 'device_id');
  await index(db, 'rota_changes', 'rota_id');
}

async function incidents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('incidents')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('severity', 'text', (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('advice', 'text', (c) => c.notNull())
    .addColumn('place', 'text', (c) => c.notNull())
    .addColumn('cause', 'text', (c) => c.notNull())
    .addColumn('site_id', 'integer')
    .addColumn('room_id', 'integer')
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('opened_at', 'bigint')
    .addColumn('acknowledged_at', 'bigint')
    .addColumn('acknowledged_by', 'text')
    .addColumn('resolved_at', 'bigint')
    .addColumn('snoozed_until', 'bigint')
    .addColumn('held_by', 'integer')
    .addColumn('flapping', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('unknown', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('drill', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .execute();
  await index(db, 'incidents', 'state', 'since');
  // One incident of a cause at a time, whatever happens around a restart.
  await sql`create unique index incidents_once on incidents (key) where state <> 'resolved'`.execute(db);
  await db.schema
    .createTable('incident_members')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('incident_id', 'integer', (c) => c.notNull().references('incidents.id').onDelete('cascade'))
    .addColumn('condition_id', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('condition', 'text', (c) => c.notNull())
    .addColumn('device_id', 'integer', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('ended_at', 'bigint')
    .addUniqueConstraint('incident_members_once', ['incident_id', 'condition_id'])
    .execute();
  await index(db, 'incident_members', 'device_id');
  await db.schema
    .createTable('incident_events')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('incident_id', 'integer', (c) => c.notNull().references('incidents.id').onDelete('cascade'))
    .addColumn('time', 'bigint', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('by', 'text')
    .addColumn('text', 'text')
    .addColumn('detail', 'text', (c) => c.notNull().defaultTo('{}'))
    .execute();
  await index(db, 'incident_events', 'incident_id', 'time');
}

async function telling(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('notices')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('incident_id', 'integer', (c) => c.references('incidents.id').onDelete('cascade'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('time', 'bigint', (c) => c.notNull())
    .addColumn('detail', 'text', (c) => c.notNull().defaultTo('{}'))
    .addColumn('planned_at', 'bigint')
    .execute();
  await sql`create index notices_waiting on notices (id) where planned_at is null`.execute(db);
  await index(db, 'notices', 'incident_id');
  await db.schema
    .createTable('incident_escalations')
    .addColumn('incident_id', 'integer', (c) => c.primaryKey().references('incidents.id').onDelete('cascade'))
    .addColumn('escalation_id', 'integer', (c) => c.notNull())
    .addColumn('step', 'integer', (c) => c.notNull())
    .addColumn('round', 'integer', (c) => c.notNull())
    .addColumn('next_at', 'bigint')
    .execute();
  await index(db, 'incident_escalations', 'next_at');
  await db.schema
    .createTable('channels')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('version', 'integer', (c) => c.notNull().defaultTo(1))
    .addColumn('user_id', 'integer', (c) => c.references('users.id').onDelete('cascade'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addColumn('settings', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text')
    .addColumn('enabled', 'integer', (c) => c.notNull().defaultTo(1))
    .addColumn('min_severity', 'text', (c) => c.notNull().defaultTo('warning'))
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('last_sent_at', 'bigint')
    .addColumn('last_receipt_at', 'bigint')
    .addColumn('failing_since', 'bigint')
    .addColumn('last_error', 'text')
    .execute();
  await index(db, 'channels', 'user_id');
  await db.schema
    .createTable('deliveries')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('key', 'text', (c) => c.notNull().unique())
    .addColumn('notice_id', 'integer', (c) => c.notNull().references('notices.id').onDelete('cascade'))
    .addColumn('incident_id', 'integer', (c) => c.references('incidents.id').onDelete('cascade'))
    .addColumn('channel_id', 'integer', (c) => c.notNull().references('channels.id').onDelete('cascade'))
    .addColumn('user_id', 'integer')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('message', 'text', (c) => c.notNull())
    .addColumn('step', 'integer')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('next_at', 'bigint', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('sent_at', 'bigint')
    .addColumn('receipt_at', 'bigint')
    .addColumn('late', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('last_error', 'text')
    .addColumn('reply_code', 'text')
    .execute();
  await index(db, 'deliveries', 'incident_id', 'notice_id', 'channel_id');
  await sql`create index deliveries_waiting on deliveries (channel_id, id) where state = 'waiting'`.execute(
    db,
  );
}

async function around(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('alert_settings')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text')
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_by', 'text')
    .execute();
  await db.schema
    .createTable('status_messages')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('service_id', 'integer', (c) => c.references('services.id').onDelete('set null'))
    .addColumn('incident_id', 'integer', (c) => c.references('incidents.id').onDelete('set null'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_by', 'text')
    .execute();
  await db.schema
    .createTable('drills')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('incident_id', 'integer', (c) => c.references('incidents.id').onDelete('set null'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('scenario', 'text', (c) => c.notNull())
    // Without a foreign key: the record of a drill outlives its device.
    .addColumn('device_id', 'integer', (c) => c.notNull())
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('place', 'text', (c) => c.notNull())
    .addColumn('started_at', 'bigint', (c) => c.notNull())
    .addColumn('started_by', 'text', (c) => c.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('result', 'text')
    .execute();
  /** On which documented device an agent runs: where it sees the network from. */
  await db.schema
    .createTable('agent_places')
    .addColumn('agent_id', 'integer', (c) => c.primaryKey().references('agents.id').onDelete('cascade'))
    .addColumn('device_id', 'integer', (c) => c.notNull().references('devices.id').onDelete('cascade'))
    .execute();
}
