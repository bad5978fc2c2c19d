import { mkdirSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { OncePerMinute } from '../log.ts';
import { filesAside, isCorruption, openOutboxFile, setAside } from './file.ts';
import { type Batch, type BatchKind, DamagedBatchError, OpenFile } from './open-file.ts';

export type { Batch, BatchKind } from './open-file.ts';

/** accepted: stored by the backend. rejected: never will be. kept: not now. */
export type Outcome =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'rejected'; readonly reason: string }
  | { readonly outcome: 'kept' };

export interface OutboxState {
  readonly waiting: number;
  readonly bytes: number;
  /** When the oldest waiting batch was appended, ms since 1970; null when none waits. */
  readonly oldestTime: number | null;
  /** Since the outbox was made: too old, too many, or damaged on the disk. */
  readonly dropped: number;
  readonly rejected: number;
  /** Damaged files that lie beside the outbox's. */
  readonly setAside: number;
}

/**
 * How much waits at most: half of what the disk has left for it, within these limits. Ten thousand switches make 40 GB in
 * 72 hours, a town hall a quarter of one.
 */
const sizeLimits = { least: 512_000_000, most: 64_000_000_000 };
const defaultMaxAgeMs = 72 * 3_600_000;
const maxRejectedKept = 100;

/**
 * The durable queue between polling and delivery (SQLite, WAL, synchronous=FULL): what `append` returned from survives
 * a crash and a power cut, and what is handed out is what was appended. Bounded by bytes and by age; the oldest batches are dropped and counted.
 * Age is the time that the agent has run since: neither a clock that is set nor a weekend without power makes readings old.
 * Synchronous.
 */
export class Outbox {
  readonly #file: string;
  readonly #limitBytes: number | null;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  readonly #monotonicMs: () => number;
  readonly #log: Logger;
  readonly #damage = new OncePerMinute();
  #open: OpenFile | null = null;
  /** Open as far as the caller knows, also while there is no file because the disk failed. */
  #wanted = false;
  #maxBytes = sizeLimits.least;
  /** The outbox's own clock is this much ahead of the monotonic one. */
  #ageClockAhead = 0;
  #aside = 0;

  /** @param options.maxBytes instead of what the disk suggests */
  constructor(options: {
    file: string;
    now: () => number;
    log: Logger;
    monotonicMs?: () => number;
    maxBytes?: number;
    maxAgeMs?: number;
  }) {
    this.#file = options.file;
    this.#limitBytes = options.maxBytes ?? null;
    this.#maxAgeMs = options.maxAgeMs ?? defaultMaxAgeMs;
    this.#now = options.now;
    this.#monotonicMs = options.monotonicMs ?? (() => performance.now());
    this.#log = options.log;
  }

  /** @throws OutboxUnusableError; a damaged file is set aside instead. */
  open(): void {
    const options = { file: this.#file, now: this.#now, log: this.#log };
    const database = openOutboxFile(options);
    try {
      this.#open = new OpenFile(database);
    } catch (error) {
      database.close();
      if (!isCorruption(error)) throw error;
      this.#complain(error);
      setAside(this.#file, this.#now());
      this.#open = new OpenFile(openOutboxFile(options));
    }
    this.#wanted = true;
    this.#aside = filesAside(this.#file).length;
    this.#maxBytes = this.#limitBytes ?? this.#suggestedBytes(this.#open.bytes);
    this.#ageClockAhead = this.#open.ageClock - this.#monotonicMs();
  }

  close(): void {
    this.#wanted = false;
    this.#open?.database.close();
    this.#open = null;
  }

  /** Made anew with every file. */
  get id(): string {
    return this.#opened().id;
  }

  /**
   * Stores a batch and returns its sequence once it is on disk. A file that turns out to be damaged is replaced.
   * @throws what SQLite says when the disk is full or fails; nothing is stored then.
   */
  append(kind: BatchKind, body: Uint8Array): number {
    return this.#healed((file) => {
      const ageClock = this.#ageClock();
      return file.inTransaction(() => {
        this.#drop(file, ageClock, body.length);
        return file.insert(kind, this.#now(), body, ageClock);
      });
    });
  }

  /** The newest waiting batch that is not among `except`. */
  newest(except: ReadonlySet<number>): Batch | null {
    return this.#sound((file) => file.first(file.descending, except));
  }

  /** The oldest waiting batch that is not among `except`. */
  oldest(except: ReadonlySet<number>): Batch | null {
    return this.#sound((file) => file.first(file.ascending, except));
  }

  get(sequence: number): Batch | null {
    return this.#sound((file) => file.get(sequence));
  }

  /**
   * Ends a batch: accepted ones are gone, rejected ones move aside (the latest 100 are kept to look at), kept ones stay.
   * A settlement may be lost by a power cut; the batch is then sent again and recognised by its sequence.
   */
  settle(sequence: number, outcome: Outcome): void {
    if (outcome.outcome === 'kept') return;
    this.#unsynced((file) => {
      if (outcome.outcome === 'rejected') {
        file.keepAside(sequence, outcome.reason, maxRejectedKept);
        file.countRejected();
      }
      file.remove(sequence);
    });
  }

  state(): OutboxState {
    const oldestTime = this.#healed((file) => file.oldestRow()?.time ?? null);
    const { waiting, bytes, dropped, rejected } = this.#opened();
    return { waiting, bytes, oldestTime, dropped, rejected, setAside: this.#aside };
  }

  #opened(): OpenFile {
    // When the disk failed while a damaged file was replaced, each use tries once more.
    if (this.#open === null && this.#wanted) this.open();
    if (this.#open === null) throw new Error('the outbox is not open');
    return this.#open;
  }

  #ageClock(): number {
    return Math.round(this.#monotonicMs() + this.#ageClockAhead);
  }

  #suggestedBytes(held: number): number {
    mkdirSync(dirname(this.#file), { recursive: true });
    const { bavail, bsize } = statfsSync(dirname(this.#file));
    const half = (bavail * bsize + held) / 2;
    return Math.max(sizeLimits.least, Math.min(sizeLimits.most, half));
  }

  #drop(file: OpenFile, ageClock: number, arriving: number): void {
    let dropped = 0;
    for (let row = file.oldestRow(); row !== null; row = file.oldestRow()) {
      const tooOld = row.ageClock < ageClock - this.#maxAgeMs;
      if (!tooOld && file.bytes + arriving <= this.#maxBytes) break;
      file.remove(row.sequence);
      dropped++;
    }
    if (dropped === 0) return;
    file.countDropped(dropped);
    this.#log.warn(
      { dropped, sinceMade: file.dropped },
      'the outbox is full or too old: oldest batches dropped',
    );
  }

  /** A change that may be lost by a power cut. */
  #unsynced(change: (file: OpenFile) => void): void {
    this.#healed((file) => {
      file.database.exec('PRAGMA synchronous = NORMAL');
      try {
        file.inTransaction(() => change(file));
        file.giveSpaceBack();
      } finally {
        file.database.exec('PRAGMA synchronous = FULL');
      }
    });
  }

  /** A batch that is not what was appended is kept aside and counted as dropped; the next one is chosen. */
  #sound(choose: (file: OpenFile) => Batch | null): Batch | null {
    for (;;) {
      try {
        return this.#healed(choose);
      } catch (error) {
        if (!(error instanceof DamagedBatchError)) throw error;
        this.#unsynced((file) => {
          file.keepAside(error.sequence, 'damaged on the disk', maxRejectedKept);
          file.remove(error.sequence);
          file.countDropped(1);
        });
        if (this.#damage.due())
          this.#log.error(
            { file: this.#file, sequence: error.sequence, dropped: this.#open?.dropped },
            'a batch in the outbox was damaged on the disk; it is not delivered',
          );
      }
    }
  }

  /** Runs `work`; when the file turns out to be damaged, sets it aside and runs it once more on a new one. */
  #healed<T>(work: (file: OpenFile) => T): T {
    const file = this.#opened();
    try {
      return work(file);
    } catch (error) {
      if (!isCorruption(error)) throw error;
      this.#complain(error);
      file.database.close();
      this.#open = null;
      setAside(this.#file, this.#now());
      this.open();
      return work(this.#opened());
    }
  }

  #complain(error: unknown): void {
    this.#log.error({ file: this.#file, err: error }, 'the outbox is damaged; it is set aside and made anew');
  }
}
