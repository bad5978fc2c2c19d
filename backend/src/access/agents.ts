import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { writePrivateFile } from './private-file.ts';
import { hashToken, nameKey, newToken } from './tokens.ts';

export interface Agent {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
}

/** The name of the agent that runs beside the backend. */
const localAgentName = 'local';

/** The agents that may deliver readings, each with a token of its own. */
export class Agents {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();

  constructor(options: { db: Database; now: () => number }) {
    this.#db = options.db;
    this.#now = options.now;
  }

  /** Calls `listener` after agents were added or revoked. Returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async list(): Promise<Agent[]> {
    return this.#db
      .selectFrom('agents')
      .select(['id', 'name', 'created_at as createdAt'])
      .orderBy('id')
      .execute();
  }

  /** The token is returned here and never again. @throws AppError `conflict` when there is one of that name. */
  async create(name: string): Promise<{ id: number; token: string }> {
    const token = newToken('rha');
    const row = await this.#db
      .insertInto('agents')
      .values({ name, name_key: nameKey(name), token_hash: hashToken(token), created_at: this.#now() })
      .onConflict((conflict) => conflict.column('name_key').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) throw new AppError('conflict', `There is an agent "${name}" already.`);
    this.#changed();
    return { id: row.id, token };
  }

  /** From now on its token is refused. @throws AppError `not-found` */
  async revoke(id: number): Promise<void> {
    const result = await this.#db.deleteFrom('agents').where('id', '=', id).executeTakeFirst();
    if (result.numDeletedRows === 0n) throw new AppError('not-found', `There is no agent ${id}.`);
    this.#changed();
  }

  /** The agent that a token belongs to. */
  async authenticate(token: string): Promise<{ id: number; name: string } | null> {
    const row = await this.#db
      .selectFrom('agents')
      .select(['id', 'name'])
      .where('token_hash', '=', hashToken(token))
      .executeTakeFirst();
    return row ?? null;
  }

  /**
   * Makes sure that the agent of this machine finds its token in `file`. One that an administrator has revoked stays so:
   * to have it again, delete the file.
   * @returns whether the file holds a valid token.
   */
  async ensureLocal(file: string): Promise<boolean> {
    if (existsSync(file) && (await this.authenticate((await readFile(file, 'utf8')).trim())) !== null)
      return true;
    const known = await this.#db
      .selectFrom('agents')
      .select('id')
      .where('name_key', '=', localAgentName)
      .executeTakeFirst();
    if (known === undefined) {
      if (existsSync(file)) return false;
      const { token } = await this.create(localAgentName);
      await writePrivateFile(file, `${token}\n`);
    } else {
      const token = newToken('rha');
      await this.#db
        .updateTable('agents')
        .set({ token_hash: hashToken(token) })
        .where('id', '=', known.id)
        .execute();
      await writePrivateFile(file, `${token}\n`);
    }
    return true;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
