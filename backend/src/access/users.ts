import type { NewUser, UserChange, UserList } from '@rackhaus/config/contract';
import type { z } from 'zod';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import type { Passwords } from './passwords.ts';
import type { Sessions } from './sessions.ts';
import { nameKey } from './tokens.ts';

/** People who may sign in. */
export class Users {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #passwords: Passwords;
  readonly #sessions: Sessions;

  constructor(options: { db: Database; now: () => number; passwords: Passwords; sessions: Sessions }) {
    this.#db = options.db;
    this.#now = options.now;
    this.#passwords = options.passwords;
    this.#sessions = options.sessions;
  }

  async list(): Promise<z.input<typeof UserList>> {
    const rows = await this.#db
      .selectFrom('users')
      .select(['id', 'name', 'role', 'disabled', 'created_at as createdAt'])
      .orderBy('name_key')
      .execute();
    return { users: rows.map((row) => ({ ...row, disabled: row.disabled !== 0 })) };
  }

  /** Nobody can sign in yet. */
  async none(): Promise<boolean> {
    return (await this.#db.selectFrom('users').select('id').limit(1).executeTakeFirst()) === undefined;
  }

  /** @throws AppError `conflict` when there is somebody of that name. */
  async create(user: z.output<typeof NewUser>): Promise<number> {
    return this.#insert(this.#db, user, await this.#passwords.hash(user.password));
  }

  /** The administrator of a new installation. @throws AppError `conflict` when anybody exists already. */
  async createFirst(user: { name: string; password: string }): Promise<number> {
    const hash = await this.#passwords.hash(user.password);
    return this.#db.transaction().execute(async (tx) => {
      const anybody = await tx.selectFrom('users').select('id').limit(1).executeTakeFirst();
      if (anybody !== undefined) throw new AppError('conflict', 'The first administrator exists already.');
      return this.#insert(tx, { ...user, role: 'administrator' }, hash);
    });
  }

  /**
   * Changes a person; whoever is signed in under that name is signed out.
   * @throws AppError `not-found`; `conflict` when no administrator would be left.
   */
  async change(id: number, change: z.output<typeof UserChange>): Promise<void> {
    const hash = change.password === undefined ? undefined : await this.#passwords.hash(change.password);
    const ended = await this.#db.transaction().execute(async (tx) => {
      const before = await tx.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
      if (before === undefined) throw new AppError('not-found', `There is no user ${id}.`);
      const after = {
        role: change.role ?? before.role,
        disabled: change.disabled === undefined ? before.disabled : Number(change.disabled),
        password_hash: hash ?? before.password_hash,
      };
      await tx.updateTable('users').set(after).where('id', '=', id).execute();
      const administrator = await tx
        .selectFrom('users')
        .select('id')
        .where('role', '=', 'administrator')
        .where('disabled', '=', 0)
        .limit(1)
        .executeTakeFirst();
      if (administrator === undefined)
        throw new AppError('conflict', 'This is the last administrator: somebody has to be able to sign in.');
      const same = after.role === before.role && after.disabled === before.disabled && hash === undefined;
      return same ? [] : this.#sessions.deleteOf(tx, { userId: id });
    });
    this.#sessions.announceEnded(ended);
  }

  /** The id of the person that this name and password belong to; null when they do not, or the account is disabled. */
  async authenticate(name: string, password: string): Promise<number | null> {
    const user = await this.#db
      .selectFrom('users')
      .select(['id', 'password_hash', 'disabled'])
      .where('name_key', '=', nameKey(name))
      .executeTakeFirst();
    const right = await this.#passwords.verify(password, user?.password_hash);
    return right && user?.disabled === 0 ? user.id : null;
  }

  async #insert(
    db: Database,
    user: Omit<z.output<typeof NewUser>, 'password'>,
    hash: string,
  ): Promise<number> {
    const row = await db
      .insertInto('users')
      .values({
        name: user.name,
        name_key: nameKey(user.name),
        password_hash: hash,
        role: user.role,
        disabled: 0,
        created_at: this.#now(),
      })
      .onConflict((conflict) => conflict.column('name_key').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) throw new AppError('conflict', `There is a user "${user.name}" already.`);
    return row.id;
  }
}
