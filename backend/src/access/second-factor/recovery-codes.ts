import { randomInt } from 'node:crypto';
import type { Database } from '../../database/tables.ts';
import { hashToken } from '../tokens.ts';

const howMany = 10;
/** No 0/O, 1/I/L: they are read off paper. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
/** 118 bits: enough that a plain hash does not give them away (ASVS 5.0, 6.5.2). */
const length = 24;

/** Codes on paper for the day on which the telephone is lost: each counts once. */
export class RecoveryCodes {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(options: { db: Database; now: () => number }) {
    this.#db = options.db;
    this.#now = options.now;
  }

  /** Makes new ones, to be shown this once; those that were there are worth nothing any more. */
  async renew(userId: number): Promise<string[]> {
    const codes = Array.from({ length: howMany }, newCode);
    await this.#db.transaction().execute(async (tx) => {
      await tx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
      await tx
        .insertInto('recovery_codes')
        .values(codes.map((code) => ({ user_id: userId, code_hash: hashOf(code), used_at: null })))
        .execute();
    });
    return codes;
  }

  async left(userId: number): Promise<number> {
    const rows = await this.#db
      .selectFrom('recovery_codes')
      .select('code_hash')
      .where('user_id', '=', userId)
      .where('used_at', 'is', null)
      .execute();
    return rows.length;
  }

  /** Whether it was one of theirs that had not been used. */
  async use(userId: number, code: string): Promise<boolean> {
    const used = await this.#db
      .updateTable('recovery_codes')
      .set({ used_at: this.#now() })
      .where('user_id', '=', userId)
      .where('code_hash', '=', hashOf(code))
      .where('used_at', 'is', null)
      .executeTakeFirst();
    return used.numUpdatedRows > 0n;
  }

  async remove(userId: number): Promise<void> {
    await this.#db.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
  }
}

function newCode(): string {
  const characters = Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length)));
  return characters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

function hashOf(code: string): string {
  return hashToken(code.toUpperCase().replaceAll(/[^0-9A-Z]/g, ''));
}
