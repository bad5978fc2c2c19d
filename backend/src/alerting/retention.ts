import type { Database } from '../database/tables.ts';

/** How long incidents that are over are kept: two years, for the review and for who has to account for them. */
export const keptMs = 2 * 365 * 86_400_000;
const everyMs = 60 * 60_000;
const perStep = 20;
/** Between two steps others use the database. */
const pauseMs = 200;

/** Deletes what is older than it has to be kept, with its members, story, notices and deliveries; a little at a time. */
export class Retention {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = true;

  constructor(options: { db: Database; now: () => number; onError: (error: unknown) => void }) {
    this.#db = options.db;
    this.#now = options.now;
    this.#onError = options.onError;
  }

  start(): void {
    this.#stopped = false;
    this.#later(pauseMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Deletes the oldest few. @returns how many */
  async step(): Promise<number> {
    const rows = await this.#db
      .selectFrom('incidents')
      .select('id')
      .where('state', '=', 'resolved')
      .where('resolved_at', '<', this.#now() - keptMs)
      .orderBy('id')
      .limit(perStep)
      .execute();
    // Each by itself: one may have thousands of members.
    for (const { id } of rows) await this.#db.deleteFrom('incidents').where('id', '=', id).execute();
    return rows.length;
  }

  #later(wait: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.step().then(
        (deleted) => this.#later(deleted === perStep ? pauseMs : everyMs),
        (error: unknown) => {
          this.#onError(error);
          this.#later(everyMs);
        },
      );
    }, wait);
  }
}
