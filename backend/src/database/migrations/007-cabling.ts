import { type CreateTableBuilder, type Kysely, sql } from 'kysely';

/**
 * Cables with all that is known of them, change orders, tests and label schemes. A label is there once: where several cables
 * had the same, all but the first get a number behind it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await cables(db);
  await wires(db);
  await tests(db);
  await orders(db);
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

async function add(db: Kysely<unknown>, table: string, columns: Readonly<Record<string, string>>) {
  for (const [name, type] of Object.entries(columns))
    await sql`alter table ${sql.table(table)} add column ${sql.ref(name)} ${sql.raw(type)}`.execute(db);
}

async function cables(db: Kysely<unknown>): Promise<void> {
  await add(db, 'links', {
    status: "text not null default 'installed'",
    label_a: 'text',
    label_b: 'text',
    medium: 'text',
    to_check: 'integer not null default 0',
    route: 'text',
    lane_map: 'text',
    polarity: 'text',
    strands: 'integer',
    provider: 'text',
    circuit: 'text',
    installed_on: 'text',
    installed_by: 'text',
    accepted_on: 'text',
    accepted_by: 'text',
    inspected_on: 'text',
    inspected_by: 'text',
    room_id: 'integer references rooms(id)',
    place: 'text',
  });
  await add(db, 'link_ends', { connector: 'integer not null default 1' });
  await sql`update links set label = label || ' (' || id || ')' where label <> ''
    and exists (select 1 from links as earlier where earlier.label = links.label and earlier.id < links.id)`.execute(
    db,
  );
  await sql`create unique index links_label_once on links (label) where label <> ''`.execute(db);
  await index(db, 'links', 'room_id', 'status');
}

async function wires(db: Kysely<unknown>): Promise<void> {
  await record(db, 'port_wires')
    .addColumn('port_id', 'integer', (c) => c.notNull().references('ports.id'))
    .addColumn('lane', 'integer', (c) => c.notNull())
    .addColumn('rear_port_id', 'integer', (c) => c.notNull().references('ports.id'))
    .addColumn('rear_lane', 'integer', (c) => c.notNull())
    .addUniqueConstraint('port_wires_front', ['port_id', 'lane'])
    .addUniqueConstraint('port_wires_rear', ['rear_port_id', 'rear_lane'])
    .execute();
}

async function tests(db: Kysely<unknown>): Promise<void> {
  await record(db, 'cable_tests')
    .addColumn('link_id', 'integer', (c) => c.notNull().references('links.id'))
    .addColumn('tested_on', 'text')
    .addColumn('tester', 'text')
    .addColumn('limit', 'text')
    .addColumn('passed', 'integer', (c) => c.notNull())
    .addColumn('length_m', 'double precision')
    .addColumn('loss_db', 'double precision')
    .addColumn('margin_db', 'double precision')
    .addColumn('notes', 'text')
    .execute();
  await index(db, 'cable_tests', 'link_id');
  await record(db, 'label_schemes')
    .addColumn('link_kind', 'text', (c) => c.notNull().unique())
    .addColumn('template', 'text', (c) => c.notNull())
    .execute();
}

async function orders(db: Kysely<unknown>): Promise<void> {
  await record(db, 'orders')
    .addColumn('number', 'text', (c) => c.notNull().unique())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('notes', 'text')
    .addColumn('assignee_id', 'integer')
    .addColumn('assignee', 'text')
    .addColumn('scheduled_from', 'bigint')
    .addColumn('scheduled_until', 'bigint')
    .addColumn('created_by', 'text')
    .addColumn('created_at', 'bigint')
    .addColumn('submitted_by', 'text')
    .addColumn('submitted_at', 'bigint')
    .addColumn('decided_by', 'text')
    .addColumn('decided_at', 'bigint')
    .addColumn('decision', 'text')
    .addColumn('started_at', 'bigint')
    .addColumn('finished_at', 'bigint')
    .addColumn('reverses_id', 'integer', (c) => c.references('orders.id'))
    .execute();
  await index(db, 'orders', 'state');
  await record(db, 'order_items')
    .addColumn('order_id', 'integer', (c) => c.notNull().references('orders.id'))
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addColumn('link_id', 'integer')
    .addColumn('change', 'text', (c) => c.notNull())
    .execute();
  await index(db, 'order_items', 'order_id');
  await record(db, 'order_steps')
    .addColumn('order_id', 'integer', (c) => c.notNull().references('orders.id'))
    .addColumn('item_id', 'integer', (c) => c.notNull().references('order_items.id'))
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addColumn('deed', 'text', (c) => c.notNull())
    .addColumn('link_side', 'text')
    .addColumn('connector', 'integer')
    .addColumn('port_id', 'integer')
    .addColumn('port_side', 'text')
    .addColumn('device_id', 'integer')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('done_by', 'text')
    .addColumn('done_at', 'bigint')
    .addColumn('proof', 'text', (c) => c.notNull())
    .addColumn('proof_detail', 'text')
    .execute();
  await index(db, 'order_steps', 'order_id', 'item_id');
  /** What phones have reported, each once; the reply is given again to a repeat. */
  await db.schema
    .createTable('reports')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('time', 'bigint', (c) => c.notNull())
    .addColumn('reply', 'text', (c) => c.notNull())
    .execute();
}
