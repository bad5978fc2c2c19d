import type { AgentEnrolment } from '@rackhaus/config/contract';
import type { Audit } from '../audit/audit.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import type { AgentKeys, KnownAgent } from './agent-keys.ts';
import { hashToken, newToken } from './tokens.ts';

const validMs = 24 * 3_600_000;

/** How agents join: with a token that is shown once, holds for a day, and serves one key. */
export class Enrolment {
  readonly #db: Database;
  readonly #keys: AgentKeys;
  readonly #audit: Audit;
  readonly #now: () => number;

  constructor(options: { db: Database; keys: AgentKeys; audit: Audit; now: () => number }) {
    this.#db = options.db;
    this.#keys = options.keys;
    this.#audit = options.audit;
    this.#now = options.now;
  }

  /** A token for an agent; one that was given out before ends. It is returned here and never again. */
  async open(db: Database, agentId: number): Promise<{ token: string; validUntil: number }> {
    const token = newToken('rhe');
    const validUntil = this.#now() + validMs;
    const values = { token_hash: hashToken(token), valid_until: validUntil, key_hash: null };
    await db
      .insertInto('agent_enrolments')
      .values({ agent_id: agentId, ...values })
      .onConflict((conflict) => conflict.column('agent_id').doUpdateSet(values))
      .execute();
    return { token, validUntil };
  }

  /**
   * Takes an agent in with the key that it made. The same token with the same key is answered alike.
   * @throws AppError `unauthenticated` with reason `unknown`, `used` or `expired`
   */
  async redeem({ token, key }: AgentEnrolment, address: string | null): Promise<KnownAgent> {
    return this.#db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('agent_enrolments as e')
        .innerJoin('agents', 'agents.id', 'e.agent_id')
        .select(['agents.id', 'agents.name', 'e.valid_until', 'e.key_hash'])
        .where('e.token_hash', '=', hashToken(token))
        .executeTakeFirst();
      const refused = (reason: string, message: string) =>
        new AppError('unauthenticated', `${message} Ask an administrator for a new one.`, undefined, {
          reason,
        });
      if (row === undefined)
        throw refused('unknown', 'This enrolment token is not known here, or a newer one was made.');
      const agent = { id: row.id, name: row.name };
      const keyHash = hashToken(key);
      if (row.key_hash === keyHash) return agent;
      if (row.key_hash !== null) throw refused('used', 'This enrolment token has been used already.');
      if (row.valid_until <= this.#now()) throw refused('expired', 'This enrolment token has expired.');
      await this.#keys.announce(tx, agent.id, key);
      await tx
        .updateTable('agent_enrolments')
        .set({ key_hash: keyHash })
        .where('agent_id', '=', agent.id)
        .execute();
      await this.#audit.noteIn(tx, {
        action: 'agent.enrolled',
        outcome: 'done',
        by: { kind: 'agent', ...agent },
        address,
        subject: { kind: 'agent', ...agent },
      });
      return agent;
    });
  }
}
