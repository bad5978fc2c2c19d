import type { KioskLinkList, NewKioskLink } from '@rackhaus/config/contract';
import type { z } from 'zod';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import type { Sessions } from './sessions.ts';
import { hashToken, newToken } from './tokens.ts';

/** Links that show one page on a screen in the corridor, without a password, until they are revoked. */
export class KioskLinks {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #sessions: Sessions;

  constructor(options: { db: Database; now: () => number; sessions: Sessions }) {
    this.#db = options.db;
    this.#now = options.now;
    this.#sessions = options.sessions;
  }

  async list(): Promise<z.input<typeof KioskLinkList>> {
    const links = await this.#db
      .selectFrom('kiosk_links')
      .select(['id', 'name', 'path', 'created_at as createdAt', 'last_used_at as lastUsedAt'])
      .orderBy('id')
      .execute();
    return { links };
  }

  /** The token is returned here and never again. */
  async create(link: z.output<typeof NewKioskLink>): Promise<{ id: number; token: string }> {
    const token = newToken('rhk');
    const { id } = await this.#db
      .insertInto('kiosk_links')
      .values({ ...link, token_hash: hashToken(token), created_at: this.#now(), last_used_at: null })
      .returning('id')
      .executeTakeFirstOrThrow();
    return { id, token };
  }

  /** The link that a token belongs to. Counts as use. */
  async use(token: string): Promise<{ id: number; name: string; path: string } | null> {
    const link = await this.#db
      .updateTable('kiosk_links')
      .set({ last_used_at: this.#now() })
      .where('token_hash', '=', hashToken(token))
      .returning(['id', 'name', 'path'])
      .executeTakeFirst();
    return link ?? null;
  }

  /** Ends the link and at once every screen that shows it. @throws AppError `not-found` */
  async revoke(id: number): Promise<void> {
    const ended = await this.#db.transaction().execute(async (tx) => {
      const keys = await this.#sessions.deleteOf(tx, { kioskLinkId: id });
      const deleted = await tx.deleteFrom('kiosk_links').where('id', '=', id).executeTakeFirst();
      if (deleted.numDeletedRows === 0n) throw new AppError('not-found', `There is no kiosk link ${id}.`);
      return keys;
    });
    this.#sessions.announceEnded(ended);
  }
}
