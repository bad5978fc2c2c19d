import {
  type ApiTokenFacts,
  longestApiTokenMs,
  type NewApiToken,
  type Role,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../database/tables.ts';
import type { Caller } from '../http/route.ts';
import { AppError } from '../problem.ts';
import { lesserRole, mayActAs } from './role-order.ts';
import { hashToken, newToken } from './tokens.ts';

type Person = Extract<Caller, { kind: 'person' }>;

const Sites = z.array(z.int()).nullable();
/** How exact "last used" is; each update is a write to disk. */
const touchMs = 60_000;
const mostOfOne = 50;

/** Who calls with a token: its person, with what the token may of what that person may now. */
export interface TokenCaller {
  readonly caller: Person;
  readonly readOnly: boolean;
}

/**
 * Tokens by which programs call for a person: never more than that person may, and less where the token says so. What a person may is
 * looked up at each call, so that a token is worth nothing once its person is disabled.
 */
export class ApiTokens {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(options: { db: Database; now: () => number }) {
    this.#db = options.db;
    this.#now = options.now;
  }

  /** The tokens of one person, or of all, without what they are. */
  async list(userId: number | null): Promise<ApiTokenFacts[]> {
    const rows = await this.#db
      .selectFrom('api_tokens as t')
      .innerJoin('users', 'users.id', 't.user_id')
      .selectAll('t')
      .select('users.name as owner')
      .$if(userId !== null, (query) => query.where('t.user_id', '=', userId ?? 0))
      .orderBy('t.id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      owner: { id: row.user_id, name: row.owner },
      role: row.role,
      sites: Sites.parse(JSON.parse(row.sites ?? 'null')),
      readOnly: row.read_only === 1,
      maySwitch: row.may_switch === 1,
      createdAt: row.created_at,
      endsAt: row.ends_at,
      lastUsedAt: row.last_used_at,
      lastUsedFrom: row.last_used_from,
    }));
  }

  /**
   * Makes a token, returned here and never again.
   * @throws AppError `invalid` naming the field that is more than its maker has; `conflict`: too many
   */
  async create(
    owner: Person & { userId: number },
    wanted: NewApiToken,
  ): Promise<{ id: number; token: string }> {
    const now = this.#now();
    const wrong = (path: string, message: string) => new AppError('invalid', message, [{ path, message }]);
    if (!mayActAs(owner.role, wanted.role))
      throw wrong('role', `The role can be ${owner.role} at most, as yours.`);
    if (wanted.maySwitch && (owner.maySwitch !== true || wanted.readOnly))
      throw wrong(
        'maySwitch',
        wanted.readOnly
          ? 'A token for reading only switches no outlets.'
          : 'Outlets can only be switched with tokens of somebody who may do so.',
      );
    if (wanted.endsAt <= now) throw wrong('endsAt', 'The end has to be in the future.');
    if (wanted.endsAt - now > longestApiTokenMs)
      throw wrong('endsAt', 'The end can be a year from now at most.');
    const known = await this.#db
      .selectFrom('sites')
      .select('id')
      .where('id', 'in', wanted.sites ?? [])
      .execute();
    const unknown = wanted.sites?.find(
      (id) => !known.some((site) => site.id === id) || (owner.sites !== null && !owner.sites.has(id)),
    );
    if (unknown !== undefined)
      throw wrong('sites', `There is no site ${unknown}, or your account is not for it.`);
    const token = newToken('rht');
    const id = await this.#db.transaction().execute(async (tx) => {
      const { count } = await tx
        .selectFrom('api_tokens')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where('user_id', '=', owner.userId)
        .executeTakeFirstOrThrow();
      if (Number(count) >= mostOfOne)
        throw new AppError(
          'conflict',
          `One person can have ${mostOfOne} tokens; end those that nobody uses.`,
        );
      const row = await tx
        .insertInto('api_tokens')
        .values({
          user_id: owner.userId,
          name: wanted.name,
          token_hash: hashToken(token),
          role: wanted.role,
          sites: wanted.sites === null ? null : JSON.stringify([...new Set(wanted.sites)]),
          read_only: wanted.readOnly ? 1 : 0,
          may_switch: wanted.maySwitch ? 1 : 0,
          created_at: now,
          ends_at: wanted.endsAt,
          last_used_at: null,
          last_used_from: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    });
    return { id, token };
  }

  /** Ends a token at once: one's own, or for `null` anybody's. @throws AppError `not-found` */
  async end(id: number, userId: number | null): Promise<{ id: number; name: string }> {
    const row = await this.#db
      .deleteFrom('api_tokens')
      .where('id', '=', id)
      .$if(userId !== null, (query) => query.where('user_id', '=', userId ?? 0))
      .returning(['id', 'name'])
      .executeTakeFirst();
    if (row === undefined) throw new AppError('not-found', `There is no token ${id}.`);
    return row;
  }

  /** Who calls with a token; null: it is none that lasts, or its person is disabled. Counts as use. */
  async authenticate(token: string, address: string | null): Promise<TokenCaller | null> {
    const row = await this.#db
      .selectFrom('api_tokens as t')
      .innerJoin('users', 'users.id', 't.user_id')
      .selectAll('t')
      .select(['users.name as owner', 'users.role as ownerRole', 'users.disabled', 'users.every_site'])
      .select('users.may_switch as owner_may_switch')
      .where('t.token_hash', '=', hashToken(token))
      .executeTakeFirst();
    const now = this.#now();
    if (row === undefined || row.disabled !== 0 || row.ends_at <= now) return null;
    if (now - (row.last_used_at ?? 0) >= touchMs || row.last_used_from !== address)
      await this.#db
        .updateTable('api_tokens')
        .set({ last_used_at: now, last_used_from: address })
        .where('id', '=', row.id)
        .execute();
    const own = Sites.parse(JSON.parse(row.sites ?? 'null'));
    const role: Role = lesserRole(row.role, row.ownerRole);
    return {
      readOnly: row.read_only === 1,
      caller: {
        kind: 'person',
        userId: row.user_id,
        name: row.owner,
        role,
        sites: await this.#sites(row.user_id, row.every_site === 1, own),
        ...(row.may_switch === 1 && row.owner_may_switch === 1 ? { maySwitch: true } : {}),
        token: { id: row.id, name: row.name },
      },
    };
  }

  /** Those of the token that its person may see. */
  async #sites(
    userId: number,
    every: boolean,
    own: readonly number[] | null,
  ): Promise<ReadonlySet<number> | null> {
    if (every) return own === null ? null : new Set(own);
    const rows = await this.#db
      .selectFrom('user_sites')
      .select('site_id')
      .where('user_id', '=', userId)
      .execute();
    const ofPerson = rows.map(({ site_id }) => site_id);
    return new Set(own === null ? ofPerson : ofPerson.filter((id) => own.includes(id)));
  }
}
