import { sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import type { InventoryEvents } from './events.ts';

/** How often it is asked whether another process has written. */
const everyMs = 2000;

/**
 * Notices that another process has changed the database: an import from the command line, beside the running backend. Source:
 * SQLite's `pragma data_version`, which differs after a commit of any other connection, and costs microseconds.
 */
export class OtherWriters {
  readonly #db: Database;
  readonly #events: InventoryEvents;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #version: number | undefined;

  constructor(options: { db: Database; events: InventoryEvents; onError: (error: unknown) => void }) {
    this.#db = options.db;
    this.#events = options.events;
    this.#onError = options.onError;
  }

  async start(): Promise<void> {
    this.#version = await this.#read();
    this.#timer = setInterval(() => {
      this.look().catch(this.#onError);
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks now instead of in a moment. */
  async look(): Promise<void> {
    const version = await this.#read();
    if (version === this.#version) return;
    this.#version = version;
    this.#events.changed({ changeId: 0, objects: [], everything: true });
  }

  async #read(): Promise<number> {
    const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(this.#db);
    return rows[0]?.data_version ?? 0;
  }
}
