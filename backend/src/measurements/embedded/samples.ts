import { metricIds } from '@rackhaus/config/contract';
import type { SeriesColumns } from '../buckets.ts';
import type { EntityKey } from '../reading-batch.ts';
import type { Kept, KeptColumns, Retention, Rollups, SeriesRequest } from '../store.ts';
import { copyDatabase } from './copy.ts';
import { type DatabaseSync, inTransaction, schemaVersion } from './database.ts';
import { Dictionary } from './dictionary.ts';
import { Journal } from './journal.ts';
import { Latest, type LatestReadings } from './latest.ts';
import { OpenRows } from './open-rows.ts';
import { PackWriter } from './pack.ts';
import { Packer } from './packer.ts';
import { Packs } from './packs.ts';
import { Reader } from './reader.ts';
import { State } from './state.ts';
import { rawTier } from './tiers.ts';
import { Writer, type WrittenBatch } from './writer.ts';

/** How long after its end a window of readings is still left as it is, because most late readings come soon. */
const graceMs = 5 * 60_000;

/**
 * The measurement database: what the worker does with it, without threads and timers. Times are given. Readings go to the
 * journal and to memory; rounds of packing move them into packs, after which what the round began with leaves both.
 */
export class Samples {
  readonly #database: DatabaseSync;
  readonly #retention: Retention;
  readonly #rows = new OpenRows();
  readonly #state: State;
  readonly #writer: Writer;
  readonly #packer: Packer;
  readonly #reader: Reader;
  readonly #latest: Latest;
  /** Of the round at work: what was there when it began is packed when it ends. */
  #round: { readonly position: number; readonly began: number; next: number } | undefined;
  /** What is before this time and had come when the last round began, is packed. */
  #packedUntil = 0;
  #forgetUntil = 0;

  /** Reads what the journal holds. Metrics are numbered as the main thread does; by default as here. */
  constructor(options: {
    database: DatabaseSync;
    retention: Retention;
    log: (message: string) => void;
    metrics?: readonly string[];
  }) {
    const { database, retention, log } = options;
    const metrics = options.metrics ?? metricIds;
    const rows = this.#rows;
    this.#database = database;
    this.#retention = retention;
    const dictionary = new Dictionary(database);
    const state = new State(database);
    const packs = new Packs(database, state, log);
    const journal = new Journal(database);
    this.#state = state;
    this.#reader = new Reader({ dictionary, rows, packs, state, retention });
    const findNewest = (entity: number, time: number) => this.#reader.findNewest(entity, time);
    journal.replay(rows, packs, findNewest);
    const newest = Math.max(rows.newestOfAll(), ((packs.lastWindow(rawTier) ?? -1) + 1) * rawTier.windowMs);
    this.#writer = new Writer({ database, dictionary, journal, rows, metrics, newest, findNewest });
    this.#packer = new Packer({
      database,
      dictionary,
      journal,
      rows,
      packs,
      writer: new PackWriter(),
      state,
      retention,
    });
    this.#latest = new Latest({ dictionary, rows, writer: this.#writer, metrics, findNewest });
  }

  /** The time that was trusted when it was last noted. */
  get clock(): number | undefined {
    return this.#state.clock;
  }

  noteClock(trusted: number): void {
    inTransaction(this.#database, () => this.#state.set('clock', Math.floor(trusted)), 'NORMAL');
  }

  /** Bytes of memory that readings take which are not packed, or not yet let go. */
  get openBytes(): number {
    return this.#rows.bytes;
  }

  define(first: number, keys: readonly EntityKey[]): void {
    this.#writer.define(first, keys);
  }

  /** Stores batches as one; when this returns, they survive a power cut. Those older than the roll-ups are kept, are left out. */
  write(batches: readonly WrittenBatch[], now: number): void {
    this.#writer.write(batches, this.#retention.rollupMs, now);
  }

  latest(now: number): LatestReadings {
    return this.#latest.readings(this.#time(now) - this.#retention.rawMs);
  }

  query(request: SeriesRequest): SeriesColumns {
    return this.#reader.query(request);
  }

  listEntities(now: number): EntityKey[] {
    return this.#reader.listEntities(this.#time(now));
  }

  kept(key: EntityKey, from: number, to: number): Kept {
    return this.#reader.kept(key, from, to);
  }

  keptColumns(key: EntityKey, from: number, to: number): KeptColumns {
    return this.#reader.keptColumns(key, from, to);
  }

  /** Takes roll-ups where there are none; when this returns, they survive a power cut. Those too old to be kept are left out. */
  putRollups(rollups: readonly Rollups[], now: number): void {
    this.#packer.putRollups(rollups, this.#time(now) - this.#retention.rollupMs);
  }

  /** Begins to pack all that is open now. */
  beginRound(now: number): void {
    this.#round = { position: this.#rows.position, began: this.#time(now), next: 0 };
  }

  /** Does one small step of what is to be done. @returns whether there is more to do now. */
  step(now: number): boolean {
    const time = this.#time(now);
    if (this.#round) {
      this.#round.next = this.#packer.pack(this.#round.next, this.#round.position, time);
      if (this.#round.next < this.#rows.entityLimit) return true;
      this.#forgetUntil = this.#round.position;
      this.#packedUntil = this.#round.began;
      this.#round = undefined;
      return true;
    }
    if (this.#forgetUntil > 0) {
      if (!this.#packer.forget(this.#forgetUntil)) this.#forgetUntil = 0;
      return true;
    }
    return (
      this.#packer.close(this.#packedUntil - graceMs) || this.#packer.rollUp() || this.#packer.expire(time)
    );
  }

  /** Packs, rolls up and deletes all that is due, at once. */
  tidy(now: number): void {
    while (this.#round && this.step(now));
    this.beginRound(now);
    while (this.step(now));
  }

  /** The time to go by: nothing expires because nothing comes, or because a clock is ahead of all readings. */
  #time(now: number): number {
    return Math.min(now, this.#writer.newest);
  }

  /** @throws when the database cannot be read and written. */
  check(): void {
    // Writes the version that is there already: a write that changes nothing.
    inTransaction(this.#database, () => this.#database.exec(`PRAGMA user_version = ${schemaVersion}`));
  }

  /** A copy of all that was acknowledged, as one file, while work goes on. */
  copyTo(file: string): Promise<void> {
    return copyDatabase(this.#database, file);
  }

  close(): void {
    this.#database.close();
  }
}
