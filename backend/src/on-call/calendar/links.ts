import { hashToken, newToken } from '../../access/tokens.ts';
import type { Database } from '../../database/tables.ts';

export interface CalendarLinkRow {
  readonly rotaId: number;
  readonly userId: number;
  /** Only the person's own shifts. */
  readonly mine: boolean;
}

/** Addresses of feeds: kept as their hash, so that they are shown once. */
export class CalendarLinks {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(options: { db: Database; now: () => number }) {
    this.#db = options.db;
    this.#now = options.now;
  }

  /** @returns the token; the one that the person had for the same ends. */
  async make({ rotaId, userId, mine }: CalendarLinkRow): Promise<string> {
    const token = newToken('rhc');
    const values = { token_hash: hashToken(token), created_at: this.#now() };
    await this.#db
      .insertInto('calendar_links')
      .values({ rota_id: rotaId, user_id: userId, mine: Number(mine), ...values })
      .onConflict((conflict) => conflict.columns(['rota_id', 'user_id', 'mine']).doUpdateSet(values))
      .execute();
    return token;
  }

  /** null: there is no such link, or whose it was may not sign in any more. */
  async find(token: string): Promise<CalendarLinkRow | null> {
    const row = await this.#db
      .selectFrom('calendar_links')
      .innerJoin('users', 'users.id', 'calendar_links.user_id')
      .select(['rota_id as rotaId', 'user_id as userId', 'mine'])
      .where('token_hash', '=', hashToken(token))
      .where('users.disabled', '=', 0)
      .executeTakeFirst();
    return row === undefined ? null : { ...row, mine: row.mine === 1 };
  }

  /** Ends the person's links to that rota. */
  async revoke(rotaId: number, userId: number): Promise<void> {
    await this.#db
      .deleteFrom('calendar_links')
      .where('rota_id', '=', rotaId)
      .where('user_id', '=', userId)
      .execute();
  }
}
