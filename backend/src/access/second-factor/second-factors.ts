import type { SecondFactorAnswer, SecondFactorKind } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import type { Authenticators } from './authenticators.ts';
import type { Passkeys } from './passkeys.ts';
import type { RecoveryCodes } from './recovery-codes.ts';
import type { PasskeySite } from './webauthn.ts';

/** What people have besides their password. */
export class SecondFactors {
  readonly authenticators: Authenticators;
  readonly passkeys: Passkeys;
  readonly recoveryCodes: RecoveryCodes;
  readonly #db: Database;

  constructor(options: {
    db: Database;
    authenticators: Authenticators;
    passkeys: Passkeys;
    recoveryCodes: RecoveryCodes;
  }) {
    this.#db = options.db;
    this.authenticators = options.authenticators;
    this.passkeys = options.passkeys;
    this.recoveryCodes = options.recoveryCodes;
  }

  /** By what this person can take the second step; none: they have no second factor. */
  async of(userId: number): Promise<SecondFactorKind[]> {
    const [totp, passkeys, codes] = await Promise.all([
      this.authenticators.since(userId),
      this.passkeys.list(userId),
      this.recoveryCodes.left(userId),
    ]);
    const kinds: SecondFactorKind[] = [];
    if (passkeys.length > 0) kinds.push('passkey');
    if (totp !== null) kinds.push('totp');
    if (kinds.length > 0 && codes > 0) kinds.push('recovery-code');
    return kinds;
  }

  /** Everybody who has one. */
  async holders(): Promise<ReadonlySet<number>> {
    const rows = await this.#db
      .selectFrom('passkeys')
      .select('user_id')
      .union(this.#db.selectFrom('authenticators').select('user_id').where('sealed', 'is not', null))
      .execute();
    return new Set(rows.map(({ user_id }) => user_id));
  }

  /** Which factor the answer is a right one of; null: none. */
  async check(
    userId: number,
    answer: SecondFactorAnswer,
    site: PasskeySite,
  ): Promise<SecondFactorKind | null> {
    if ('code' in answer) return (await this.authenticators.use(userId, answer.code)) ? 'totp' : null;
    if ('recoveryCode' in answer)
      return (await this.recoveryCodes.use(userId, answer.recoveryCode)) ? 'recovery-code' : null;
    await this.passkeys.use('second-factor', userId, answer.passkey, site);
    return 'passkey';
  }

  /** New recovery codes for somebody who has just got a second factor; null when there are some already. */
  async firstRecoveryCodes(userId: number): Promise<string[] | null> {
    return (await this.recoveryCodes.left(userId)) > 0 ? null : this.recoveryCodes.renew(userId);
  }

  /** Recovery codes stand for a factor: without one they are worth nothing. */
  async tidy(userId: number): Promise<void> {
    if ((await this.of(userId)).length === 0) await this.recoveryCodes.remove(userId);
  }

  /** For somebody who has lost theirs. */
  async removeAll(userId: number): Promise<void> {
    await this.authenticators.remove(userId);
    await this.passkeys.removeAll(userId);
    await this.recoveryCodes.remove(userId);
  }
}
