import { randomUUID } from 'node:crypto';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import type { AgentKeys, KnownAgent } from './agent-keys.ts';
import type { Enrolment } from './enrolment.ts';
import { deleteAgent, forgetRevoked, restoreAgent } from './revoked-agents.ts';
import { nameKey } from './tokens.ts';

export interface Agent {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  /** The sites whose devices it polls. */
  readonly siteIds: readonly number[];
  /** Who takes over its devices while it is silent; null: nobody. */
  readonly standbyAgentId: number | null;
}

/** The agents that may deliver readings, each with a key of its own. */
export class Agents {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #keys: AgentKeys;
  readonly #enrolment: Enrolment;
  readonly #listeners = new Set<() => void>();
  readonly #revoked = new Set<number>();

  constructor(options: { db: Database; now: () => number; keys: AgentKeys; enrolment: Enrolment }) {
    this.#db = options.db;
    this.#now = options.now;
    this.#keys = options.keys;
    this.#enrolment = options.enrolment;
  }

  /** Calls `listener` after agents were added or revoked. Returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async list(): Promise<Agent[]> {
    const agents = await this.#db
      .selectFrom('agents')
      .select(['id', 'name', 'created_at as createdAt', 'standby_agent_id as standbyAgentId'])
      .orderBy('id')
      .execute();
    const sites = await this.#db
      .selectFrom('agent_sites')
      .innerJoin('sites', 'sites.id', 'agent_sites.site_id')
      .select(['agent_sites.agent_id', 'agent_sites.site_id'])
      .orderBy('sites.id')
      .execute();
    return agents.map((agent) => ({
      ...agent,
      siteIds: sites.filter(({ agent_id }) => agent_id === agent.id).map(({ site_id }) => site_id),
    }));
  }

  /** An agent that has yet to join. @throws AppError `conflict` when there is one of that name. */
  async add(db: Database, name: string): Promise<number> {
    const row = await db
      .insertInto('agents')
      .values({ name, name_key: nameKey(name), token_hash: randomUUID(), created_at: this.#now() })
      .onConflict((conflict) => conflict.column('name_key').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) throw new AppError('conflict', `There is an agent "${name}" already.`);
    return row.id;
  }

  /**
   * Makes an agent and the token by which it joins, returned here and never again.
   * @throws AppError `conflict` when there is one of that name
   */
  async create(name: string): Promise<{ id: number; token: string; validUntil: number }> {
    const made = await this.#db.transaction().execute(async (tx) => {
      const id = await this.add(tx, name);
      return { id, ...(await this.#enrolment.open(tx, id)) };
    });
    this.changed();
    return made;
  }

  /** A new token for an agent to join again; the key that it has holds until the new one is used. @throws AppError `not-found` */
  async reconnect(id: number): Promise<{ id: number; name: string; token: string; validUntil: number }> {
    const { name } = await this.get(id);
    return { id, name, ...(await this.#enrolment.open(this.#db, id)) };
  }

  /** Has it take a new key when it asks next. @throws AppError `not-found` */
  async renewKey(id: number): Promise<KnownAgent> {
    const agent = await this.get(id);
    await this.#db.updateTable('agents').set({ renew_key: 1 }).where('id', '=', id).execute();
    this.changed();
    return agent;
  }

  /** @throws AppError `not-found` */
  async get(id: number): Promise<KnownAgent> {
    const agent = await this.#db
      .selectFrom('agents')
      .select(['id', 'name'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (agent === undefined) throw new AppError('not-found', `There is no agent ${id}.`);
    return agent;
  }

  /**
   * Says which sites' devices an agent polls, and who takes over when it is silent. What is left out stays. All or nothing.
   * @throws AppError `not-found`; `invalid` naming the site or agent that there is not; `conflict`: the site has another agent
   */
  async change(
    id: number,
    change: { siteIds?: readonly number[] | undefined; standbyAgentId?: number | null | undefined },
  ): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      const known = await tx.selectFrom('agents').select('id').where('id', '=', id).executeTakeFirst();
      if (known === undefined) throw new AppError('not-found', `There is no agent ${id}.`);
      if (change.standbyAgentId !== undefined) {
        await standbyMustFit(tx, id, change.standbyAgentId);
        await tx
          .updateTable('agents')
          .set({ standby_agent_id: change.standbyAgentId })
          .where('id', '=', id)
          .execute();
      }
      if (change.siteIds !== undefined) {
        const siteIds = [...new Set(change.siteIds)];
        await tx.deleteFrom('agent_sites').where('agent_id', '=', id).execute();
        for (const siteId of siteIds) {
          await siteMustBeFree(tx, siteId);
          await tx.insertInto('agent_sites').values({ site_id: siteId, agent_id: id }).execute();
        }
      }
    });
    this.changed();
  }

  /**
   * From now on its key is refused, also where a request with it is under way. It can come back within a day.
   * @throws AppError `not-found`
   */
  async revoke(id: number): Promise<KnownAgent> {
    const agent = await this.#db.transaction().execute((tx) => deleteAgent(tx, id, this.#now()));
    this.#revoked.add(id);
    this.changed();
    return agent;
  }

  /** Gives a revoked agent back what it had, as far as that is free. @throws AppError `not-found`, `conflict` */
  async restore(id: number): Promise<KnownAgent> {
    const agent = await this.#db.transaction().execute((tx) => restoreAgent(tx, id));
    this.#revoked.delete(id);
    this.changed();
    return agent;
  }

  /** Those that can come back. */
  async revoked(): Promise<{ id: number; name: string; revokedAt: number }[]> {
    await forgetRevoked(this.#db, this.#now());
    return this.#db
      .selectFrom('revoked_agents')
      .select(['id', 'name', 'revoked_at as revokedAt'])
      .orderBy('revoked_at', 'desc')
      .execute();
  }

  /** For what began with a key that held. @throws AppError `unauthenticated` when the agent has been revoked since */
  mustBeThere(id: number): void {
    if (this.#revoked.has(id)) throw new AppError('unauthenticated', 'This agent has been revoked.');
  }

  /** The agent that a key belongs to. */
  authenticate(key: string, address: string | null = null): Promise<KnownAgent | null> {
    return this.#keys.authenticate(key, address);
  }

  /** Tells who listens that agents, or what they are to do, have changed. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

async function standbyMustFit(tx: Database, id: number, standbyId: number | null): Promise<void> {
  if (standbyId === null) return;
  const wrong = (message: string) => new AppError('invalid', message, [{ path: 'standbyAgentId', message }]);
  if (standbyId === id) throw wrong('An agent cannot stand in for itself.');
  const standby = await tx.selectFrom('agents').select('id').where('id', '=', standbyId).executeTakeFirst();
  if (standby === undefined) throw wrong(`There is no agent ${standbyId}.`);
}

async function siteMustBeFree(tx: Database, siteId: number): Promise<void> {
  const site = await tx.selectFrom('sites').select('name').where('id', '=', siteId).executeTakeFirst();
  if (site === undefined) {
    const message = `There is no site ${siteId}.`;
    throw new AppError('invalid', message, [{ path: 'siteIds', message }]);
  }
  const other = await tx
    .selectFrom('agent_sites')
    .innerJoin('agents', 'agents.id', 'agent_sites.agent_id')
    .select('agents.name')
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  if (other === undefined) return;
  const message = `The site "${site.name}" is polled by the agent "${other.name}" already. Take it from that agent first.`;
  throw new AppError('conflict', message, [{ path: 'siteIds', message }]);
}
