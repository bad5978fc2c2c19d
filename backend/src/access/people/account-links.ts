import type { AccountLinkKind } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import { hashToken, newToken } from '../tokens.ts';

const hourMs = 3_600_000;
const lasts: Readonly<Record<AccountLinkKind, number>> = { invitation: 7 * 24 * hourMs, reset: 24 * hourMs };

/** Links with which people set a password of their own: nobody else ever knows it. Each works once and for a time. */
export class AccountLinks {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(options: { db: Database; now: () => number }) {
    this.#db = options.db;
    this.#now = options.now;
  }

  /** Makes one; another one of this person is worth nothing any more. An invitation for who has no password yet. */
  async make(
    userId: number,
    hasPassword: boolean,
  ): Promise<{ token: string; kind: AccountLinkKind; expiresAt: number }> {
    const kind = hasPassword ? 'reset' : 'invitation';
    const token = newToken('rhi');
    const now = this.#now();
    const row = {
      kind,
      token_hash: hashToken(token),
      created_at: now,
      expires_at: now + lasts[kind],
    } as const;
    await this.#db
      .insertInto('account_links')
      .values({ user_id: userId, ...row })
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet(row))
      .execute();
    return { token, kind, expiresAt: row.expires_at };
  }

  /** Whose it is. @throws AppError `not-found` when it does not hold (any more), whatever the reason */
  async look(token: string) {
    const row = await this.#db
      .selectFrom('account_links')
      .innerJoin('users', 'users.id', 'account_links.user_id')
      .select([
        'users.id as userId',
        'users.name as name',
        'account_links.kind as kind',
        'account_links.expires_at as expiresAt',
      ])
      .where('account_links.token_hash', '=', hashToken(token))
      .where('account_links.expires_at', '>', this.#now())
      .where('users.disabled', '=', 0)
      .executeTakeFirst();
    if (row === undefined) throw noLink();
    return row;
  }

  /** Uses it up. Of two at the same moment one succeeds. @throws AppError `not-found` as {@link look} */
  async use(token: string): Promise<{ userId: number; kind: AccountLinkKind }> {
    const { userId, kind } = await this.look(token);
    const row = await this.#db
      .deleteFrom('account_links')
      .where('token_hash', '=', hashToken(token))
      .returning('user_id')
      .executeTakeFirst();
    if (row === undefined) throw noLink();
    return { userId, kind };
  }
}

function noLink(): AppError {
  return new AppError(
    'not-found',
    'This link does not hold any more: it has been used, replaced, or is too old. An administrator can make a new one.',
    undefined,
    { reason: 'link-ended' },
  );
}
