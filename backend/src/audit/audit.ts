import type { Logger } from 'pino';
import type { Database } from '../database/tables.ts';
import { append } from './append.ts';
import type { CallContexts } from './call-context.ts';
import type { AuditKey } from './key.ts';
import type { AuditBy, AuditNote } from './note.ts';
import { Refusals } from './refusals.ts';

export { type AuditBy, type AuditNote, auditBy, byNobody, bySystem } from './note.ts';

/**
 * The log of who did what: hash-chained, append-only.
 *
 * What is part of a change of the database is noted within its transaction ({@link noteIn}): both are there or none. What is
 * refused, and what changes no data, is noted by {@link note} in a transaction of its own.
 */
export class Audit {
  readonly #db: Database;
  readonly #key: AuditKey;
  readonly #now: () => number;
  readonly #log: Logger;
  readonly #contexts: CallContexts | undefined;
  readonly #elapsed: () => number;
  readonly #refusals = new Refusals();
  readonly #listeners = new Set<() => void>();
  #lost = 0;
  #failing: { readonly error: unknown; readonly since: number } | null = null;

  constructor(options: {
    db: Database;
    key: AuditKey;
    now: () => number;
    /** Milliseconds of a clock that does not jump. */
    elapsed?: () => number;
    log: Logger;
    contexts?: CallContexts;
  }) {
    this.#db = options.db;
    this.#key = options.key;
    this.#now = options.now;
    this.#log = options.log;
    this.#contexts = options.contexts;
    this.#elapsed = options.elapsed ?? (() => performance.now());
  }

  /**
   * Notes something, on disk when this resolves. Never throws: what cannot be written is logged as an error, and health says so.
   * Not within a transaction, which it would wait for: there {@link noteIn}. Of what is refused over and over the first is
   * written at once, and repeats as their count.
   */
  async note(note: AuditNote): Promise<void> {
    this.#mark();
    const taken = note.outcome === 'refused' ? this.#refusals.take(note, this.#elapsed()) : note;
    if (taken !== null) await this.#write(taken);
  }

  /** Writes what has been counted since: those whose time is over, or all. */
  async writeCounted(all = false): Promise<void> {
    for (const note of this.#refusals.due(this.#elapsed(), all)) await this.#write(note);
  }

  /** Who calls and from where, for what is noted within a call; `otherwise`: nobody calls. */
  whoCalls(otherwise: AuditBy): Pick<AuditNote, 'by' | 'address'> {
    const call = this.#contexts?.now();
    if (call === undefined) return { by: otherwise, address: null };
    // A program that calls for a person is named as such.
    const isKnown = otherwise.id === null || call.by.kind === 'token';
    return { by: isKnown ? call.by : otherwise, address: call.address };
  }

  async #write(note: AuditNote): Promise<void> {
    const time = this.#now();
    try {
      await this.#db.transaction().execute((tx) => append(tx, this.#key.chain, note, time));
      this.#failing = null;
      this.#tell();
    } catch (error) {
      this.#failing = { error, since: this.#failing?.since ?? time };
      this.#lost += 1;
      const { action, outcome, subject } = note;
      this.#log.error(
        { err: error, note: { action, outcome, subject: subject?.kind } },
        'the log could not be written',
      );
    }
  }

  /** Notes something as part of a transaction: it is there if and only if that is committed. @throws what the database throws */
  async noteIn(tx: Database, note: AuditNote): Promise<void> {
    this.#mark();
    await append(tx, this.#key.chain, note, this.#now());
    this.#tell();
  }

  /** Since when nothing can be written, and how much is missing; null: all is well. */
  get trouble(): { readonly since: number; readonly lost: number } | null {
    return this.#failing === null ? null : { since: this.#failing.since, lost: this.#lost };
  }

  /** For health. @throws Error while the log cannot be written */
  async check(): Promise<void> {
    if (this.#failing !== null)
      throw new Error(`The log could not be written (${this.#lost} entries are missing).`, {
        cause: this.#failing.error,
      });
  }

  /** Calls `listener` when something has been noted, perhaps a moment before it is committed. Returns how to stop that. */
  onNote(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #mark(): void {
    const call = this.#contexts?.now();
    if (call !== undefined) call.noted = true;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
