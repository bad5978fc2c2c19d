import { type Role, SecondFactorPolicy } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';

const key = 'second-factor';
const dayMs = 24 * 3_600_000;
/** A new installation has more urgent work on its first day. */
const graceMs = 7 * dayMs;

const Stored = z.strictObject({ policy: SecondFactorPolicy, dueAt: z.number().nullable() });
export type Policy = z.infer<typeof Stored>;

/** Who has to have a second factor, and from when on. What holds until somebody sets something else: administrators. */
export class SecondFactorRule {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(options: { db: Database; now: () => number }) {
    this.#db = options.db;
    this.#now = options.now;
  }

  /** The time of grace of a new installation begins when its first administrator is made, and of an older one when it learns of this. */
  async read(): Promise<Policy> {
    const known = await this.#stored();
    if (known !== null) return known;
    const people = await this.#db.selectFrom('users').select('id').limit(1).executeTakeFirst();
    if (people === undefined) return { policy: 'administrators', dueAt: null };
    const first: Policy = { policy: 'administrators', dueAt: this.#now() + graceMs };
    await this.#db
      .insertInto('security_settings')
      .values({ key, value: JSON.stringify(first), updated_at: this.#now(), updated_by: null })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute();
    return (await this.#stored()) ?? first;
  }

  /** Holds from the next sign-in on. A time of grace that is running goes on. */
  async set(policy: SecondFactorPolicy, by: string | null): Promise<Policy> {
    const { dueAt } = await this.read();
    const now = this.#now();
    const next: Policy = { policy, dueAt: dueAt !== null && dueAt > now ? dueAt : null };
    const row = { value: JSON.stringify(next), updated_at: now, updated_by: by };
    await this.#db
      .insertInto('security_settings')
      .values({ key, ...row })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
      .execute();
    return next;
  }

  /** Whether somebody of this role has to have one: not at all, from a time on, or now. */
  async need(role: Role): Promise<{ needed: false } | { needed: true; dueAt: number | null }> {
    const { policy, dueAt } = await this.read();
    if (!isNeeded(policy, role)) return { needed: false };
    return { needed: true, dueAt: dueAt !== null && dueAt > this.#now() ? dueAt : null };
  }

  async #stored(): Promise<Policy | null> {
    const row = await this.#db
      .selectFrom('security_settings')
      .select('value')
      .where('key', '=', key)
      .executeTakeFirst();
    return row === undefined ? null : Stored.parse(JSON.parse(row.value));
  }
}

export function isNeeded(policy: SecondFactorPolicy, role: Role): boolean {
  if (role === 'kiosk' || policy === 'nobody') return false;
  return policy === 'everybody' || role === 'administrator';
}
