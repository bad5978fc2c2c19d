import type { RecordKind } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import { recordSpecs } from '../inventory/records/index.ts';
import { type Standing, slotsOf } from '../inventory/records/slots.ts';
import { parseEventData, rowsOf } from './events.ts';
import type { Row } from './spec.ts';

type Tables = Record<string, Row[]>;

/** Every table of the inventory, row by row. For tests. */
export async function allTables(db: Database, options: { versions: boolean }): Promise<Tables> {
  const tables: Tables = {};
  for (const { table } of recordSpecs.values()) {
    const { rows } = await sql<Row>`select * from ${sql.table(table)} order by id`.execute(db);
    tables[table] = options.versions ? rows : rows.map(({ version: _, ...row }) => row);
  }
  const { rows } = await sql<Row>`select * from rack_slots order by rack_id, half_unit, face, half`.execute(
    db,
  );
  return { ...tables, rack_slots: rows };
}

/**
 * The inventory as the events alone tell it: each of them applied to an empty database, by nothing of what wrote them. For
 * tests.
 */
export async function replayed(db: Database): Promise<Tables> {
  const events = await db.selectFrom('change_events').selectAll().orderBy('id').execute();
  const empty = await openDatabase(':memory:');
  try {
    await sql`pragma foreign_keys = off`.execute(empty);
    for (const { kind, object_id, change_id, before, after } of events) {
      const table = tableOf(kind);
      const was = before === null ? [] : rowsOf(parseEventData(before));
      const is = after === null ? [] : rowsOf(parseEventData(after));
      if (before === null) for (const row of is) await insert(empty, table, row);
      else if (after === null)
        for (const row of was) await sql`delete from ${sql.table(table)} where id = ${row.id}`.execute(empty);
      else await update(empty, table, object_id, { ...is[0], version: change_id });
    }
    const slots = await slotsByRule(empty);
    return { ...(await allTables(empty, { versions: true })), rack_slots: slots };
  } finally {
    await empty.destroy();
  }
}

/** What rack_slots must hold, by the rule alone. */
export async function slotsByRule(db: Database): Promise<Row[]> {
  const { rows } = await sql<Standing>`
    select devices.id, rack_id, position, face, side, u_height, full_depth, form
    from devices join device_types on device_types.id = devices.type_id where rack_id is not null`.execute(
    db,
  );
  const key = (slot: Row) =>
    [slot.rack_id, String(slot.half_unit).padStart(4, '0'), slot.face, slot.half].join('/');
  const slots = rows.flatMap((row): Row[] => slotsOf(row).map((slot) => ({ ...slot })));
  return slots.toSorted((a, b) => Number(a.rack_id) - Number(b.rack_id) || (key(a) < key(b) ? -1 : 1));
}

function tableOf(kind: RecordKind): string {
  const spec = recordSpecs.get(kind);
  if (spec === undefined) throw new Error(`There is no kind "${kind}".`);
  return spec.table;
}

async function insert(db: Database, table: string, row: Row): Promise<void> {
  const columns = sql.join(Object.keys(row).map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(table)} (${columns}) values (${sql.join(Object.values(row))})`.execute(
    db,
  );
}

async function update(db: Database, table: string, id: number, values: Row): Promise<void> {
  const set = sql.join(Object.entries(values).map(([column, value]) => sql`${sql.ref(column)} = ${value}`));
  await sql`update ${sql.table(table)} set ${set} where id = ${id}`.execute(db);
}
