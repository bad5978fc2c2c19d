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

/** Replaces a table by a new one with the same rows; numbers that were given are not given again. */
async function replace(
  db: Kysely<unknown>,
  table: string,
  columns: readonly string[],
  make: (name: string) => CreateTableBuilder<string, never>,
): Promise<void> {
  const next = `${table}_next`;
  await make(next).execute();
  const list = sql.join(columns.map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(next)} (${list}) select ${list} from ${sql.table(table)}`.execute(db);
  await sql`delete from sqlite_sequence where name = ${next}`.execute(db);
  await sql`insert into sqlite_sequence (name, seq) select ${next}, seq from sqlite_sequence where name = ${table}`.execute(
    db,
  );
  await db.schema.dropTable(table).execute();
  await db.schema.alterTable(next).renameTo(table).execute();
}

async function cables(db: Kysely<unknown>): Promise<void> {
  const kept = ['id', 'version', 'kind', 'label', 'search_key', 'color', 'length_m', 'notes'];
  await replace(db, 'links', kept, (name) =>
    record(db, name)
      .addColumn('kind', 'text', (c) =>
        c.notNull().check(sql`kind in ('permanent', 'patch', 'power', 'console', 'provider')`),
      )
      .addColumn('status', 'text', (c) =>
        c.notNull().defaultTo('installed').check(sql`status in ('installed', 'reserved', 'spare', 'found')`),
      )
      .addColumn('label', 'text', (c) => c.notNull())
      .addColumn('label_a', 'text')
      .addColumn('label_b', 'text')
      .addColumn('search_key', 'text', (c) => c.notNull())
      .addColumn('medium', 'text')
      .addColumn('color', 'text')
      .addColumn('length_m', 'double precision')
      .addColumn('to_check', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('route', 'text')
      .addColumn('lane_map', 'text')
      .addColumn('polarity', 'text')
      .addColumn('strands', 'integer')
      .addColumn('provider', 'text')
      .addColumn('circuit', 'text')
      .addColumn('installed_on', 'text')
      .addColumn('installed_by', 'text')
      .addColumn('accepted_on', 'text')
      .addColumn('accepted_by', 'text')
      .addColumn('inspected_on', 'text')
      .addColumn('inspected_by', 'text')
      .addColumn('room_id', 'integer', (c) => c.references('rooms.id'))
      .addColumn('place', 'text')
      .addColumn('notes', 'text'),
  );
  await sql`update links set label = label || ' (' || id || ')' where label <> ''
    and exists (select 1 from links as earlier where earlier.label = links.label and earlier.id < links.id)`.execute(
    db,
  );
  await sql`create unique index links_label_once on links (label) where label <> ''`.execute(db);
  await index(db, 'links', 'room_id', 'status', 'search_key');
  const ends = ['id', 'version', 'link_id', 'side', 'port_id', 'port_side'];
  await replace(db, 'link_ends', ends, (name) =>
    record(db, name)
      .addColumn('link_id', 'integer', (c) => c.notNull().references('links.id'))
      .addColumn('side', 'text', (c) => c.notNull().check(sql`side in ('a', 'b')`))
      .addColumn('connector', 'integer', (c) => c.notNull().defaultTo(1))
      .addColumn('port_id', 'integer', (c) => c.notNull().references('ports.id'))
      .addColumn('port_side', 'text', (c) => c.notNull().check(sql`port_side in ('front', 'rear')`))
      .addUniqueConstraint('ends_of_link', ['link_id', 'side', 'connector'])
      .addUniqueConstraint('one_end_per_port_side', ['port_id', 'port_side']),
  );
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
