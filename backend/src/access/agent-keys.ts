import type { AgentKeyFacts } from '@rackhaus/config/contract';
import type { z } from 'zod';
import { type Audit, bySystem } from '../audit/audit.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { hashToken } from './tokens.ts';

export const renewedAfterMs = 30 * 24 * 3_600_000;
/** Requests with the old key may be on their way when the first with the new one arrives. */
const overlapMs = 60_000;
/** Replaced keys are known again for this long. */
const rememberedMs = 400 * 24 * 3_600_000;

export interface KnownAgent {
  readonly id: number;
  readonly name: string;
}

/**
 * The keys of agents, as hashes. An agent makes its next key itself, announces it, and then uses it: whatever is lost on the way, one
 * of both holds. The old one ends when the new one is first used; whoever uses it later has a copy, and that is told.
 */
export class AgentKeys {
  readonly #db: Database;
  readonly #audit: Audit;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();

  constructor(options: { db: Database; audit: Audit; now: () => number }) {
    this.#db = options.db;
    this.#audit = options.audit;
    this.#now = options.now;
  }

  /** Calls `listener` when what is to be told of keys has changed. Returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The agent that a key belongs to; null: it is none that holds. Its first use ends the one before. */
  async authenticate(key: string, address: string | null): Promise<KnownAgent | null> {
    const row = await this.#db
      .selectFrom('agent_keys as k')
      .innerJoin('agents', 'agents.id', 'k.agent_id')
      .select(['k.id as keyId', 'agents.id', 'agents.name', 'k.used_at', 'k.replaced_at'])
      .where('k.key_hash', '=', hashToken(key))
      .executeTakeFirst();
    if (row === undefined) return null;
    const agent = { id: row.id, name: row.name };
    if (row.replaced_at !== null) {
      if (this.#now() - row.replaced_at >= overlapMs) await this.#misused(agent, address ?? '');
      return null;
    }
    if (row.used_at === null) await this.#firstUse(row.keyId, agent, address);
    return agent;
  }

  /**
   * Has an agent use this key next; the same again changes nothing. One that was announced before and never used is forgotten.
   * @throws AppError `conflict` for a key that is known already
   */
  async announce(db: Database, agentId: number, key: string): Promise<void> {
    const keyHash = hashToken(key);
    const known = await db
      .selectFrom('agent_keys')
      .select(['agent_id', 'replaced_at'])
      .where('key_hash', '=', keyHash)
      .executeTakeFirst();
    if (known !== undefined) {
      if (known.agent_id === agentId && known.replaced_at === null) return;
      throw new AppError('conflict', 'This key has been used before; an agent makes a new one.');
    }
    await db.deleteFrom('agent_keys').where('agent_id', '=', agentId).where('used_at', 'is', null).execute();
    await db
      .insertInto('agent_keys')
      .values({ agent_id: agentId, key_hash: keyHash, created_at: this.#now(), used_at: null })
      .execute();
  }

  /** Whether the agent shall take a new key now. */
  async isDue(agentId: number): Promise<boolean> {
    const row = await this.#db
      .selectFrom('agents')
      .innerJoin('agent_keys as k', 'k.agent_id', 'agents.id')
      .select(['agents.renew_key', 'k.created_at'])
      .where('agents.id', '=', agentId)
      .where('k.replaced_at', 'is', null)
      .where('k.used_at', 'is not', null)
      .executeTakeFirst();
    return row !== undefined && (row.renew_key === 1 || this.#now() - row.created_at >= renewedAfterMs);
  }

  /** What administrators see of the keys, by agent. */
  async facts(): Promise<Map<number, z.infer<typeof AgentKeyFacts>>> {
    const agents = await this.#db
      .selectFrom('agents')
      .leftJoin('agent_keys as k', (join) =>
        join
          .onRef('k.agent_id', '=', 'agents.id')
          .on('k.replaced_at', 'is', null)
          .on('k.used_at', 'is not', null),
      )
      .leftJoin('agent_enrolments as e', 'e.agent_id', 'agents.id')
      .select([
        'agents.id',
        'agents.renew_key',
        'agents.misused_at',
        'agents.misused_from',
        'k.created_at',
        'e.valid_until',
        'e.key_hash',
      ])
      .execute();
    const now = this.#now();
    return new Map(
      agents.map((row) => [
        row.id,
        {
          since: row.created_at,
          renewing: row.renew_key === 1,
          enrolUntil:
            row.valid_until !== null && row.key_hash === null && row.valid_until > now
              ? row.valid_until
              : null,
          misused: row.misused_at === null ? null : { time: row.misused_at, address: row.misused_from ?? '' },
        },
      ]),
    );
  }

  /** Forgets that a replaced key was used: somebody has looked. */
  async misuseSeen(agentId: number): Promise<void> {
    await this.#db
      .updateTable('agents')
      .set({ misused_at: null, misused_from: null })
      .where('id', '=', agentId)
      .execute();
    this.#changed();
  }

  async #firstUse(keyId: number, agent: KnownAgent, address: string | null): Promise<void> {
    const now = this.#now();
    const first = await this.#db.transaction().execute(async (tx) => {
      const used = await tx
        .updateTable('agent_keys')
        .set({ used_at: now })
        .where('id', '=', keyId)
        .where('used_at', 'is', null)
        .executeTakeFirst();
      if (used.numUpdatedRows === 0n) return false;
      const replaced = await tx
        .updateTable('agent_keys')
        .set({ replaced_at: now })
        .where('agent_id', '=', agent.id)
        .where('id', '<>', keyId)
        .where('replaced_at', 'is', null)
        .executeTakeFirst();
      await tx
        .deleteFrom('agent_keys')
        .where('agent_id', '=', agent.id)
        .where('replaced_at', '<', now - rememberedMs)
        .execute();
      await tx.updateTable('agents').set({ renew_key: 0 }).where('id', '=', agent.id).execute();
      await this.#audit.noteIn(tx, {
        action: 'agent.key',
        outcome: 'done',
        by: { kind: 'agent', id: agent.id, name: agent.name },
        address,
        subject: { kind: 'agent', id: agent.id, name: agent.name },
        detail: { first: replaced.numUpdatedRows === 0n },
      });
      return true;
    });
    if (first) this.#changed();
  }

  /** Told at most once a minute: who has the old key may try often. */
  async #misused(agent: KnownAgent, address: string): Promise<void> {
    const now = this.#now();
    const told = await this.#db
      .updateTable('agents')
      .set({ misused_at: now, misused_from: address })
      .where('id', '=', agent.id)
      .where((where) =>
        where.or([where('misused_at', 'is', null), where('misused_at', '<', now - overlapMs)]),
      )
      .executeTakeFirst();
    if (told.numUpdatedRows === 0n) return;
    await this.#audit.note({
      action: 'agent.key',
      outcome: 'refused',
      by: bySystem,
      address: address === '' ? null : address,
      subject: { kind: 'agent', id: agent.id, name: agent.name },
      detail: { replaced: true },
    });
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
