import type { Retention, Rollups } from '../store.ts';
import { type DatabaseSync, inTransaction } from './database.ts';
import type { Dictionary } from './dictionary.ts';
import type { Journal } from './journal.ts';
import type { OpenRows } from './open-rows.ts';
import { appendTo, type PackWriter } from './pack.ts';
import type { Packs } from './packs.ts';
import { tableOfRollups } from './rollup-table.ts';
import type { State } from './state.ts';
import { mergeTables, sliceTable, type Table } from './table.ts';
import { TableBuilder } from './table-builder.ts';
import {
  dayOf,
  entityOfRow,
  fiveMinuteTier,
  hourTier,
  lastTime,
  rawTier,
  rollUp,
  rollupTiers,
  rowidOf,
  type Tier,
  windowOf,
  windowOfRow,
  windowsOf,
  windowsPerDay,
} from './tiers.ts';
import { lastTimeOf, tableOf, unpack } from './unpack.ts';

/** Open rows of one entity that are packed in one step. */
const rowsAtOnce = 4096;
/** A late reading makes its whole window be rolled up again, which takes as long as packing this many entities. */
const lateCost = 4;
/** What one step packs at most: some milliseconds of work. */
const stepCost = 200;
const closeAtOnce = 128;
/** Entities of which a day is rolled up in one step, and how many are looked at for it. */
const rollAtOnce = 12;
const lookAtOnce = 2000;
const expireAtOnce = 200;

/** Packs open rows, rolls days up once they are over, and deletes what is too old. Every method is one small step. */
export class Packer {
  readonly #database: DatabaseSync;
  readonly #dictionary: Dictionary;
  readonly #journal: Journal;
  readonly #rows: OpenRows;
  readonly #packs: Packs;
  readonly #writer: PackWriter;
  readonly #state: State;
  readonly #retention: Retention;
  readonly #builder = new TableBuilder();

  constructor(options: {
    database: DatabaseSync;
    dictionary: Dictionary;
    journal: Journal;
    rows: OpenRows;
    packs: Packs;
    writer: PackWriter;
    state: State;
    retention: Retention;
  }) {
    this.#database = options.database;
    this.#dictionary = options.dictionary;
    this.#journal = options.journal;
    this.#rows = options.rows;
    this.#packs = options.packs;
    this.#writer = options.writer;
    this.#state = options.state;
    this.#retention = options.retention;
  }

  /**
   * Packs the open rows of some entities, beginning with `first`, and carries their newest rows out of what lies before
   * `before`.
   * @returns the entity to go on with; the number of entities when all are done.
   */
  pack(first: number, before: number, now: number): number {
    const rows = this.#rows;
    const limit = rows.entityLimit;
    const done: [entity: number, rows: number][] = [];
    let entity = first;
    this.#transaction(() => {
      let cost = 0;
      while (entity < limit && cost < stepCost) {
        const open = Math.min(rows.openOf(entity), rowsAtOnce);
        if (open > 0) {
          cost += 1 + open / 64 + this.#packEntity(entity, open, now);
          done.push([entity, open]);
        } else cost += 0.01;
        // More than one step packs: its turn comes again.
        if (open === rowsAtOnce) break;
        entity++;
      }
    });
    for (const [each, count] of done) rows.packed(each, count);
    for (let each = first; each < entity; each++) rows.carryNewest(each, before);
    return entity;
  }

  /** @returns what it cost beyond the usual. */
  #packEntity(entity: number, open: number, now: number): number {
    this.#rows.read(entity, this.#builder, open);
    const table = this.#builder.finish();
    let late = 0;
    const key = this.#dictionary.byId(entity);
    const known = key?.newest ?? Number.POSITIVE_INFINITY;
    let newest = 0;
    for (const { window, from, to } of windowsOf(table, rawTier)) {
      const id = rowidOf(window, entity);
      newest = window;
      // Most often the window has just begun.
      const before = window > known ? undefined : this.#packs.get(rawTier, id);
      if (before === undefined && window < this.#goneBefore(now)) {
        // Without its readings, a bucket cannot be computed again: then what is there stays.
        late += lateCost;
        this.#rollUp(entity, rangeOf(table, from, to), true);
        continue;
      }
      const { pack, whole } = this.#added(id, before, table, from, to);
      this.#packs.put(rawTier, id, pack);
      if (rowidOf(dayOf(window), entity) >= this.#state.rolled) continue;
      late += lateCost;
      // Roll-ups know more than a window that was damaged, or that there is only now.
      this.#rollUp(entity, unpack(pack), !whole);
    }
    if (key) this.#dictionary.sawWindow(key, newest);
    return late;
  }

  /** `whole`: the pack holds all that has ever been there. */
  #added(
    id: number,
    before: Uint8Array | undefined,
    table: Table,
    from: number,
    to: number,
  ): { pack: Uint8Array; whole: boolean } {
    const last = before && this.#packs.readable(rawTier, id, before, lastTimeOf);
    if (!before || last === undefined)
      return { pack: this.#writer.append(undefined, table, from, to), whole: false };
    const part = rangeOf(table, from, to);
    if (last < (table.times[from] ?? 0)) return { pack: appendTo(this.#writer, before, part), whole: true };
    return { pack: this.#writer.append(undefined, mergeTables(unpack(before), part)), whole: true };
  }

  /** Rolls readings up into all tiers, where they are over what is there, or only where there is nothing yet. */
  #rollUp(entity: number, readings: Table, onlyHoles: boolean): void {
    for (const tier of rollupTiers) this.#put(entity, tier, rollUp(readings, tier.bucketMs), onlyHoles);
  }

  /** Puts roll-ups over what is there, or only where there is nothing yet. */
  #put(entity: number, tier: Tier, rolled: Table, onlyHoles: boolean): void {
    for (const { window, from, to } of windowsOf(rolled, tier)) {
      const id = rowidOf(window, entity);
      const part = rangeOf(rolled, from, to);
      const before = this.#packs.get(tier, id);
      const last = before && this.#packs.readable(tier, id, before, lastTimeOf);
      let pack: Uint8Array;
      if (before === undefined || last === undefined) pack = this.#writer.append(undefined, part);
      else if (last < (part.times[0] ?? 0)) pack = appendTo(this.#writer, before, part);
      else {
        const there = unpack(before);
        const both = onlyHoles ? mergeTables(part, there) : mergeTables(there, part);
        pack = this.#writer.append(undefined, both);
      }
      this.#packs.put(tier, id, pack);
    }
  }

  /** Takes roll-ups from elsewhere, of `oldest` or later, where there are none. When this returns, they survive a power cut. */
  putRollups(rollups: readonly Rollups[], oldest: number): void {
    this.#transaction(() => {
      for (const each of rollups) {
        const table = tableOfRollups(this.#dictionary, each);
        const kept = sliceTable(table, Math.max(0, oldest), lastTime);
        if (kept.count === 0) continue;
        const entity = this.#dictionary.entityOf(each.entity);
        this.#put(entity.id, each.resolution === 'hour' ? hourTier : fiveMinuteTier, kept, true);
        // So that it is listed; where there are readings, theirs is the newest window that is noted.
        if (this.#packs.get(rawTier, rowidOf(entity.newest, entity.id)) === undefined)
          this.#dictionary.sawWindow(entity, windowOf(rawTier, kept.times[kept.count - 1] ?? 0));
      }
    }, 'FULL');
  }

  /** Packs some windows of before `until`, which are over, once more as a whole. @returns whether there are more */
  close(until: number): boolean {
    const end = rowidOf(windowOf(rawTier, until), 0);
    if (end <= this.#state.closed) return false;
    const repack = (pack: Uint8Array) => this.#writer.append(undefined, unpack(pack));
    return this.#transaction(() => this.#packs.close(end, closeAtOnce, repack)) === closeAtOnce;
  }

  /** Rolls a day of some entities up, once all its windows are over. @returns whether there is more */
  rollUp(): boolean {
    const { rolled, closed } = this.#state;
    const begun = entityOfRow(rolled) > 0;
    const window = begun
      ? windowOfRow(rolled) * windowsPerDay
      : this.#packs.nextClosed(windowOfRow(rolled) * windowsPerDay);
    if (window === undefined) return false;
    const day = dayOf(window);
    const [first, end] = [day * windowsPerDay, (day + 1) * windowsPerDay];
    if (rowidOf(end, 0) > closed) return false;
    this.#transaction(() => {
      const limit = this.#dictionary.limit;
      let entity = begun ? entityOfRow(rolled) : 1;
      const stop = entity + lookAtOnce;
      for (let found = 0; entity < limit && entity < stop && found < rollAtOnce; entity++) {
        if ((this.#dictionary.byId(entity)?.newest ?? 0) < first) continue;
        const readings = tableOf(
          this.#packs.segments(rawTier, entity, first * rawTier.windowMs, end * rawTier.windowMs),
        );
        if (readings.count === 0) continue;
        this.#rollUp(entity, readings, false);
        found++;
      }
      this.#state.set('rolled', entity < limit ? rowidOf(day, entity) : rowidOf(day + 1, 0));
    });
    return true;
  }

  /** Deletes some of what is older than it is to be kept. @returns whether there is more. */
  expire(now: number): boolean {
    return this.#transaction(() => {
      // What is not rolled up yet stays.
      const rolled = rowidOf(windowOfRow(this.#state.rolled) * windowsPerDay, 0);
      const raw = Math.min(rowidOf(this.#goneBefore(now), 0), this.#state.closed, rolled);
      let more = this.#packs.expire(rawTier, raw, expireAtOnce);
      for (const tier of rollupTiers) {
        const oldest = windowOf(tier, now - this.#retention.rollupMs);
        if (!more) more = this.#packs.expire(tier, rowidOf(Math.max(0, oldest), 0), expireAtOnce);
      }
      return more;
    });
  }

  /** Deletes some of the journal that lies before `position`. @returns whether there is more; then it must be called again. */
  forget(position: number): boolean {
    if (this.#transaction(() => this.#journal.forget(position))) return true;
    this.#rows.forget(position);
    return false;
  }

  /** Raw windows before this one are not kept. */
  #goneBefore(now: number): number {
    return Math.max(0, windowOf(rawTier, now - this.#retention.rawMs));
  }

  #transaction<T>(work: () => T, synchronous: 'FULL' | 'NORMAL' = 'NORMAL'): T {
    try {
      const result = inTransaction(this.#database, work, synchronous);
      this.#dictionary.confirm();
      this.#state.confirm();
      return result;
    } catch (error) {
      this.#dictionary.takeBack();
      this.#state.takeBack();
      throw error;
    }
  }
}

function rangeOf(table: Table, from: number, to: number): Table {
  return {
    count: to - from,
    times: table.times.subarray(from, to),
    fields: table.fields,
    columns: table.columns.map((column) => column.subarray(from, to)),
  };
}
