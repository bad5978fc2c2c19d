import { randomBytes } from 'node:crypto';
import type { PasskeyMade, PasskeyUsed } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import type { ChallengePurpose, Challenges } from './challenges.ts';
import {
  type KnownPasskey,
  madePasskey,
  optionsToMake,
  optionsToUse,
  type PasskeySite,
  usedPasskey,
} from './webauthn.ts';

const mostPerPerson = 20;

/** The passkeys of people: keys in their devices that never leave them. */
export class Passkeys {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #challenges: Challenges;

  constructor(options: { db: Database; now: () => number; challenges: Challenges }) {
    this.#db = options.db;
    this.#now = options.now;
    this.#challenges = options.challenges;
  }

  async list(
    userId: number,
  ): Promise<{ id: number; name: string; createdAt: number; lastUsedAt: number | null }[]> {
    return this.#db
      .selectFrom('passkeys')
      .select(['id', 'name', 'created_at as createdAt', 'last_used_at as lastUsedAt'])
      .where('user_id', '=', userId)
      .orderBy('id')
      .execute();
  }

  /** For the browser's dialog. @throws AppError `conflict` when there are very many */
  async optionsToMake(
    user: { id: number; name: string },
    site: PasskeySite,
  ): Promise<Record<string, unknown>> {
    const known = await this.#known(user.id);
    if (known.length >= mostPerPerson)
      throw new AppError('conflict', `There are ${mostPerPerson} passkeys already. Please remove one first.`);
    return optionsToMake({
      site,
      challenge: this.#challenges.give('make', user.id),
      user: { handle: await this.#handleOf(user.id), name: user.name },
      known,
    });
  }

  /** @throws AppError `invalid` when it was not made for this person and moment, `conflict` when it is known already */
  async add(userId: number, name: string, sent: PasskeyMade, site: PasskeySite): Promise<number> {
    const made = await madePasskey(sent, site, (challenge) =>
      this.#challenges.take(challenge, 'make', userId),
    );
    const row = await this.#db
      .insertInto('passkeys')
      .values({
        user_id: userId,
        credential_id: made.credentialId,
        public_key: made.publicKey,
        counter: made.counter,
        transports: made.transports.join(','),
        name,
        created_at: this.#now(),
        last_used_at: null,
      })
      .onConflict((conflict) => conflict.column('credential_id').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) throw new AppError('conflict', 'This passkey is known already.');
    return row.id;
  }

  /** @throws AppError `not-found` */
  async rename(userId: number, id: number, name: string): Promise<void> {
    const done = await this.#db
      .updateTable('passkeys')
      .set({ name })
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    if (done.numUpdatedRows === 0n) throw new AppError('not-found', `There is no passkey ${id}.`);
  }

  /** @throws AppError `not-found` */
  async remove(userId: number, id: number): Promise<void> {
    const done = await this.#db
      .deleteFrom('passkeys')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    if (done.numDeletedRows === 0n) throw new AppError('not-found', `There is no passkey ${id}.`);
  }

  async removeAll(userId: number): Promise<void> {
    await this.#db.deleteFrom('passkeys').where('user_id', '=', userId).execute();
  }

  /** For the browser's dialog. `userId` null: whoever holds one of this site, which then has to check who that is. */
  async optionsToUse(
    purpose: Exclude<ChallengePurpose, 'make'>,
    userId: number | null,
    site: PasskeySite,
  ): Promise<Record<string, unknown>> {
    return optionsToUse({
      site,
      challenge: this.#challenges.give(purpose, userId),
      known: userId === null ? [] : await this.#known(userId),
      verified: userId === null,
    });
  }

  /**
   * Whose passkey was used. With `userId` null its device has to have checked who holds it.
   * @throws AppError `invalid` when it is not known, or was not used for this
   */
  async use(
    purpose: Exclude<ChallengePurpose, 'make'>,
    userId: number | null,
    sent: PasskeyUsed,
    site: PasskeySite,
  ): Promise<{ userId: number; verified: boolean }> {
    const row = await this.#db
      .selectFrom('passkeys')
      .selectAll()
      .where('credential_id', '=', sent.id)
      .executeTakeFirst();
    if (row === undefined || (userId !== null && row.user_id !== userId))
      throw new AppError('invalid', 'This passkey is not known here.', undefined, {
        reason: 'passkey-refused',
      });
    const used = await usedPasskey(
      sent,
      known(row),
      site,
      (challenge) => this.#challenges.take(challenge, purpose, userId),
      userId === null,
    );
    await this.#db
      .updateTable('passkeys')
      .set({ counter: used.counter, last_used_at: this.#now() })
      .where('id', '=', row.id)
      .execute();
    return { userId: row.user_id, verified: used.verified };
  }

  async #known(userId: number): Promise<KnownPasskey[]> {
    const rows = await this.#db.selectFrom('passkeys').selectAll().where('user_id', '=', userId).execute();
    return rows.map(known);
  }

  async #handleOf(userId: number): Promise<string> {
    await this.#db
      .updateTable('users')
      .set({ passkey_handle: randomBytes(32).toString('base64url') })
      .where('id', '=', userId)
      .where('passkey_handle', 'is', null)
      .execute();
    const { passkey_handle } = await this.#db
      .selectFrom('users')
      .select('passkey_handle')
      .where('id', '=', userId)
      .executeTakeFirstOrThrow();
    return passkey_handle ?? '';
  }
}

function known(row: {
  credential_id: string;
  public_key: string;
  counter: number;
  transports: string;
}): KnownPasskey {
  return {
    credentialId: row.credential_id,
    publicKey: row.public_key,
    counter: row.counter,
    transports: row.transports.split(',').filter((each) => each !== ''),
  };
}
