import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SyslogSettings } from '@rackhaus/config/contract';
import { inTransaction } from '../measurements/embedded/database.ts';
import { hourMs, perMs } from './file.ts';
import type { AttachedLine, WrittenBatch } from './messages.ts';

const dayMs = 86_400_000;
/** An agent's outbox holds 72 hours; what is older is never sent again. */
const batchesKeptMs = 7 * dayMs;
/** A clock that is a little ahead is believed, no other. */
const aheadMs = 60_000;
/** Messages that go in one transaction, so that what comes in does not wait. */
const slice = 2000;
/** Free pages that are given back at a time. */
const vacuumPages = 2000;

/** Writes messages and deletes those whose time is over. Runs in the thread that writes. */
export class MessageWriter {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #insertWords: StatementSync;
  readonly #addTally: StatementSync;
  readonly #lastOf: StatementSync;
  readonly #isKnown: StatementSync;
  readonly #note: StatementSync;
  readonly #box: StatementSync;
  readonly #makeBox: StatementSync;
  readonly #boxes = new Map<string, number>();
  #settings: SyslogSettings;
  #lastMs = 0;
  #lastNumber = 0;

  constructor(options: { database: DatabaseSync; settings: SyslogSettings }) {
    const { database } = options;
    this.#database = database;
    this.#settings = options.settings;
    this.#insert = database.prepare(
      `INSERT INTO message (id, device, severity, facility, sender, host, app, process, mnemonic, device_time, text, data, dropped)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#insertWords = database.prepare('INSERT INTO words (rowid, text, mark) VALUES (?, ?, ?)');
    this.#addTally = database.prepare(
      `INSERT INTO tally (hour, device, severity, count) VALUES (?, ?, ?, ?)
       ON CONFLICT (hour, device, severity) DO UPDATE SET count = count + excluded.count`,
    );
    this.#lastOf = database.prepare('SELECT max(id) AS id FROM message WHERE id >= ? AND id < ?');
    this.#isKnown = database.prepare('SELECT 1 AS known FROM batch WHERE box = ? AND sequence = ?');
    this.#note = database.prepare('INSERT INTO batch (box, sequence, time) VALUES (?, ?, ?)');
    this.#box = database.prepare('SELECT id FROM box WHERE agent = ? AND name = ?');
    this.#makeBox = database.prepare('INSERT INTO box (agent, name) VALUES (?, ?) RETURNING id');
  }

  set settings(settings: SyslogSettings) {
    this.#settings = settings;
  }

  /** Stores batches in one transaction. @returns for each whether it is new */
  write(batches: readonly WrittenBatch[], now: number): boolean[] {
    try {
      return inTransaction(this.#database, () => {
        const tally = new Map<string, number>();
        const fresh = batches.map((batch) => this.#writeOne(batch, now, tally));
        for (const [key, count] of tally) {
          const [hour = 0, device = 0, severity = 0] = key.split('/').map(Number);
          this.#addTally.run(hour, device, severity, count);
        }
        return fresh;
      });
    } catch (error) {
      // Numbers that were given in it are not taken.
      this.#boxes.clear();
      this.#lastMs = 0;
      throw error;
    }
  }

  /** Deletes one slice of what is due. @returns whether there is more to do */
  tidy(now: number): boolean {
    const due = (now - this.#settings.days * dayMs) * perMs;
    const gone = this.#delete(due);
    if (gone === slice) return true;
    this.#database.prepare('DELETE FROM batch WHERE time < ?').run(now - batchesKeptMs);
    const most = this.#settings.megabytes * 1_000_000;
    if (this.bytes > most && this.#delete(Number.MAX_SAFE_INTEGER) > 0) {
      this.#database.prepare(`INSERT OR REPLACE INTO state VALUES ('shortenedAt', ?)`).run(now);
      return this.bytes > most;
    }
    const free = Number(this.#database.prepare('PRAGMA freelist_count').get()?.freelist_count);
    if (free > vacuumPages) this.#database.exec(`PRAGMA incremental_vacuum(${vacuumPages})`);
    return free > 2 * vacuumPages;
  }

  /** What the messages take. */
  get bytes(): number {
    const pragma = (name: string) => Number(this.#database.prepare(`PRAGMA ${name}`).get()?.[name]);
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  }

  /** The oldest messages with ids below this, at most a slice. @returns how many there were */
  #delete(below: number): number {
    return inTransaction(
      this.#database,
      () => {
        const last = this.#database
          .prepare(
            `SELECT count(*) AS count, max(id) AS id FROM (SELECT id FROM message WHERE id < ? ORDER BY id LIMIT ${slice})`,
          )
          .get(below);
        const count = Number(last?.count);
        if (count === 0) return 0;
        const id = Number(last?.id);
        this.#database
          .prepare('DELETE FROM words WHERE rowid IN (SELECT id FROM message WHERE id <= ?)')
          .run(id);
        // Hours are counted as a whole; the one that is deleted in part stays until it is gone.
        this.#database.prepare('DELETE FROM message WHERE id <= ?').run(id);
        const oldest = Number(
          this.#database.prepare('SELECT min(id) AS id FROM message').get()?.id ?? id + 1,
        );
        this.#database.prepare('DELETE FROM tally WHERE hour < ?').run(Math.floor(oldest / perMs / hourMs));
        return count;
      },
      'NORMAL',
    );
  }

  #writeOne(batch: WrittenBatch, now: number, tally: Map<string, number>): boolean {
    const box = this.#boxOf(batch.agentId, batch.outbox);
    if (this.#isKnown.get(box, batch.sequence) !== undefined) return false;
    this.#note.run(box, batch.sequence, now);
    const oldest = now - this.#settings.days * dayMs;
    for (const line of batch.lines) {
      const time = Math.min(line.time, now + aheadMs);
      if (time < oldest) continue;
      this.#writeLine(line, time, tally);
    }
    return true;
  }

  #writeLine(line: AttachedLine, time: number, tally: Map<string, number>): void {
    const id = this.#nextId(time);
    const { deviceId, severity, host, app, process, mnemonic, text, data } = line;
    this.#insert.run(
      id,
      deviceId,
      severity,
      line.facility,
      line.from,
      host,
      app,
      process,
      mnemonic,
      line.deviceTime,
      text,
      data,
      line.dropped ?? null,
    );
    const written = [host, app, process, mnemonic, text, data].filter((part) => part !== null).join(' ');
    this.#insertWords.run(id, `${written} ${line.from}`, marksOf(deviceId, severity));
    const key = `${Math.floor(id / perMs / hourMs)}/${deviceId ?? 0}/${severity ?? 8}`;
    tally.set(key, (tally.get(key) ?? 0) + 1);
  }

  /** The next free number in this millisecond, or in the first one after it that has one. */
  #nextId(time: number): number {
    if (time !== this.#lastMs) {
      const last = this.#lastOf.get(time * perMs, (time + 1) * perMs)?.id;
      this.#lastMs = time;
      this.#lastNumber = typeof last === 'number' ? last - time * perMs : -1;
    }
    this.#lastNumber++;
    if (this.#lastNumber >= perMs) return this.#nextId(time + 1);
    return time * perMs + this.#lastNumber;
  }

  #boxOf(agentId: number, name: string): number {
    const key = `${agentId}/${name}`;
    const known = this.#boxes.get(key);
    if (known !== undefined) return known;
    const row = this.#box.get(agentId, name) ?? this.#makeBox.get(agentId, name);
    const id = Number(row?.id);
    this.#boxes.set(key, id);
    return id;
  }
}

function marksOf(device: number | null, severity: number | null): string {
  return `${device === null ? 'u' : `d${device}`} ${severity === null ? 's8' : `s${severity}`}`;
}
