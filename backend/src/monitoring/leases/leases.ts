import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import { Spans } from './spans.ts';

/** The outbox of an agent keeps 72 h; an hour for what is on its way. */
const keptMs = 73 * 3_600_000;

/**
 * Who was responsible for a device when: the agent that it was given to, or at that time the one that stood in for it. By this it
 * is decided whose readings are taken in, however late they come, so that no moment of a device is told by two agents. Written
 * down before it holds, so that it is the same after a restart.
 */
export class Leases {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #homes = new Spans();
  readonly #standIns = new Spans();

  constructor(options: { db: Database; now: () => number }) {
    this.#db = options.db;
    this.#now = options.now;
  }

  /** Reads what was written down. To be called once, before anything else. */
  async load(): Promise<void> {
    const homes = await this.#db
      .selectFrom('device_leases')
      .selectAll()
      .orderBy('begins')
      .orderBy('id')
      .execute();
    for (const { device_id, agent_id, begins, ends } of homes)
      this.#homes.load(device_id, { who: agent_id, from: begins, until: ends ?? Number.POSITIVE_INFINITY });
    const standIns = await this.#db
      .selectFrom('stand_ins')
      .selectAll()
      .orderBy('begins')
      .orderBy('id')
      .execute();
    for (const { agent_id, by_agent_id, begins, ends } of standIns)
      this.#standIns.load(agent_id, {
        who: by_agent_id,
        from: begins,
        until: ends ?? Number.POSITIVE_INFINITY,
      });
    await this.tidy();
  }

  /** Whether what this agent read at that time of that device is to be taken in. */
  covers(agentId: number, deviceId: number, time: number): boolean {
    const home = this.#homes.at(deviceId, time);
    return home !== null && (this.#standIns.at(home, time) ?? home) === agentId;
  }

  /** Whether this agent has been responsible for that device at any time that an outbox can still tell of. */
  everCovered(agentId: number, deviceId: number): boolean {
    return this.#homes
      .everybody(deviceId)
      .some((home) => home === agentId || this.#standIns.everybody(home).includes(agentId));
  }

  /** The agent that a device was given to, whoever stands in for it; null: none. */
  home(deviceId: number): number | null {
    return this.#homes.holder(deviceId);
  }

  /** Who stands in for this agent now; null: nobody. */
  standIn(agentId: number): number | null {
    return this.#standIns.holder(agentId);
  }

  /** For which agents this one stands in now. */
  standsInFor(agentId: number): number[] {
    return [...this.#standIns.held()].filter((other) => this.standIn(other) === agentId);
  }

  /** How often somebody has begun to stand in for this agent since then. */
  standInsSince(agentId: number, time: number): number {
    return this.#standIns.begunSince(agentId, time);
  }

  /** From now on the devices are with these agents, and all others with nobody. */
  async setHomes(agentOf: ReadonlyMap<number, number>): Promise<void> {
    const now = this.#now();
    const given = [...agentOf].filter(([deviceId, agentId]) => this.#homes.holder(deviceId) !== agentId);
    const gone = [...this.#homes.held()].filter((deviceId) => !agentOf.has(deviceId));
    if (given.length === 0 && gone.length === 0) return;
    // Who is the first to have a device has it since ever: its clock may be a little behind ours.
    const rows = given.map(([device_id, agent_id]) => ({
      device_id,
      agent_id,
      begins: this.#homes.knows(device_id) ? now : 0,
    }));
    const ended = [...gone, ...given.map(([deviceId]) => deviceId)];
    await this.#db.transaction().execute(async (tx) => {
      for (const ids of chunked(ended))
        await tx
          .updateTable('device_leases')
          .set({ ends: now })
          .where('device_id', 'in', ids)
          .where('ends', 'is', null)
          .execute();
      for (const part of chunked(rows)) await tx.insertInto('device_leases').values(part).execute();
    });
    for (const deviceId of gone) this.#homes.turn(deviceId, null, now);
    for (const { device_id, agent_id, begins } of rows) this.#homes.turn(device_id, agent_id, begins);
  }

  /** From now on `byId` stands in for these agents; null: nobody. */
  async setStandIns(changes: ReadonlyMap<number, number | null>): Promise<void> {
    const now = this.#now();
    await this.#db.transaction().execute(async (tx) => {
      for (const [agent_id, by_agent_id] of changes) {
        await tx
          .updateTable('stand_ins')
          .set({ ends: now })
          .where('agent_id', '=', agent_id)
          .where('ends', 'is', null)
          .execute();
        if (by_agent_id !== null)
          await tx.insertInto('stand_ins').values({ agent_id, by_agent_id, begins: now }).execute();
      }
    });
    for (const [agentId, byId] of changes) this.#standIns.turn(agentId, byId, now);
  }

  /** Forgets what no outbox can hold any more, and sets right what a wrong clock has written. To be called now and then. */
  async tidy(): Promise<void> {
    const now = this.#now();
    const before = now - keptMs;
    this.#homes.forgetBefore(before);
    this.#standIns.forgetBefore(before);
    // Nothing is written down ahead of time: the clock has been set back.
    this.#homes.noneAfter(now);
    this.#standIns.noneAfter(now);
    await this.#db.transaction().execute(async (tx) => {
      for (const table of ['device_leases', 'stand_ins'] as const) {
        await tx.updateTable(table).set({ begins: now }).where('begins', '>', now).execute();
        await tx.updateTable(table).set({ ends: now }).where('ends', '>', now).execute();
        await tx
          .deleteFrom(table)
          .where((where) => where.or([where('ends', '<', before), where('begins', '>=', where.ref('ends'))]))
          .execute();
      }
    });
  }
}
