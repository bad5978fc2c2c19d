import { bytesOf, type DatabaseSync, numberOf, type StatementSync } from './database.ts';
import type { State } from './state.ts';
import type { Table } from './table.ts';
import { rawTier, rowidOf, type Tier, tiers, windowOf, windowOfRow } from './tiers.ts';
import { checkSums, type Segment, segmentsOf, unpack } from './unpack.ts';
import { DamagedBytes } from './varint.ts';

const growing = 'growing';
type TableName = Tier['table'] | typeof growing;

interface Statements {
  readonly get: StatementSync;
  readonly put: StatementSync;
  readonly remove: StatementSync;
  readonly range: StatementSync;
  readonly first: StatementSync;
  readonly last: StatementSync;
  readonly next: StatementSync;
  readonly nth: StatementSync;
  readonly expire: StatementSync;
}

/** The packed windows in the file. One that cannot be read is put aside into `damaged`, and is as if it were not there. */
export class Packs {
  readonly #statements: ReadonlyMap<TableName, Statements>;
  readonly #state: State;
  readonly #setAside: StatementSync;
  readonly #log: (message: string) => void;

  constructor(database: DatabaseSync, state: State, log: (message: string) => void) {
    this.#log = log;
    this.#state = state;
    const tables: TableName[] = [growing, ...tiers.map(({ table }) => table)];
    this.#statements = new Map(tables.map((table) => [table, prepare(database, table)]));
    this.#setAside = database.prepare(
      'INSERT INTO damaged (found_at, source, row, bytes) VALUES (?, ?, ?, ?)',
    );
  }

  get(tier: Tier, id: number): Uint8Array | undefined {
    const row = this.#of(this.#tableOf(tier, id)).get.get(id);
    return row && bytesOf(row, 'pack');
  }

  put(tier: Tier, id: number, pack: Uint8Array): void {
    this.#of(this.#tableOf(tier, id)).put.run(id, pack);
  }

  table(tier: Tier, id: number): Table | undefined {
    const pack = this.get(tier, id);
    return pack && this.readable(tier, id, pack, unpack);
  }

  /** What `read` makes of a pack, or undefined after it has been put aside. */
  readable<T>(tier: Tier, id: number, pack: Uint8Array, read: (pack: Uint8Array) => T): T | undefined {
    try {
      return read(pack);
    } catch (error) {
      if (!(error instanceof DamagedBytes)) throw error;
      this.setAside(this.#tableOf(tier, id), id, pack, error);
      this.#of(this.#tableOf(tier, id)).remove.run(id);
      return undefined;
    }
  }

  setAside(source: string, row: number, bytes: Uint8Array, why: DamagedBytes): void {
    this.#setAside.run(Date.now(), source, row, bytes);
    this.#log(`measurements: row ${row} of ${source} is damaged (${why.message}) and was put aside`);
  }

  /** The segments of an entity that have any time in [from, to), in order; what they say is as it was written. */
  segments(tier: Tier, entity: number, from: number, to: number): Segment[] {
    const oldest = this.firstWindow(tier);
    const newest = this.lastWindow(tier);
    if (oldest === undefined || newest === undefined) return [];
    const found: Segment[] = [];
    const end = Math.min(windowOf(tier, to - 1), newest);
    for (let window = Math.max(windowOf(tier, from), oldest); window <= end; window++) {
      const id = rowidOf(window, entity);
      const pack = this.get(tier, id);
      const segments =
        pack &&
        this.readable(tier, id, pack, (bytes) => {
          const asked = segmentsOf(bytes).filter(({ first, last }) => last >= from && first < to);
          checkSums(asked);
          return asked;
        });
      if (segments) found.push(...segments);
    }
    return found;
  }

  firstWindow(tier: Tier): number | undefined {
    return this.#window(tier, (statements) => statements.first, Math.min);
  }

  lastWindow(tier: Tier): number | undefined {
    return this.#window(tier, (statements) => statements.last, Math.max);
  }

  #window(
    tier: Tier,
    which: (of: Statements) => StatementSync,
    choose: (...of: number[]) => number,
  ): number | undefined {
    const tables: TableName[] = tier === rawTier ? [growing, tier.table] : [tier.table];
    const rows = tables.map((table) => which(this.#of(table)).get());
    const windows = rows.flatMap((row) => (row ? [windowOfRow(numberOf(row, 'id'))] : []));
    return windows.length === 0 ? undefined : choose(...windows);
  }

  /** The first window of readings that are as they stay, from `window` on. */
  nextClosed(window: number): number | undefined {
    const row = this.#of(rawTier.table).next.get(rowidOf(window, 0));
    return row && windowOfRow(numberOf(row, 'id'));
  }

  /** Takes some windows of readings, which are over and end before row `to`, to where they stay. @returns how many there were */
  close(to: number, count: number, change: (pack: Uint8Array) => Uint8Array): number {
    const { range, remove } = this.#of(growing);
    const { put } = this.#of(rawTier.table);
    const rows = range.all(to, count);
    for (const row of rows) {
      const id = numberOf(row, 'id');
      const changed = this.readable(rawTier, id, bytesOf(row, 'pack'), change);
      if (changed) put.run(id, changed);
      remove.run(id);
    }
    const last = rows[rows.length - 1];
    const closed = rows.length === count && last ? numberOf(last, 'id') + 1 : to;
    if (closed > this.#state.closed) this.#state.set('closed', closed);
    return rows.length;
  }

  /** Deletes the oldest rows with ids below `to`, at most so many. @returns whether there were as many. */
  expire(tier: Tier, to: number, atMost: number): boolean {
    const last = this.#of(tier.table).nth.get(to, atMost - 1);
    this.#of(tier.table).expire.run(last ? numberOf(last, 'id') + 1 : to);
    return last !== undefined;
  }

  #tableOf(tier: Tier, id: number): TableName {
    return tier === rawTier && id >= this.#state.closed ? growing : tier.table;
  }

  #of(table: TableName): Statements {
    const statements = this.#statements.get(table);
    if (!statements) throw new Error(`no table ${table}`);
    return statements;
  }
}

function prepare(database: DatabaseSync, table: TableName): Statements {
  return {
    get: database.prepare(`SELECT pack FROM ${table} WHERE id = ?`),
    put: database.prepare(`INSERT OR REPLACE INTO ${table} (id, pack) VALUES (?, ?)`),
    remove: database.prepare(`DELETE FROM ${table} WHERE id = ?`),
    range: database.prepare(`SELECT id, pack FROM ${table} WHERE id < ? ORDER BY id LIMIT ?`),
    next: database.prepare(`SELECT id FROM ${table} WHERE id >= ? ORDER BY id LIMIT 1`),
    first: database.prepare(`SELECT id FROM ${table} ORDER BY id LIMIT 1`),
    last: database.prepare(`SELECT id FROM ${table} ORDER BY id DESC LIMIT 1`),
    nth: database.prepare(`SELECT id FROM ${table} WHERE id < ? ORDER BY id LIMIT 1 OFFSET ?`),
    expire: database.prepare(`DELETE FROM ${table} WHERE id < ?`),
  };
}
