import type { Reading } from '@rackhaus/config/contract';
import { type AggregateRow, answer, type Resolution } from '../buckets.ts';
import type { Retention, Series, SeriesRequest } from '../store.ts';
import {
  bytesOf,
  type DatabaseSync,
  inTransaction,
  numberOf,
  type StatementSync,
  schemaVersion,
} from './database.ts';
import { Dictionary, type Entity, type Field } from './dictionary.ts';
import { joinTables, readingRows, rollupRows } from './rows.ts';
import { mergeRows, packTable, packValues, type Table, unpackTable, unpackValues } from './table.ts';
import { rawTier, rollUp, rollupTiers, rowidOf, type Tier, windowStart } from './tiers.ts';

interface Row {
  readonly time: number;
  readonly values: Map<number, number>;
}

/** How long after its end a window of readings is still left as it is, because most late readings come soon. */
const graceMs = 5 * 60_000;
const packAtOnce = 400;

/** The measurement database: what the worker does with it, without threads and timers. Times are given. */
export class Samples {
  readonly #database: DatabaseSync;
  readonly #retention: Retention;
  #dictionary: Dictionary;
  readonly #insert: StatementSync;
  readonly #selectOne: StatementSync;
  readonly #update: StatementSync;
  readonly #selectRange: StatementSync;
  readonly #selectNewest: StatementSync;
  readonly #selectSome: StatementSync;
  readonly #deleteRange: StatementSync;
  readonly #packs: ReadonlyMap<Tier['table'], PackStatements>;

  constructor(database: DatabaseSync, retention: Retention) {
    this.#database = database;
    this.#retention = retention;
    this.#dictionary = new Dictionary(database);
    this.#insert = database.prepare('INSERT OR IGNORE INTO recent (entity, time, readings) VALUES (?, ?, ?)');
    this.#selectOne = database.prepare('SELECT readings FROM recent WHERE entity = ? AND time = ?');
    this.#update = database.prepare('UPDATE recent SET readings = ? WHERE entity = ? AND time = ?');
    this.#selectRange = database.prepare(
      'SELECT time, readings FROM recent WHERE entity = ? AND time >= ? AND time < ? ORDER BY time',
    );
    this.#selectNewest = database.prepare(
      'SELECT time, readings FROM recent WHERE entity = ? ORDER BY time DESC LIMIT 1',
    );
    this.#selectSome = database.prepare(
      'SELECT time FROM recent WHERE entity = ? AND time < ? ORDER BY time LIMIT ?',
    );
    this.#deleteRange = database.prepare('DELETE FROM recent WHERE entity = ? AND time >= ? AND time < ?');
    this.#packs = new Map(
      [rawTier, ...rollupTiers].map(({ table }) => [table, packStatements(database, table)]),
    );
  }

  /** Stores readings in one transaction. Those older than the roll-ups are kept, are left out. */
  write(readings: readonly Reading[], now: number): void {
    const oldest = now - this.#retention.rollupMs;
    try {
      inTransaction(this.#database, () => {
        for (const reading of readings) {
          if (reading.time < oldest) continue;
          const values = this.#dictionary.scale(reading);
          if (values.size === 0) continue;
          const entity = this.#dictionary.entityOf(reading).id;
          const { changes } = this.#insert.run(entity, reading.time, packValues(values));
          if (changes === 0) this.#join(entity, reading.time, values);
        }
      });
    } catch (error) {
      // Numbers that the undone transaction gave out must not be used again.
      this.#dictionary = new Dictionary(this.#database);
      throw error;
    }
  }

  #join(entity: number, time: number, values: ReadonlyMap<number, number>): void {
    const row = this.#selectOne.get(entity, time);
    if (!row) return;
    const joined = unpackValues(bytesOf(row, 'readings'));
    for (const [field, value] of values) joined.set(field, value);
    this.#update.run(packValues(joined), entity, time);
  }

  latest(now: number): Reading[] {
    const readings: Reading[] = [];
    const oldest = now - this.#retention.rawMs;
    for (const entity of this.#dictionary.entities) {
      const newest = this.#newest(entity, now);
      if (!newest || newest.time < oldest) continue;
      const { deviceId, kind, name } = entity;
      const values = this.#dictionary.unscale(newest.values);
      readings.push({ deviceId, kind, entity: name, time: newest.time, values });
    }
    return readings;
  }

  #newest(entity: Entity, now: number): Row | undefined {
    const found = this.#selectNewest.get(entity.id);
    const recent = found && {
      time: numberOf(found, 'time'),
      values: unpackValues(bytesOf(found, 'readings')),
    };
    if (recent && recent.time >= this.openSince(now)) return recent;
    // Only readings that came late may be left in `recent`, and be older than what is packed.
    const pack = this.#statements(rawTier).selectNewest.get(
      rowidOf(rawTier, entity.id, 0),
      rowidOf(rawTier, entity.id + 1, 0),
    );
    if (!pack) return recent;
    const table = unpackTable(bytesOf(pack, 'pack'));
    const last = table.times.length - 1;
    const time = table.times[last];
    if (time === undefined || (recent && recent.time > time)) return recent;
    const values = new Map<number, number>();
    for (const [field, column] of table.columns) {
      const value = column[last];
      if (value !== undefined && !Number.isNaN(value)) values.set(field, value);
    }
    return { time, values };
  }

  query(request: SeriesRequest): Promise<Series> {
    const entity = this.#dictionary.entity(request.deviceId, request.kind, request.entity);
    const fields = request.metrics.map((name) => this.#dictionary.field(request.kind, name));
    return answer(request, (grid, resolution) => {
      if (!entity) return [];
      const from = grid.start;
      const to = grid.start + grid.step * grid.length;
      if (resolution === 'raw') {
        const raw = readingRows(this.#rawTable(entity.id, from, to), fields, from, to);
        // What is older than the readings are kept is shown as coarse as it still is.
        return raw.length > 0 ? raw : this.#rolledUp(entity.id, fields, from, to, 'five-minutes');
      }
      return this.#rolledUp(entity.id, fields, from, to, resolution);
    });
  }

  #rawTable(entity: number, from: number, to: number): Table {
    const rows = this.#recentRows(entity, from, to);
    let packed: Table | undefined;
    for (const table of this.#packed(rawTier, entity, from, to))
      packed = packed ? joinTables(packed, table) : table;
    if (rows.length === 0) return packed ?? { times: [], columns: new Map() };
    return mergeRows(packed, rows);
  }

  #rolledUp(
    entity: number,
    fields: readonly (Field | undefined)[],
    from: number,
    to: number,
    resolution: Exclude<Resolution, 'raw'>,
  ): AggregateRow[] {
    const tier = rollupTiers[resolution === 'hour' ? 1 : 0];
    if (!tier) return [];
    const rows = new Map<number, AggregateRow>();
    for (const table of this.#packed(tier, entity, from, to)) {
      for (const row of rollupRows(table, fields)) rows.set(row.time, row);
    }
    // Windows with readings that are not packed yet are rolled up as they are now.
    const open = new Set(this.#recentRows(entity, from, to).map((row) => windowStart(rawTier, row.time)));
    for (const start of open) {
      const table = this.#rawTable(entity, start, start + rawTier.windowMs);
      for (const row of rollupRows(mergeRows(undefined, rollUp(table, tier.bucketMs)), fields))
        rows.set(row.time, row);
    }
    return [...rows.values()]
      .filter((row) => row.time >= from && row.time < to)
      .sort((a, b) => a.time - b.time);
  }

  #recentRows(entity: number, from: number, to: number): Row[] {
    return this.#selectRange.all(entity, from, to).map((row) => ({
      time: numberOf(row, 'time'),
      values: unpackValues(bytesOf(row, 'readings')),
    }));
  }

  #packed(tier: Tier, entity: number, from: number, to: number): Table[] {
    return this.#statements(tier)
      .selectRange.all(rowidOf(tier, entity, from), rowidOf(tier, entity, to - 1))
      .map((row) => unpackTable(bytesOf(row, 'pack')));
  }

  /** The start of the window that readings go to now; older ones wait to be packed. */
  openSince(now: number): number {
    return windowStart(rawTier, now - graceMs);
  }

  /** Entities with readings that can be packed now. Reads the whole of `recent`. */
  entitiesToPack(now: number): number[] {
    return this.#database
      .prepare('SELECT DISTINCT entity FROM recent WHERE time < ?')
      .all(this.openSince(now))
      .map((row) => numberOf(row, 'entity'));
  }

  get entityIds(): number[] {
    return Array.from(this.#dictionary.entities, (entity) => entity.id);
  }

  /**
   * Packs readings of one entity whose window is over, oldest first, and rolls them up: about as many as take ten
   * milliseconds, but windows as a whole. All of it happens, or nothing.
   * @returns whether there are more.
   */
  pack(entity: number, now: number): boolean {
    const open = this.openSince(now);
    const some = this.#selectSome.all(entity, open, packAtOnce);
    const last = some[some.length - 1];
    if (!last) return false;
    const until = windowStart(rawTier, numberOf(last, 'time')) + rawTier.windowMs;
    const closed = this.#recentRows(entity, 0, until);
    const gone = windowStart(rawTier, now - this.#retention.rawMs);
    inTransaction(this.#database, () => {
      const rollups = new Map<Tier, { rows: Row[]; onlyHoles: Row[] }>();
      for (const tier of rollupTiers) rollups.set(tier, { rows: [], onlyHoles: [] });
      for (const [start, rows] of groupBy(closed, (row) => windowStart(rawTier, row.time))) {
        const [before] = this.#packed(rawTier, entity, start, start + 1);
        const table = mergeRows(before, rows);
        if (start >= gone)
          this.#statements(rawTier).put.run(rowidOf(rawTier, entity, start), packTable(table));
        for (const [tier, { rows: replaced, onlyHoles }] of rollups) {
          // Without its readings, a bucket cannot be computed again: then what is there stays.
          const target = start >= gone || before ? replaced : onlyHoles;
          for (const row of rollUp(table, tier.bucketMs))
            target.push({ time: row.time, values: new Map(row.values) });
        }
      }
      for (const [tier, { rows, onlyHoles }] of rollups) this.#putRollups(tier, entity, rows, onlyHoles);
      this.#deleteRange.run(entity, 0, until);
    });
    return some.length === packAtOnce;
  }

  #putRollups(tier: Tier, entity: number, rows: readonly Row[], onlyHoles: readonly Row[]): void {
    const windows = groupBy([...rows, ...onlyHoles], (row) => windowStart(tier, row.time));
    const holes = new Set(onlyHoles);
    for (const [start, changed] of windows) {
      const [before] = this.#packed(tier, entity, start, start + 1);
      const there = new Set(before?.times);
      const wanted = changed.filter((row) => !holes.has(row) || !there.has(row.time));
      this.#statements(tier).put.run(rowidOf(tier, entity, start), packTable(mergeRows(before, wanted)));
    }
  }

  /** Deletes what of one entity is older than it is to be kept. */
  expire(entity: number, now: number): void {
    inTransaction(this.#database, () => {
      for (const tier of [rawTier, ...rollupTiers]) {
        const keptMs = tier === rawTier ? this.#retention.rawMs : this.#retention.rollupMs;
        this.#statements(tier).expire.run(rowidOf(tier, entity, 0), rowidOf(tier, entity, now - keptMs));
      }
    });
  }

  /** @throws when the database cannot be read and written. */
  check(): void {
    // Writes the version that is there already: a write that changes nothing.
    inTransaction(this.#database, () => this.#database.exec(`PRAGMA user_version = ${schemaVersion}`));
  }

  close(): void {
    this.#database.close();
  }

  #statements(tier: Tier): PackStatements {
    const statements = this.#packs.get(tier.table);
    if (!statements) throw new Error(`no table ${tier.table}`);
    return statements;
  }
}

interface PackStatements {
  readonly selectRange: StatementSync;
  readonly selectNewest: StatementSync;
  readonly put: StatementSync;
  readonly expire: StatementSync;
}

function packStatements(database: DatabaseSync, table: Tier['table']): PackStatements {
  return {
    selectRange: database.prepare(`SELECT pack FROM ${table} WHERE id BETWEEN ? AND ? ORDER BY id`),
    selectNewest: database.prepare(
      `SELECT pack FROM ${table} WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1`,
    ),
    put: database.prepare(`INSERT OR REPLACE INTO ${table} (id, pack) VALUES (?, ?)`),
    expire: database.prepare(`DELETE FROM ${table} WHERE id >= ? AND id < ?`),
  };
}

function groupBy<T>(items: readonly T[], key: (item: T) => number): Map<number, T[]> {
  return Map.groupBy(items, key);
}
