import { hashToken, nameKey, newToken } from '../access/tokens.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';

/** A program that writes by itself, with a token of its own. */
export interface Feed {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  lastSeen: number | null;
  /** Lines that it has written. */
  points: number;
  /** Lines that could not be read. */
  rejected: number;
}

/** The feeds, in memory; what is counted is written to the database now and then, names and tokens at once. */
export class Feeds {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #byId = new Map<number, Feed>();
  readonly #byToken = new Map<string, Feed>();
  readonly #unsaved = new Set<Feed>();

  constructor(options: { db: Database; now: () => number }) {
    this.#db = options.db;
    this.#now = options.now;
  }

  async load(): Promise<void> {
    for (const row of await this.#db.selectFrom('feeds').selectAll().orderBy('id').execute()) {
      const { id, name, points, rejected } = row;
      const feed: Feed = {
        id,
        name,
        createdAt: row.created_at,
        lastSeen: row.last_seen_at,
        points,
        rejected,
      };
      this.#byId.set(id, feed);
      this.#byToken.set(row.token_hash, feed);
    }
  }

  list(): Feed[] {
    return [...this.#byId.values()];
  }

  /** @throws AppError `not-found` */
  get(id: number): Feed {
    const feed = this.#byId.get(id);
    if (!feed) throw new AppError('not-found', `There is no feed ${id}.`);
    return feed;
  }

  /** The feed that a token belongs to. */
  authenticate(token: string): Feed | null {
    return this.#byToken.get(hashToken(token)) ?? null;
  }

  /** The token is returned here and never again. @throws AppError `conflict` when there is one of that name. */
  async create(name: string): Promise<{ id: number; token: string }> {
    const token = newToken('rhf');
    const token_hash = hashToken(token);
    const createdAt = this.#now();
    const row = await this.#db
      .insertInto('feeds')
      .values({ name, name_key: nameKey(name), token_hash, created_at: createdAt, last_seen_at: null })
      .onConflict((conflict) => conflict.column('name_key').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (row === undefined)
      throw new AppError('conflict', `There is a feed "${name}" already.`, undefined, { reason: 'taken' });
    const feed: Feed = { id: row.id, name, createdAt, lastSeen: null, points: 0, rejected: 0 };
    this.#byId.set(feed.id, feed);
    this.#byToken.set(token_hash, feed);
    return { id: feed.id, token };
  }

  /** Gives it another token; the one before is refused from now on. @throws AppError `not-found` */
  async renewToken(id: number): Promise<{ token: string }> {
    const feed = this.get(id);
    const token = newToken('rhf');
    await this.#db
      .updateTable('feeds')
      .set({ token_hash: hashToken(token) })
      .where('id', '=', id)
      .execute();
    this.#forgetTokens(feed);
    this.#byToken.set(hashToken(token), feed);
    return { token };
  }

  /** With all that it spoke of; readings that were stored stay. @throws AppError `not-found` */
  async remove(id: number): Promise<void> {
    const feed = this.get(id);
    this.#forgetTokens(feed);
    await this.#db.deleteFrom('feeds').where('id', '=', id).execute();
    this.#byId.delete(id);
    this.#unsaved.delete(feed);
  }

  /** Something was written with its token. */
  seen(feed: Feed, counts: { points: number; rejected: number }): void {
    feed.lastSeen = this.#now();
    feed.points += counts.points;
    feed.rejected += counts.rejected;
    if (this.#byId.has(feed.id)) this.#unsaved.add(feed);
  }

  async save(): Promise<void> {
    const feeds = [...this.#unsaved];
    if (feeds.length === 0) return;
    this.#unsaved.clear();
    try {
      await this.#db.transaction().execute(async (tx) => {
        for (const { id, lastSeen, points, rejected } of feeds)
          await tx
            .updateTable('feeds')
            .set({ last_seen_at: lastSeen, points, rejected })
            .where('id', '=', id)
            .execute();
      });
    } catch (error) {
      for (const feed of feeds) this.#unsaved.add(feed);
      throw error;
    }
  }

  #forgetTokens(feed: Feed): void {
    for (const [hash, of] of this.#byToken) if (of === feed) this.#byToken.delete(hash);
  }
}
