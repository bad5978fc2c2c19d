import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Database } from '../database/tables.ts';
import type { AgentKeys } from './agent-keys.ts';
import type { Agents } from './agents.ts';
import { writePrivateFile } from './private-file.ts';
import { hashToken } from './tokens.ts';

/** The name of the agent that runs beside the backend. */
const localAgentName = 'local';
const lookMs = 3_600_000;

/**
 * The agent of this machine: it joins without anybody's doing, by a file that both can read. Its key is renewed here, because the
 * file is this server's; the agent looks into it before each question.
 */
export class LocalAgent {
  readonly #db: Database;
  readonly #agents: Agents;
  readonly #keys: AgentKeys;
  #timer: NodeJS.Timeout | undefined;
  #stopListening: (() => void) | undefined;

  constructor(options: { db: Database; agents: Agents; keys: AgentKeys }) {
    this.#db = options.db;
    this.#agents = options.agents;
    this.#keys = options.keys;
  }

  /**
   * Makes sure that the agent finds its key in `file`. One that an administrator has revoked stays so: to have it again, delete
   * the file.
   * @returns whether the file holds a valid key.
   */
  async ensure(file: string): Promise<boolean> {
    if (existsSync(file) && (await this.#holds((await readFile(file, 'utf8')).trim()))) return true;
    const id = await this.id();
    if (id === null && existsSync(file)) return false;
    await this.#write(file, id ?? (await this.#agents.add(this.#db, localAgentName)));
    this.#agents.changed();
    return true;
  }

  /** Begins to renew the key when it is time, and when an administrator wishes it. `onError` gets what goes wrong there. */
  start(file: string, onError: (error: unknown) => void): void {
    const look = () => {
      this.renewWhenDue(file).catch(onError);
    };
    this.#timer = setInterval(look, lookMs);
    this.#stopListening = this.#agents.onChange(look);
    look();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#stopListening?.();
  }

  /** Puts a new key into the file when it is time; the old one holds until the agent has used the new one. */
  async renewWhenDue(file: string): Promise<void> {
    const id = await this.id();
    if (id !== null && (await this.#keys.isDue(id))) await this.#write(file, id);
  }

  /** Whether an agent shall take a new key itself. This one finds it in its file. */
  async isDue(agentId: number): Promise<boolean> {
    return agentId !== (await this.id()) && (await this.#keys.isDue(agentId));
  }

  /** Its number; null while there is none. */
  async id(): Promise<number | null> {
    const row = await this.#db
      .selectFrom('agents')
      .select('id')
      .where('name_key', '=', localAgentName)
      .executeTakeFirst();
    return row?.id ?? null;
  }

  /** Known before it is in the file: where this ends in between, the file holds the one before, which is good. */
  async #write(file: string, id: number): Promise<void> {
    const key = `rha_${randomBytes(32).toString('base64url')}`;
    await this.#db.transaction().execute((tx) => this.#keys.announce(tx, id, key));
    await writePrivateFile(file, `${key}\n`);
  }

  /** Looked up, not used: the first use is the agent's. */
  async #holds(key: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('agent_keys')
      .select('replaced_at')
      .where('key_hash', '=', hashToken(key))
      .executeTakeFirst();
    return row !== undefined && row.replaced_at === null;
  }
}
