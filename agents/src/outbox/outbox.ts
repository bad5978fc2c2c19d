import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Logger } from 'pino';
import { isCorruption, openOutboxFile, reservePages, setAside } from './file.ts';

export type BatchKind = 'readings' | 'observations';

/** What is delivered as a whole. `sequence` is unique in its outbox for all time. */
export interface Batch {
  readonly sequence: number;
  readonly kind: BatchKind;
  /** When it was appended, ms since 1970. */
  readonly time: number;
  /** gzip of line protocol or JSON. */
  readonly body: Uint8Array;
}

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
  /** Since the outbox was made. */
  readonly dropped: number;
  readonly rejected: number;
}

const defaultMaxBytes = 512_000_000;
const defaultMaxAgeMs = 72 * 3_600_000;
const maxRejectedKept = 100;
/** Pages given back to the file system at a time; all at once would block the agent after a long outage. */
const vacuumPages = 256;

/**
 * The durable queue between polling and delivery (SQLite, WAL, synchronous=FULL): what `append` returned from survives
 * a crash and a power cut. Bounded by bytes and by age; the oldest batches are dropped and counted. Synchronous.
 */
export class Outbox {
  readonly #file: string;
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  readonly #log: Logger;
  #open: OpenFile | null = null;

  constructor(options: {
    file: string;
    now: () => number;
    log: Logger;
    maxBytes?: number;
    maxAgeMs?: number;
  }) {
    this.#file = options.file;
    this.#maxBytes = options.maxBytes ?? defaultMaxBytes;
    this.#maxAgeMs = options.maxAgeMs ?? defaultMaxAgeMs;
    this.#now = options.now;
    this.#log = options.log;
  }

  /** @throws OutboxUnusableError; a damaged file is set aside instead. */
  open(): void {
    this.#open = new OpenFile(openOutboxFile({ file: this.#file, now: this.#now, log: this.#log }));
  }

  close(): void {
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
      const time = this.#now();
      return file.inTransaction(() => {
        this.#drop(file, time, body.length);
        return file.insert(kind, time, body);
      });
    });
  }

  /** The newest waiting batch that is not among `except`. */
  newest(except: ReadonlySet<number>): Batch | null {
    return this.#healed((file) => file.first(file.descending, except));
  }

  /** The oldest waiting batch that is not among `except`. */
  oldest(except: ReadonlySet<number>): Batch | null {
    return this.#healed((file) => file.first(file.ascending, except));
  }

  get(sequence: number): Batch | null {
    return this.#healed((file) => file.get(sequence));
  }

  /**
   * Ends a batch: accepted ones are gone, rejected ones move aside (the latest 100 are kept to look at), kept ones stay.
   * A settlement may be lost by a power cut; the batch is then sent again and recognised by its sequence.
   */
  settle(sequence: number, outcome: Outcome): void {
    if (outcome.outcome === 'kept') return;
    this.#healed((file) => {
      file.database.exec('PRAGMA synchronous = NORMAL');
      try {
        file.inTransaction(() => {
          if (outcome.outcome === 'rejected') file.reject(sequence, outcome.reason, maxRejectedKept);
          file.remove(sequence);
        });
        file.giveSpaceBack();
      } finally {
        file.database.exec('PRAGMA synchronous = FULL');
      }
    });
  }

  state(): OutboxState {
    const file = this.#opened();
    return {
      waiting: file.waiting,
      bytes: file.bytes,
      oldestTime: this.#healed((healed) => healed.oldestTime()),
      dropped: file.dropped,
      rejected: file.rejected,
    };
  }

  #opened(): OpenFile {
    if (this.#open === null) throw new Error('the outbox is not open');
    return this.#open;
  }

  #drop(file: OpenFile, time: number, arriving: number): void {
    let dropped = 0;
    for (let row = file.oldestRow(); row !== null; row = file.oldestRow()) {
      const tooOld = row.time < time - this.#maxAgeMs;
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

  /** Runs `work`; when the file turns out to be damaged, sets it aside and runs it once more on a new one. */
  #healed<T>(work: (file: OpenFile) => T): T {
    const file = this.#opened();
    try {
      return work(file);
    } catch (error) {
      if (!isCorruption(error)) throw error;
      this.#log.error(
        { file: this.#file, err: error },
        'the outbox is damaged; it is set aside and made anew',
      );
      file.database.close();
      this.#open = null;
      setAside(this.#file, this.#now());
      this.open();
      return work(this.#opened());
    }
  }
}

/** The statements on an open file, and what is counted in memory so that no query runs over the whole queue. */
class OpenFile {
  readonly database: DatabaseSync;
  readonly id: string;
  readonly ascending: StatementSync;
  readonly descending: StatementSync;
  waiting: number;
  bytes: number;
  dropped: number;
  rejected: number;
  readonly #insert: StatementSync;
  readonly #get: StatementSync;
  readonly #size: StatementSync;
  readonly #remove: StatementSync;
  readonly #oldest: StatementSync;
  readonly #spare: StatementSync;
  readonly #setFact: StatementSync;
  readonly #reject: StatementSync;
  readonly #trimRejected: StatementSync;

  constructor(database: DatabaseSync) {
    this.database = database;
    const columns = 'sequence, kind, time, body';
    this.#insert = database.prepare('INSERT INTO batches (kind, time, body) VALUES (?, ?, ?)');
    this.#get = database.prepare(`SELECT ${columns} FROM batches WHERE sequence = ?`);
    this.#size = database.prepare('SELECT length(body) AS bytes FROM batches WHERE sequence = ?');
    this.#remove = database.prepare('DELETE FROM batches WHERE sequence = ?');
    this.#oldest = database.prepare('SELECT sequence, time FROM batches ORDER BY sequence LIMIT 1');
    this.ascending = database.prepare('SELECT sequence FROM batches ORDER BY sequence');
    this.descending = database.prepare('SELECT sequence FROM batches ORDER BY sequence DESC');
    this.#spare = database.prepare('PRAGMA freelist_count');
    this.#setFact = database.prepare('INSERT OR REPLACE INTO facts VALUES (?, ?)');
    this.#reject = database.prepare(
      `INSERT OR REPLACE INTO rejected SELECT sequence, kind, time, ?, body FROM batches WHERE sequence = ?`,
    );
    this.#trimRejected = database.prepare(
      'DELETE FROM rejected WHERE sequence <= (SELECT sequence FROM rejected ORDER BY sequence DESC LIMIT 1 OFFSET ?)',
    );
    const total = database
      .prepare('SELECT count(*) AS n, coalesce(sum(length(body)), 0) AS b FROM batches')
      .get();
    this.waiting = Number(total?.n);
    this.bytes = Number(total?.b);
    this.id = this.#fact('id') ?? '';
    this.dropped = Number(this.#fact('dropped') ?? 0);
    this.rejected = Number(this.#fact('rejected') ?? 0);
  }

  inTransaction<T>(work: () => T): T {
    const { waiting, bytes, dropped, rejected } = this;
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      Object.assign(this, { waiting, bytes, dropped, rejected });
      // SQLite itself has rolled back when the disk was full.
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  insert(kind: BatchKind, time: number, body: Uint8Array): number {
    const sequence = Number(this.#insert.run(kind, time, body).lastInsertRowid);
    this.waiting++;
    this.bytes += body.length;
    return sequence;
  }

  first(order: StatementSync, except: ReadonlySet<number>): Batch | null {
    for (const row of order.iterate()) {
      const sequence = Number(row.sequence);
      if (!except.has(sequence)) return this.get(sequence);
    }
    return null;
  }

  get(sequence: number): Batch | null {
    const row = this.#get.get(sequence);
    if (row === undefined || !(row.body instanceof Uint8Array)) return null;
    const kind = row.kind === 'observations' ? 'observations' : 'readings';
    return { sequence, kind, time: Number(row.time), body: row.body };
  }

  remove(sequence: number): void {
    const row = this.#size.get(sequence);
    if (row === undefined) return;
    this.#remove.run(sequence);
    this.waiting--;
    this.bytes -= Number(row.bytes);
  }

  oldestRow(): { sequence: number; time: number } | null {
    const row = this.#oldest.get();
    return row === undefined ? null : { sequence: Number(row.sequence), time: Number(row.time) };
  }

  oldestTime(): number | null {
    return this.oldestRow()?.time ?? null;
  }

  giveSpaceBack(): void {
    const spare = Number(this.#spare.get()?.freelist_count) - reservePages;
    if (spare > 0) this.database.exec(`PRAGMA incremental_vacuum(${Math.min(spare, vacuumPages)})`);
  }

  countDropped(count: number): void {
    this.dropped += count;
    this.#setFact.run('dropped', String(this.dropped));
  }

  reject(sequence: number, reason: string, keep: number): void {
    this.#reject.run(reason, sequence);
    this.#trimRejected.run(keep);
    this.rejected++;
    this.#setFact.run('rejected', String(this.rejected));
  }

  #fact(name: string): string | null {
    const value = this.database.prepare('SELECT value FROM facts WHERE name = ?').get(name)?.value;
    return typeof value === 'string' ? value : null;
  }
}
