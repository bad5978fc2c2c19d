import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { checksum, decompress, encodingOf } from './body.ts';
import { CorruptOutboxError, reservePages } from './file.ts';

export const batchKinds = ['readings', 'observations', 'syslog'] as const;
export type BatchKind = (typeof batchKinds)[number];

/** What is delivered as a whole. `sequence` is unique in its outbox for all time. */
export interface Batch {
  readonly sequence: number;
  readonly kind: BatchKind;
  /** When it was appended, ms since 1970. */
  readonly time: number;
  /** Line protocol or JSON, compressed; see body.ts. */
  readonly body: Uint8Array;
}

/** A row whose content is not what was appended. */
export class DamagedBatchError extends Error {
  override name = 'DamagedBatchError';
  readonly sequence: number;

  constructor(sequence: number) {
    super(`batch ${sequence} is damaged`);
    this.sequence = sequence;
  }
}

/** Pages given back to the file system at a time; all at once would block the agent after a long outage. */
const vacuumPages = 256;
/**
 * Left out at each opening. A log that was damaged loses the latest appends and with them the memory of their sequences (at
 * most a checkpoint's worth, a few thousand); given again, they would be taken for repeats, and what they carry be lost.
 */
const sequenceGap = 10_000;
/** What the backend takes as a sequence has 15 digits. */
const highestSequence = 1e15;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The statements on an open file, and what is counted in memory so that no query runs over the whole queue. */
export class OpenFile {
  readonly database: DatabaseSync;
  readonly id: string;
  readonly ascending: StatementSync;
  readonly descending: StatementSync;
  waiting: number;
  bytes: number;
  dropped: number;
  rejected: number;
  /** The highest sequence ever given. */
  last: number;
  /** Where the outbox's own clock stood when the newest waiting batch was appended. */
  readonly ageClock: number;
  readonly #insert: StatementSync;
  readonly #get: StatementSync;
  readonly #size: StatementSync;
  readonly #remove: StatementSync;
  readonly #oldest: StatementSync;
  readonly #spare: StatementSync;
  readonly #setFact: StatementSync;
  readonly #reject: StatementSync;
  readonly #trimRejected: StatementSync;

  /** @throws what isCorruption() recognises, when the content is not as it was written */
  constructor(database: DatabaseSync) {
    this.database = database;
    this.#insert = database.prepare(
      'INSERT INTO batches (sequence, kind, time, body, age_clock, checksum) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#get = database.prepare(
      'SELECT kind, time, body, age_clock, checksum FROM batches WHERE sequence = ?',
    );
    this.#size = database.prepare('SELECT length(body) AS bytes FROM batches WHERE sequence = ?');
    this.#remove = database.prepare('DELETE FROM batches WHERE sequence = ?');
    this.#oldest = database.prepare(
      'SELECT sequence, time, age_clock FROM batches ORDER BY sequence LIMIT 1',
    );
    this.ascending = database.prepare('SELECT sequence FROM batches ORDER BY sequence');
    this.descending = database.prepare('SELECT sequence FROM batches ORDER BY sequence DESC');
    this.#spare = database.prepare('PRAGMA freelist_count');
    this.#setFact = database.prepare('INSERT OR REPLACE INTO facts VALUES (?, ?)');
    this.#reject = database.prepare(
      `INSERT OR REPLACE INTO rejected (sequence, kind, time, reason, body)
         SELECT sequence, kind, time, ?, body FROM batches WHERE sequence = ?`,
    );
    this.#trimRejected = database.prepare(
      'DELETE FROM rejected WHERE sequence <= (SELECT sequence FROM rejected ORDER BY sequence DESC LIMIT 1 OFFSET ?)',
    );
    const total = database
      .prepare(
        `SELECT count(*) AS n, coalesce(sum(length(body)), 0) AS b, coalesce(max(age_clock), 0) AS clock,
           coalesce(max(sequence), 0) AS highest FROM batches`,
      )
      .get();
    this.waiting = number(total?.n);
    this.bytes = number(total?.b);
    this.ageClock = number(total?.clock);
    this.last = this.#lastSequence(number(total?.highest));
    this.id = this.#fact('id') ?? '';
    if (!uuid.test(this.id)) throw new CorruptOutboxError('the id is damaged');
    this.dropped = number(Number(this.#fact('dropped') ?? 0));
    this.rejected = number(Number(this.#fact('rejected') ?? 0));
  }

  inTransaction<T>(work: () => T): T {
    const { waiting, bytes, dropped, rejected, last } = this;
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      Object.assign(this, { waiting, bytes, dropped, rejected, last });
      // SQLite itself has rolled back when the disk was full.
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  insert(kind: BatchKind, time: number, body: Uint8Array, ageClock: number): number {
    const sequence = this.last + 1;
    this.#insert.run(sequence, kind, time, body, ageClock, checksumOf(sequence, kind, time, ageClock, body));
    this.last = sequence;
    this.waiting++;
    this.bytes += body.length;
    return sequence;
  }

  /** The first in this order that is not among `except`. @throws DamagedBatchError */
  first(order: StatementSync, except: ReadonlySet<number>): Batch | null {
    for (const row of order.iterate()) {
      const sequence = Number(row.sequence);
      if (!except.has(sequence)) return this.get(sequence);
    }
    return null;
  }

  /** @throws DamagedBatchError */
  get(sequence: number): Batch | null {
    const row = this.#get.get(sequence);
    if (row === undefined) return null;
    const { time, body, age_clock: ageClock } = row;
    const kind = batchKinds.find((one) => one === row.kind);
    if (!(body instanceof Uint8Array) || kind === undefined || typeof time !== 'number')
      throw new DamagedBatchError(sequence);
    const sound =
      row.checksum === null
        ? isSoundGzip(body)
        : row.checksum === checksumOf(sequence, kind, time, Number(ageClock), body);
    if (!sound) throw new DamagedBatchError(sequence);
    return { sequence, kind, time, body };
  }

  remove(sequence: number): void {
    const row = this.#size.get(sequence);
    if (row === undefined) return;
    this.#remove.run(sequence);
    this.waiting--;
    this.bytes -= Number(row.bytes);
  }

  oldestRow(): { sequence: number; time: number; ageClock: number } | null {
    const row = this.#oldest.get();
    if (row === undefined) return null;
    return { sequence: Number(row.sequence), time: Number(row.time), ageClock: Number(row.age_clock ?? 0) };
  }

  giveSpaceBack(): void {
    const spare = Number(this.#spare.get()?.freelist_count) - reservePages;
    if (spare > 0) this.database.exec(`PRAGMA incremental_vacuum(${Math.min(spare, vacuumPages)})`);
  }

  countDropped(count: number): void {
    this.dropped += count;
    this.#setFact.run('dropped', String(this.dropped));
  }

  countRejected(): void {
    this.rejected++;
    this.#setFact.run('rejected', String(this.rejected));
  }

  /** Keeps a batch to look at; not counted and not removed from the queue. */
  keepAside(sequence: number, reason: string, keep: number): void {
    this.#reject.run(reason, sequence);
    this.#trimRejected.run(keep);
  }

  #lastSequence(highestWaiting: number): number {
    const row = this.database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'batches'`).get();
    const last = row === undefined ? 0 : number(row.seq);
    if (last < highestWaiting || last > highestSequence)
      throw new CorruptOutboxError(`the last sequence cannot be ${last}`);
    return last === 0 ? 0 : last + sequenceGap;
  }

  #fact(name: string): string | null {
    const value = this.database.prepare('SELECT value FROM facts WHERE name = ?').get(name)?.value;
    return typeof value === 'string' ? value : null;
  }
}

function checksumOf(
  sequence: number,
  kind: BatchKind,
  time: number,
  ageClock: number,
  body: Uint8Array,
): number {
  return checksum(`${sequence} ${kind} ${time} ${ageClock} `, body);
}

/** Rows from before an update have no checksum of ours; gzip has its own. */
function isSoundGzip(body: Uint8Array): boolean {
  if (encodingOf(body) !== 'gzip') return false;
  try {
    decompress(body);
    return true;
  } catch {
    return false;
  }
}

function number(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw new CorruptOutboxError('a count is damaged');
  return value;
}
