import { bytesOf, type DatabaseSync, inTransaction, numberOf, tables } from './database.ts';
import { OpenRows } from './open-rows.ts';
import { PackWriter } from './pack.ts';
import type { Table } from './table.ts';
import { dayOf, hourTier, rawTier, rowidOf, windowOfRow } from './tiers.ts';
import { readTimes, readValues, rowsIn } from './unpack.ts';
import { ByteReader, DamagedBytes } from './varint.ts';

/** Readings that go into one part of the journal. */
const atOnce = 20_000;
const windowsPerEntity = 2 ** 22;

/**
 * Brings a file of version 1 up to date, all of it or nothing: there, readings came one by one to `recent`, and rowids
 * had the entity before the window, and packs neither checksums nor lengths. Takes about a minute for a gigabyte, and as much
 * space again while it lasts. Packs that cannot be read are put aside.
 */
export function fromVersion1(database: DatabaseSync, log: (message: string) => void): void {
  log('the measurement file is being brought up to date; a large one takes some minutes');
  inTransaction(database, () => {
    for (const table of ['raw', 'five_minutes', 'hour'])
      database.exec(`ALTER TABLE ${table} RENAME TO ${table}_1`);
    database.exec('ALTER TABLE entity ADD COLUMN newest INTEGER NOT NULL DEFAULT 0');
    database.exec(tables);
    for (const table of ['raw', 'five_minutes', 'hour']) {
      movePacks(database, table);
      database.exec(`DROP TABLE ${table}_1`);
    }
    noteNewest(database);
    moveRecent(database);
    database.exec('DROP TABLE recent');
  });
}

function movePacks(database: DatabaseSync, table: string): void {
  const newId = `(id % ${windowsPerEntity}) * ${2 ** 30} + id / ${windowsPerEntity}`;
  const select = database.prepare(`SELECT ${newId} AS id, pack FROM ${table}_1 ORDER BY 1`);
  const insert = database.prepare(`INSERT INTO ${table} (id, pack) VALUES (?, ?)`);
  const setAside = database.prepare('INSERT INTO damaged (found_at, source, row, bytes) VALUES (?, ?, ?, ?)');
  const writer = new PackWriter();
  for (const row of select.iterate()) {
    const [id, pack] = [numberOf(row, 'id'), bytesOf(row, 'pack')];
    try {
      insert.run(id, writer.append(undefined, unpackVersion1(pack)));
    } catch (error) {
      if (!(error instanceof DamagedBytes)) throw error;
      setAside.run(Date.now(), table, id, pack);
    }
  }
}

/** All that was packed had been rolled up; the last day is rolled up once more when it is over. */
function noteNewest(database: DatabaseSync): void {
  const last = database.prepare('SELECT max(id) AS id FROM raw').get()?.id;
  if (typeof last === 'number') {
    const insert = database.prepare('INSERT INTO state (name, value) VALUES (?, ?)');
    insert.run('closed', last + 1);
    insert.run('rolled', rowidOf(dayOf(windowOfRow(last)), 0));
  }
  const newest = new Map<number, number>();
  const note = (entity: number, window: number) =>
    newest.set(entity, Math.max(newest.get(entity) ?? 0, window));
  for (const [table, factor] of [
    ['raw', 1],
    ['hour', hourTier.windowMs / rawTier.windowMs],
  ] as const) {
    for (const row of database
      .prepare(`SELECT id % ${2 ** 30} AS entity, max(id / ${2 ** 30}) AS window FROM ${table} GROUP BY 1`)
      .iterate())
      note(numberOf(row, 'entity'), numberOf(row, 'window') * factor);
  }
  const update = database.prepare('UPDATE entity SET newest = ? WHERE id = ?');
  for (const [entity, window] of newest) update.run(window, entity);
}

function moveRecent(database: DatabaseSync): void {
  const insert = database.prepare('INSERT INTO journal (part) VALUES (?)');
  const select = database.prepare('SELECT entity, time, readings FROM recent ORDER BY time, entity');
  let rows = new OpenRows();
  let count = 0;
  const store = () => {
    for (const part of rows.pendingParts()) insert.run(part);
    rows = new OpenRows();
    count = 0;
  };
  for (const row of select.iterate()) {
    rows.begin(numberOf(row, 'entity'), numberOf(row, 'time'));
    const values = new ByteReader(bytesOf(row, 'readings'));
    while (!values.done) {
      const field = values.unsigned();
      rows.value(field, values.signed());
    }
    rows.end();
    if (++count === atOnce) store();
  }
  store();
}

/** A pack of version 1: 1, rows, first time, distances, per field: field, layout, values. @throws DamagedBytes */
function unpackVersion1(pack: Uint8Array): Table {
  const input = new ByteReader(pack);
  if (input.byte() !== 1) throw new DamagedBytes('the stored bytes have an unknown format');
  const rows = rowsIn(input.unsigned());
  const first = input.signed();
  const times = new Float64Array(rows);
  readTimes(input, first, times);
  const fields: number[] = [];
  const columns: Float64Array[] = [];
  while (!input.done) {
    fields.push(input.unsigned());
    const column = new Float64Array(rows);
    readValues(input, input.byte(), column);
    columns.push(column);
  }
  return { count: rows, times, fields, columns };
}
