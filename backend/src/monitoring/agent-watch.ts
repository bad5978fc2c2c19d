import type { AlertRule } from '@rackhaus/config/alert-rules';
import type { Condition, HealthState, LiveItem, Reading } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { describe, holds, stateOf } from './health.ts';

/** A range of numbers in the ids of conditions that no device has. */
const noDevice = 0;

interface WatchedAgent {
  readonly id: number;
  readonly name: string;
  lastSeen: number | null;
  /** When this process began to wait for it: an agent gets its time after a restart too. */
  readonly expectedSince: number;
  /** Its newest values about itself. */
  own: Reading | null;
  state: HealthState;
  since: number | null;
  conditions: Condition[];
}

/** Knows of every agent when it was last heard, and says so when it is not. */
export class AgentWatch {
  readonly #db: Database;
  readonly #rules: readonly AlertRule[];
  readonly #now: () => number;
  readonly #agents = new Map<number, WatchedAgent>();
  readonly #listeners = new Set<() => void>();
  readonly #saved = new Map<number, number>();

  /** `rules`: those on metrics of agents. */
  constructor(options: { db: Database; rules: readonly AlertRule[]; now: () => number }) {
    this.#db = options.db;
    this.#rules = options.rules;
    this.#now = options.now;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Follows the list of agents. */
  async setAgents(agents: readonly { id: number; name: string }[]): Promise<void> {
    const contacts = await this.#db.selectFrom('agent_contacts').selectAll().execute();
    for (const { agent_id, last_seen } of contacts) this.#saved.set(agent_id, last_seen);
    const ids = new Set(agents.map(({ id }) => id));
    for (const id of this.#agents.keys()) if (!ids.has(id)) this.#agents.delete(id);
    for (const { id, name } of agents) {
      if (this.#agents.has(id)) continue;
      this.#agents.set(id, {
        id,
        name,
        lastSeen: this.#saved.get(id) ?? null,
        expectedSince: this.#now(),
        own: null,
        state: 'unknown',
        since: null,
        conditions: [],
      });
    }
    this.#announce();
  }

  lastSeen(agentId: number): number | null {
    return this.#agents.get(agentId)?.lastSeen ?? null;
  }

  /** To be called with every request of an agent. */
  seen(agentId: number): void {
    const agent = this.#agents.get(agentId);
    if (!agent) return;
    agent.lastSeen = this.#now();
    if (agent.state === 'unknown' || agent.conditions.length > 0) this.#evaluate(agent);
  }

  /** Takes in what an agent says of itself. */
  own(agentId: number, readings: readonly Reading[]): void {
    const agent = this.#agents.get(agentId);
    if (!agent) return;
    for (const reading of readings) if (reading.time >= (agent.own?.time ?? 0)) agent.own = reading;
    this.#evaluate(agent);
  }

  /** Notices silence. To be called every second or so. */
  tick(): void {
    for (const agent of this.#agents.values()) this.#evaluate(agent);
  }

  get conditions(): Condition[] {
    return Array.from(this.#agents.values(), ({ conditions }) => conditions).flat();
  }

  items(): LiveItem[] {
    return Array.from(this.#agents.values(), ({ id, name, state, since, lastSeen, own }) => ({
      type: 'agent' as const,
      id,
      name,
      state,
      since,
      lastSeen,
      queue: own?.values.queue ?? null,
    }));
  }

  /** Writes when agents were last seen to the database. */
  async save(): Promise<void> {
    const rows = [...this.#agents.values()].flatMap(({ id, lastSeen }) =>
      lastSeen === null || lastSeen === this.#saved.get(id) ? [] : [{ agent_id: id, last_seen: lastSeen }],
    );
    for (const row of rows) {
      await this.#db
        .insertInto('agent_contacts')
        .columns(['agent_id', 'last_seen'])
        // An agent that has been revoked meanwhile has no row to refer to.
        .expression((build) =>
          build
            .selectFrom('agents')
            .select((select) => ['agents.id', select.val(row.last_seen).as('last_seen')])
            .where('agents.id', '=', row.agent_id),
        )
        .onConflict((conflict) => conflict.column('agent_id').doUpdateSet({ last_seen: row.last_seen }))
        .execute();
      this.#saved.set(row.agent_id, row.last_seen);
    }
  }

  #evaluate(agent: WatchedAgent): void {
    const now = this.#now();
    const conditions: Condition[] = [];
    for (const rule of this.#rules) {
      const id = `${noDevice}/${rule.id}/${agent.name}`;
      const before = agent.conditions.find((condition) => condition.id === id);
      const silent = 'silentSeconds' in rule.when;
      const heard = Math.max(agent.lastSeen ?? 0, agent.expectedSince);
      const value = silent
        ? (now - heard) / 1000
        : agent.own?.values[rule.metric.slice(rule.metric.indexOf('.') + 1)];
      if (value === undefined || !holds(rule.metric, rule.when, value, before !== undefined)) continue;
      const since =
        before?.since ?? (silent ? (agent.lastSeen ?? agent.expectedSince) : (agent.own?.time ?? now));
      conditions.push(
        describe(rule, {
          id,
          deviceId: noDevice,
          name: agent.name,
          place: '',
          roomId: null,
          entity: agent.name,
          since,
        }),
      );
    }
    const state: HealthState =
      agent.lastSeen === null && conditions.length === 0 ? 'unknown' : stateOf(conditions);
    const same =
      state === agent.state &&
      conditions.length === agent.conditions.length &&
      conditions.every(({ id }) => agent.conditions.some((other) => other.id === id));
    if (same) return;
    if (state !== agent.state) {
      agent.state = state;
      agent.since = conditions[0]?.since ?? agent.lastSeen;
    }
    agent.conditions = conditions;
    this.#announce();
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}
