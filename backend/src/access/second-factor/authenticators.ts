import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import type { SecretBox } from '../secret-box.ts';
import { newOneTimeSecret, oneTimeAddress, stepOfCode } from './one-time-codes.ts';

/** One that was begun and not confirmed counts for nothing after this. */
const pendingMs = 30 * 60_000;

/** Apps that show one-time codes (TOTP): one per person. A code counts once. */
export class Authenticators {
  readonly #db: Database;
  readonly #box: SecretBox;
  readonly #now: () => number;

  constructor(options: { db: Database; secretBox: SecretBox; now: () => number }) {
    this.#db = options.db;
    this.#box = options.secretBox;
    this.#now = options.now;
  }

  /** Since when there is one; null: there is none. */
  async since(userId: number): Promise<number | null> {
    return (await this.#row(userId))?.since ?? null;
  }

  /** Begins to set one up; it counts from {@link confirm} on, and one that was there before until then. */
  async begin(user: { id: number; name: string }): Promise<{ secret: string; uri: string }> {
    const secret = newOneTimeSecret();
    const pending = { pending_sealed: this.#box.seal(secret), pending_since: this.#now() };
    await this.#db
      .insertInto('authenticators')
      .values({ user_id: user.id, sealed: null, since: null, ...pending })
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet(pending))
      .execute();
    return { secret, uri: oneTimeAddress(secret, user.name, 'Rackhaus') };
  }

  /** Takes the one that was begun into use. @throws AppError `invalid` for a wrong code, `conflict` when none was begun */
  async confirm(userId: number, code: string): Promise<void> {
    const row = await this.#row(userId);
    if (row?.pending_sealed == null || this.#now() - (row.pending_since ?? 0) > pendingMs)
      throw new AppError('conflict', 'Please begin again: no app is being set up.');
    const step = stepOfCode(this.#box.open(row.pending_sealed), code, this.#now());
    if (step === null) {
      const message =
        'is not the code that the app shows at this moment; the clock of the telephone has to be right';
      throw new AppError('invalid', `code: ${message}`, [{ path: 'code', message }], {
        reason: 'code-wrong',
      });
    }
    await this.#db
      .updateTable('authenticators')
      .set({
        sealed: row.pending_sealed,
        last_counter: step,
        since: this.#now(),
        pending_sealed: null,
        pending_since: null,
      })
      .where('user_id', '=', userId)
      .execute();
  }

  /** Whether the code is right; it is worth nothing afterwards, and none before it. */
  async use(userId: number, code: string): Promise<boolean> {
    const row = await this.#row(userId);
    if (row?.sealed == null) return false;
    const step = stepOfCode(this.#box.open(row.sealed), code, this.#now());
    if (step === null) return false;
    // Of two that send the same code at the same moment one is first.
    const used = await this.#db
      .updateTable('authenticators')
      .set({ last_counter: step })
      .where('user_id', '=', userId)
      .where('last_counter', '<', step)
      .executeTakeFirst();
    return used.numUpdatedRows > 0n;
  }

  async remove(userId: number): Promise<void> {
    await this.#db.deleteFrom('authenticators').where('user_id', '=', userId).execute();
  }

  #row(userId: number) {
    return this.#db.selectFrom('authenticators').selectAll().where('user_id', '=', userId).executeTakeFirst();
  }
}
