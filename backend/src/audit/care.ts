import type { AuditCheck } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Database } from '../database/tables.ts';
import { lastOf } from './append.ts';
import type { Audit } from './audit.ts';
import type { LogBroken } from './conditions.ts';
import type { Forwarding } from './forwarding.ts';
import { type Head, readHead, writeHead } from './head.ts';
import { pseudonymiseHistory } from './history-names.ts';
import type { AuditKey } from './key.ts';
import { bySystem } from './note.ts';
import { dayMs, pseudonymiseSlice, readRetention, trimSlice } from './retention.ts';
import { readSetting, writeSetting } from './settings.ts';
import { verifyLog } from './verify.ts';

const tickMs = 10_000;
/** A clock that has jumped this far since deletion ran last is believed only a day later: it would delete what is not due. */
const believedMs = 45 * dayMs;
const Trimmed = z.strictObject({ time: z.number() });

const never: AuditCheck = { state: 'never', time: null, rows: 0, deleted: 0, broken: null };

/** What the log needs besides being written: its head beside the database, checks, deletion in time, counts of refusals. */
export class AuditCare {
  readonly #db: Database;
  readonly #audit: Audit;
  readonly #key: AuditKey;
  readonly #headFile: string;
  readonly #forwarding: Forwarding;
  readonly #now: () => number;
  readonly #elapsed: () => number;
  readonly #log: Logger;
  readonly #before: number;
  #ticker: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #stopped = false;
  #head = 0;
  #check: AuditCheck = never;
  #broken: LogBroken | null = null;
  #checking: Promise<void> | undefined;
  #trimmedAt = Number.NEGATIVE_INFINITY;
  #stopListening: (() => void) | undefined;

  constructor(options: {
    db: Database;
    audit: Audit;
    key: AuditKey;
    headFile: string;
    forwarding: Forwarding;
    now: () => number;
    /** Milliseconds of a clock that does not jump. */
    elapsed: () => number;
    log: Logger;
    /** The last number before this server noted anything itself. */
    before: number;
  }) {
    this.#db = options.db;
    this.#audit = options.audit;
    this.#key = options.key;
    this.#headFile = options.headFile;
    this.#forwarding = options.forwarding;
    this.#now = options.now;
    this.#elapsed = options.elapsed;
    this.#log = options.log;
    this.#before = options.before;
  }

  async start(): Promise<void> {
    if (this.#key.made && this.#before > 0) {
      this.#log.error('the key of the log was missing: what was written before cannot be proven any more');
      await this.#audit.note({ action: 'log.key', outcome: 'done', by: bySystem, address: null });
    }
    const head = await readHead(this.#headFile);
    if (head !== null && head.number > this.#before) {
      this.#log.error(
        { had: head.number, has: this.#before },
        'the log is shorter than it was: a backup was restored, or rows were cut off',
      );
      await this.#audit.note({
        action: 'log.shortened',
        outcome: 'done',
        by: bySystem,
        address: null,
        detail: { had: head.number, has: this.#before },
      });
    }
    await this.#audit.note({ action: 'server.started', outcome: 'done', by: bySystem, address: null });
    await this.#forwarding.start();
    this.#stopListening = this.#audit.onNote(() => this.#forwarding.noted());
    await this.#writeHead();
    this.#ticker = setInterval(() => this.#tick(), tickMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#ticker);
    this.#stopListening?.();
    await this.#working;
    await this.#checking;
    await this.#audit.writeCounted(true);
    await this.#writeHead();
    await this.#forwarding.stop();
  }

  /** What came of the last check, or how far the one under way has come. */
  get checked(): AuditCheck {
    return this.#check;
  }

  /** Where the chain was found broken when it was last checked to its end; null: it held, or that has not been done yet. */
  get broken(): LogBroken | null {
    return this.#broken;
  }

  /** Begins to check the whole chain, unless that is under way. It gives way to all else. */
  check(): void {
    this.#checking ??= this.#verify().finally(() => {
      this.#checking = undefined;
    });
  }

  /** For tests: resolves when no check is under way. */
  async settled(): Promise<void> {
    await this.#checking;
  }

  /** Deletes what is past its time and replaces people by pseudonyms, in the history of who is gone too; what was deleted is noted. */
  async trim(): Promise<void> {
    const now = this.#now();
    const before = await readSetting(this.#db, 'trimmed', Trimmed);
    await writeSetting(this.#db, 'trimmed', { time: now });
    if (before !== null && now - before.time > believedMs) {
      this.#log.warn('the clock is far ahead of the last deletion: deleting waits for a day');
      return;
    }
    const retention = await readRetention(this.#db);
    const deleted = await this.#slices(() => trimSlice(this.#db, this.#key, retention, now));
    const people = await this.#slices(() => pseudonymiseSlice(this.#db, this.#key, retention, now));
    const history = await pseudonymiseHistory(this.#db, this.#key, now - retention.peopleDays * dayMs);
    if (deleted + people + history === 0) return;
    await this.#audit.note({
      action: 'log.trimmed',
      outcome: 'done',
      by: bySystem,
      address: null,
      detail: { deleted, pseudonyms: people, ...(history === 0 ? {} : { history }) },
    });
  }

  async #slices(one: () => Promise<number>): Promise<number> {
    let total = 0;
    for (let done = await one(); done > 0; done = await one()) {
      total += done;
      if (this.#stopped) break;
    }
    return total;
  }

  #tick(): void {
    this.#working = this.#working
      .then(() => this.#care())
      .catch((error: unknown) => {
        this.#log.error({ err: error }, 'the log could not be looked after');
      });
  }

  async #care(): Promise<void> {
    if (this.#stopped) return;
    await this.#audit.writeCounted();
    await this.#writeHead();
    if (this.#elapsed() - this.#trimmedAt < dayMs) return;
    this.#trimmedAt = this.#elapsed();
    await this.trim();
    this.check();
  }

  async #writeHead(): Promise<void> {
    const last: Head = await lastOf(this.#db);
    if (last.number === this.#head) return;
    await writeHead(this.#headFile, last);
    this.#head = last.number;
  }

  async #verify(): Promise<void> {
    this.#check = { ...never, state: 'running', time: this.#now() };
    try {
      const found = await verifyLog({
        db: this.#db,
        key: this.#key.chain,
        head: await readHead(this.#headFile),
        onRows: (rows) => {
          this.#check = { ...this.#check, rows };
        },
      });
      this.#check = found.intact
        ? { state: 'intact', time: this.#now(), rows: found.rows, deleted: found.deleted, broken: null }
        : {
            state: 'broken',
            time: this.#now(),
            rows: found.rows,
            deleted: 0,
            broken: { number: found.number, time: found.time, why: found.why },
          };
      // The time at which it was found first: while it lasts it is one condition.
      this.#broken = found.intact
        ? null
        : { number: found.number, why: found.why, since: this.#broken?.since ?? this.#now() };
      if (!found.intact)
        this.#log.error({ number: found.number, why: found.why }, 'the chain of the log is broken');
    } catch (error) {
      this.#check = never;
      this.#log.error({ err: error }, 'the log could not be checked');
    }
  }
}
