import type { BilingualText, Condition, HealthState, LiveItem, Reading } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { type CompiledRule, compileRule } from '../rules/compile.ts';
import { describe } from '../rules/describe.ts';
import { clear, evaluate, type RuleState } from '../rules/evaluate.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import { stateOf } from './health.ts';
import { takeOverMs } from './leases/stand-ins.ts';
import type { Beginnings } from './live-state.ts';

/** A range of numbers in the ids of conditions that no device has. */
const noDevice = 0;
/** An agent that has been heard of in this time is well. */
const wellMs = 15_000;
/** It speaks of itself every few seconds; this long without a word is a gap. */
const gapMs = 60_000;
/** Whoever has made an agent needs this long to start it where it belongs: until then it is not silent, only not there yet. */
const firstStartMs = 15 * 60_000;

/** Who stands in for whom, for who looks at it. */
export interface StandInsNow {
  /** null: nobody stands in for it. */
  standIn(agentId: number): number | null;
  standsInFor(agentId: number): number[];
}

interface WatchedAgent {
  readonly id: number;
  readonly name: string;
  lastSeen: number | null;
  /** When it was last heard on the clock that nobody sets; at first when it began to be waited for: it gets its time after a restart. */
  heardAt: number;
  readonly expectedSince: number;
  /** Heard since this process runs. */
  heard: boolean;
  /** Since when it has not fallen silent, on the same clock. */
  wellSince: number;
  /** Its newest values about itself. */
  own: Reading | null;
  /** What it sent of devices of others. */
  foreign: number;
  state: HealthState;
  since: number | null;
  conditions: Condition[];
  readonly rules: Map<string, RuleState>;
}

/** Knows of every agent when it was last heard, and says so when it is not. */
export class AgentWatch {
  readonly #db: Database;
  readonly #book: RuleBook;
  readonly #now: () => number;
  readonly #elapsed: () => number;
  readonly #standIns: StandInsNow;
  readonly #agents = new Map<number, WatchedAgent>();
  readonly #listeners = new Set<() => void>();
  readonly #saved = new Map<number, number>();
  /** Whether an agent has told its queue, clock and load since the last tick: they are shown although nothing is wrong. */
  #spoke = false;
  #rules: readonly CompiledRule[];
  #beginnings: Beginnings = new Map();

  /** `elapsed`: see {@link LiveState}. `standIns` left out: nobody stands in for anybody. */
  constructor(options: {
    db: Database;
    rules: RuleBook;
    now: () => number;
    elapsed?: () => number;
    standIns?: StandInsNow;
  }) {
    this.#db = options.db;
    this.#book = options.rules;
    this.#rules = options.rules.agents().map(compileRule);
    this.#now = options.now;
    this.#elapsed = options.elapsed ?? options.now;
    this.#standIns = options.standIns ?? { standIn: () => null, standsInFor: () => [] };
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
        heardAt: this.#elapsed(),
        expectedSince: this.#now(),
        heard: false,
        wellSince: this.#elapsed(),
        own: null,
        foreign: 0,
        state: 'unknown',
        since: null,
        conditions: [],
        rules: new Map(),
      });
      this.#restore(name);
    }
    this.#announce();
  }

  /** What was said before a restart is said until the agent is heard. To be called before the agents are known. */
  restore(beginnings: Beginnings): void {
    this.#beginnings = beginnings;
  }

  /** Looks at everything again with the limits that hold now. */
  setLimits(): void {
    this.#rules = this.#book.agents().map(compileRule);
    this.tick();
  }

  /** Whether it was heard of a moment ago. */
  isWell(agentId: number): boolean {
    const agent = this.#agents.get(agentId);
    return agent?.heard === true && this.#elapsed() - agent.heardAt <= wellMs;
  }

  /**
   * How it has spoken; see {@link AgentNow}. One that is not known has just begun to be waited for. One that was never heard in its
   * life is silent for ever: it may have been given devices before it is started.
   */
  spoke(agentId: number): { heard: boolean; silentMs: number; wellMs: number } {
    const agent = this.#agents.get(agentId);
    if (agent === undefined) return { heard: false, silentMs: 0, wellMs: 0 };
    const elapsed = this.#elapsed();
    const silentMs = agent.lastSeen === null ? Number.POSITIVE_INFINITY : elapsed - agent.heardAt;
    const well = agent.heard && silentMs < takeOverMs;
    return { heard: agent.heard, silentMs, wellMs: well ? elapsed - agent.wellSince : 0 };
  }

  /** Begin of every condition, as {@link LiveState} keeps its own. */
  beginnings(): Map<string, number> {
    return new Map(this.conditions.map(({ id, since }) => [`condition/${id}`, since]));
  }

  lastSeen(agentId: number): number | null {
    return this.#agents.get(agentId)?.lastSeen ?? null;
  }

  /** Whether an agent of this name has spoken since this process began to wait for it. */
  heard(name: string): { id: number; heard: boolean } | undefined {
    for (const agent of this.#agents.values())
      if (agent.name === name) return { id: agent.id, heard: agent.heard };
    return undefined;
  }

  /** To be called with every request of an agent. */
  seen(agentId: number): void {
    const agent = this.#agents.get(agentId);
    if (!agent) return;
    const elapsed = this.#elapsed();
    if (!agent.heard || elapsed - agent.heardAt >= takeOverMs) agent.wellSince = elapsed;
    agent.lastSeen = this.#now();
    agent.heardAt = elapsed;
    agent.heard = true;
    if (agent.state === 'unknown' || agent.conditions.length > 0) this.#evaluate(agent);
  }

  /** Takes in what an agent says of itself. */
  own(agentId: number, readings: readonly Reading[]): void {
    const agent = this.#agents.get(agentId);
    if (!agent) return;
    const now = this.#now();
    for (const reading of readings) {
      // A clock that is ahead must not make what comes after it was set right look old.
      const time = Math.min(reading.time, now);
      if (time >= (agent.own?.time ?? 0)) agent.own = { ...reading, time };
    }
    this.#evaluate(agent);
    this.#spoke = true;
  }

  /** Counts what it sent of devices that are not its own, which was left out. */
  refused(agentId: number, count: number): void {
    const agent = this.#agents.get(agentId);
    if (agent === undefined || count === 0) return;
    agent.foreign += count;
    this.#spoke = true;
  }

  /** Notices silence. To be called every second or so. */
  tick(): void {
    for (const agent of this.#agents.values()) this.#evaluate(agent);
    if (!this.#spoke) return;
    this.#spoke = false;
    this.#announce();
  }

  get conditions(): Condition[] {
    return Array.from(this.#agents.values(), ({ conditions }) => conditions).flat();
  }

  items(): LiveItem[] {
    return Array.from(this.#agents.values(), ({ id, name, state, since, lastSeen, own, foreign }) => ({
      type: 'agent' as const,
      id,
      name,
      state,
      since,
      lastSeen,
      queue: own?.values.queue ?? null,
      // Of one that is silent, nobody knows how it fares.
      own: this.isWell(id) ? { ...own?.values } : {},
      foreign,
      standIn: this.#standIns.standIn(id),
      standsInFor: this.#standIns.standsInFor(id),
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

  #restore(name: string): void {
    const agent = [...this.#agents.values()].find((each) => each.name === name);
    for (const { rule, forMs } of this.#rules) {
      const since = this.#beginnings.get(`condition/${idOf(rule.id, name)}`);
      if (since === undefined || !agent) continue;
      agent.rules.set(rule.id, { phase: 'firing', since, heldMs: forMs, at: since, trail: null });
    }
    if (agent && agent.rules.size > 0) this.#evaluate(agent);
  }

  #evaluate(agent: WatchedAgent): void {
    const conditions: Condition[] = [];
    for (const compiled of this.#rules) {
      const { rule } = compiled;
      const before = agent.rules.get(rule.id) ?? clear;
      const next = this.#next(agent, compiled, before);
      agent.rules.set(rule.id, next);
      if (next.phase !== 'firing') continue;
      const { name } = agent;
      const said = describe(rule, {
        id: idOf(rule.id, name),
        deviceId: noDevice,
        name,
        place: '',
        roomId: null,
        entity: name,
        since: next.since,
      });
      const standIn = 'silentSeconds' in rule.when ? this.#standInOf(agent) : undefined;
      conditions.push(standIn === undefined ? said : { ...said, advice: standInWords(standIn) });
    }
    const state: HealthState =
      agent.lastSeen === null && conditions.length === 0 ? 'unknown' : stateOf(conditions);
    const same =
      state === agent.state &&
      conditions.length === agent.conditions.length &&
      conditions.every(({ id, advice }) =>
        agent.conditions.some((other) => other.id === id && other.advice.en === advice.en),
      );
    if (same) return;
    if (state !== agent.state) {
      agent.state = state;
      agent.since = conditions[0]?.since ?? agent.lastSeen;
    }
    agent.conditions = conditions;
    this.#announce();
  }

  #next(agent: WatchedAgent, compiled: CompiledRule, before: RuleState): RuleState {
    const silent = 'silentSeconds' in compiled.rule.when;
    // Not heard since a restart: nobody knows, so it is as it was.
    if (before.phase === 'firing' && !agent.heard) return before;
    if (!silent) {
      if (agent.own === null) return before;
      const value = compiled.valueIn(agent.own.values, undefined);
      return evaluate(compiled, before, { time: agent.own.time, value, where: true, gapMs });
    }
    const silentMs = this.#elapsed() - agent.heardAt;
    const value = Math.max(0, silentMs - (agent.lastSeen === null ? firstStartMs : 0)) / 1000;
    const next = evaluate(compiled, before, { time: this.#now(), value, where: true, gapMs });
    return before.phase === 'clear' && next.phase !== 'clear'
      ? { ...next, since: agent.lastSeen ?? agent.expectedSince }
      : next;
  }

  #standInOf({ id }: WatchedAgent): string | undefined {
    return this.#agents.get(this.#standIns.standIn(id) ?? noDevice)?.name;
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

function standInWords(name: string): BilingualText {
  return {
    de: `Agent ${name} hat seine Geräte übernommen; sie werden weiter abgefragt. Bitte prüfen, ob der Agent läuft und den Server erreicht.`,
    en: `Agent ${name} has taken over its devices; they are still polled. Please check that the agent runs and can reach the server.`,
  };
}

function idOf(ruleId: string, agentName: string): string {
  return `${noDevice}/${ruleId}/${agentName}`;
}
