import type { AccountSource, GivenRole, NewUser, Problem, UserChange } from '@rackhaus/config/contract';
import type { z } from 'zod';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { hasLocalAdministrator, lastAdministrator } from './last-administrator.ts';
import { listUsers } from './list-users.ts';
import type { Passwords } from './passwords.ts';
import type { Sessions } from './sessions.ts';
import { nameKey } from './tokens.ts';
import { setSites, sitesOf } from './user-sites.ts';

/** An account as signing in looks at it. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly role: GivenRole;
  readonly source: AccountSource;
  readonly hasPassword: boolean;
}

/** Left out or null: all sites. */
type SiteIds = readonly number[] | null | undefined;

/** What somebody has to be taken out of before they are gone, such as rotas; asked within the transaction. */
export type StandsIn = (tx: Database, userId: number) => Promise<NonNullable<Problem['blocking']>>;

/** People who may sign in. */
export class Users {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #passwords: Passwords;
  readonly #sessions: Sessions;
  readonly #locked = new Set<(userId: number) => void>();

  constructor(options: { db: Database; now: () => number; passwords: Passwords; sessions: Sessions }) {
    this.#db = options.db;
    this.#now = options.now;
    this.#passwords = options.passwords;
    this.#sessions = options.sessions;
  }

  /** Calls `listener` when an account is disabled or removed, or its password is changed: what was begun with it ends. */
  onLocked(listener: (userId: number) => void): void {
    this.#locked.add(listener);
  }

  /** Everybody, by name. */
  list() {
    return listUsers(this.#db);
  }

  /** Nobody can sign in yet. */
  async none(): Promise<boolean> {
    return (await this.#db.selectFrom('users').select('id').limit(1).executeTakeFirst()) === undefined;
  }

  /** @throws AppError `conflict` when there is somebody of that name. */
  async create(user: z.output<typeof NewUser>): Promise<number> {
    const hash = await this.#passwords.hash(user.password);
    return this.#db.transaction().execute((tx) => this.#insert(tx, { ...user, hash, source: 'local' }));
  }

  /**
   * Makes an account that has no password here: for somebody who is invited, or who signs in elsewhere.
   * @throws AppError `conflict` when there is somebody of that name.
   */
  async createWithoutPassword(
    user: { name: string; role: GivenRole; source: AccountSource; siteIds?: SiteIds },
    db?: Database,
  ): Promise<number> {
    const make = (tx: Database) => this.#insert(tx, { ...user, hash: '' });
    return db === undefined ? this.#db.transaction().execute(make) : make(db);
  }

  /** The administrator of a new installation. @throws AppError `conflict` when anybody exists already. */
  async createFirst(user: { name: string; password: string }): Promise<number> {
    const hash = await this.#passwords.hash(user.password);
    return this.#db.transaction().execute(async (tx) => {
      const anybody = await tx.selectFrom('users').select('id').limit(1).executeTakeFirst();
      if (anybody !== undefined) throw new AppError('conflict', 'The first administrator exists already.');
      return this.#insert(tx, { ...user, role: 'administrator', hash, source: 'local' });
    });
  }

  /**
   * Changes a person; whoever is signed in under that name is signed out.
   * @throws AppError `not-found`; `conflict` when no administrator would be left who can sign in here, or the password is elsewhere.
   */
  async change(id: number, change: z.output<typeof UserChange>): Promise<void> {
    const hash = change.password === undefined ? undefined : await this.#passwords.hash(change.password);
    const ended = await this.#db.transaction().execute(async (tx) => {
      const before = await tx.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
      if (before === undefined) throw new AppError('not-found', `There is no user ${id}.`);
      if (hash !== undefined && before.source !== 'local')
        throw new AppError('conflict', `${before.name} has no password here but signs in elsewhere.`);
      const role = change.role ?? before.role;
      const sitesBefore = before.every_site === 1 ? null : await sitesOf(tx, id);
      // Who runs everything is not limited.
      const sites =
        role === 'administrator' ? null : change.siteIds === undefined ? sitesBefore : change.siteIds;
      const after = {
        role,
        disabled: change.disabled === undefined ? before.disabled : Number(change.disabled),
        password_hash: hash ?? before.password_hash,
        every_site: sites === null ? 1 : 0,
      };
      const hadAdministrator = await hasLocalAdministrator(tx);
      await tx.updateTable('users').set(after).where('id', '=', id).execute();
      if (hadAdministrator && !(await hasLocalAdministrator(tx))) throw lastAdministrator();
      const sameSites = String(sites?.toSorted()) === String(sitesBefore?.toSorted());
      if (!sameSites) await setSites(tx, id, sites);
      if (after.disabled === 1) await tx.deleteFrom('account_links').where('user_id', '=', id).execute();
      const same =
        sameSites && role === before.role && after.disabled === before.disabled && hash === undefined;
      return same ? [] : this.#sessions.deleteOf(tx, { userId: id });
    });
    if (change.disabled === true || hash !== undefined) this.#tellLocked(id);
    this.#sessions.announceEnded(ended);
  }

  /** Gives somebody the right to switch outlets, or takes it. It counts from their next click on. @throws AppError `not-found` */
  async setMaySwitch(id: number, maySwitch: boolean): Promise<void> {
    const { numUpdatedRows } = await this.#db
      .updateTable('users')
      .set({ may_switch: maySwitch ? 1 : 0 })
      .where('id', '=', id)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new AppError('not-found', `There is no user ${id}.`);
  }

  /**
   * Removes a person for good, with all that hangs on the account: sessions, factors, tokens, channels, links. What they have done
   * keeps their name.
   * @throws AppError `not-found`; `conflict` when no administrator would be left who can sign in here, or somebody counts on them.
   */
  async remove(id: number, standsIn: StandsIn): Promise<void> {
    const ended = await this.#db.transaction().execute(async (tx) => {
      const blocking = await standsIn(tx, id);
      if (blocking.length > 0)
        throw new AppError(
          'conflict',
          `This person is still counted on: ${blocking.map(({ name }) => name).join(', ')}. Put somebody else there first.`,
          undefined,
          { reason: 'still-in-plans', blocking },
        );
      const hadAdministrator = await hasLocalAdministrator(tx);
      const keys = await this.#sessions.deleteOf(tx, { userId: id });
      // All else that belongs to the account goes by its foreign keys.
      const deleted = await tx.deleteFrom('users').where('id', '=', id).executeTakeFirst();
      if (deleted.numDeletedRows === 0n) throw new AppError('not-found', `There is no user ${id}.`);
      if (hadAdministrator && !(await hasLocalAdministrator(tx))) throw lastAdministrator();
      return keys;
    });
    this.#tellLocked(id);
    this.#sessions.announceEnded(ended);
  }

  /** Sets somebody's own new password. Their other sessions end; the one that is named stays. */
  async setPassword(id: number, password: string, keepSession: number | null): Promise<void> {
    const hash = await this.#passwords.hash(password);
    await this.#db.transaction().execute(async (tx) => {
      await tx.updateTable('users').set({ password_hash: hash }).where('id', '=', id).execute();
      await tx.deleteFrom('account_links').where('user_id', '=', id).execute();
    });
    this.#tellLocked(id);
    await this.#sessions.endAll(id, keepSession);
  }

  /**
   * The id of the person that this name and password belong to; null when they do not, the account is disabled, or has no password
   * here. All of them cost the same time.
   */
  async authenticate(name: string, password: string): Promise<number | null> {
    const user = await this.#db
      .selectFrom('users')
      .select(['id', 'password_hash', 'disabled'])
      .where('name_key', '=', nameKey(name))
      .executeTakeFirst();
    const right = await this.#verify(user, password);
    return right && user?.disabled === 0 ? user.id : null;
  }

  /** Whether this is the password of somebody who is known already. */
  async isPasswordOf(id: number, password: string): Promise<boolean> {
    const user = await this.#db
      .selectFrom('users')
      .select(['id', 'password_hash', 'disabled'])
      .where('id', '=', id)
      .executeTakeFirst();
    return this.#verify(user, password);
  }

  /** @throws AppError `unauthenticated` when this account may not sign in (any more) */
  async mustBeEnabled(id: number): Promise<Person> {
    const person = await this.find(id);
    if (person === null) throw new AppError('unauthenticated', 'This account may not sign in.');
    return person;
  }

  /** null when there is no such account, or it is disabled. */
  async find(id: number): Promise<Person | null> {
    const row = await this.#db
      .selectFrom('users')
      .select(['id', 'name', 'role', 'source', 'password_hash', 'disabled'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined || row.disabled !== 0 || row.role === 'kiosk') return null;
    const { password_hash, disabled: _, role, ...rest } = row;
    return { ...rest, role, hasPassword: password_hash !== '' };
  }

  /** @throws AppError `not-found` */
  async nameOf(id: number): Promise<string> {
    const row = await this.#db.selectFrom('users').select('name').where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new AppError('not-found', `There is no user ${id}.`);
    return row.name;
  }

  /** Whose name this is, as the account writes it; null: nobody's. */
  async named(name: string): Promise<{ id: number; name: string } | null> {
    const row = await this.#db
      .selectFrom('users')
      .select(['id', 'name'])
      .where('name_key', '=', nameKey(name))
      .executeTakeFirst();
    return row ?? null;
  }

  async hasSignedIn(id: number): Promise<void> {
    await this.#db.updateTable('users').set({ last_sign_in_at: this.#now() }).where('id', '=', id).execute();
  }

  #tellLocked(id: number): void {
    for (const listener of this.#locked) listener(id);
  }

  /** Keeps up with what hashing should cost, while the password is at hand. */
  async #verify(user: { id: number; password_hash: string } | undefined, password: string): Promise<boolean> {
    const hash = user?.password_hash === '' ? undefined : user?.password_hash;
    const right = await this.#passwords.verify(password, hash);
    if (right && user !== undefined && hash !== undefined && this.#passwords.isOutdated(hash))
      await this.#db
        .updateTable('users')
        .set({ password_hash: await this.#passwords.hash(password) })
        .where('id', '=', user.id)
        .where('password_hash', '=', hash)
        .execute();
    return right;
  }

  async #insert(
    tx: Database,
    user: { name: string; role: GivenRole; hash: string; source: AccountSource; siteIds?: SiteIds },
  ): Promise<number> {
    const sites = user.role === 'administrator' ? null : (user.siteIds ?? null);
    const row = await tx
      .insertInto('users')
      .values({
        name: user.name,
        name_key: nameKey(user.name),
        password_hash: user.hash,
        role: user.role,
        disabled: 0,
        created_at: this.#now(),
        source: user.source,
        every_site: sites === null ? 1 : 0,
      })
      .onConflict((conflict) => conflict.column('name_key').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) throw new AppError('conflict', `There is a user "${user.name}" already.`);
    if (sites !== null) await setSites(tx, row.id, sites);
    return row.id;
  }
}
