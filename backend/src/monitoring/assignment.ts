import { createHash } from 'node:crypto';
import type { AssignedDevice, Assignment, SilenceAlarm } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import type { MonitoredDevice } from '../inventory/monitored.ts';
import { AppError } from '../problem.ts';
import type { DeviceSource } from './device-source.ts';
import type { PollsNow } from './polls-now.ts';
import type { Probes } from './probes.ts';

/**
 * Who polls what. A device belongs to the agent that it was given to, else to the oldest one. This is the only way on which
 * SNMP credentials leave the server.
 */
export class Assignments {
  readonly #db: Database;
  readonly #listAgents: () => Promise<readonly { id: number; name: string }[]>;
  readonly #devices: DeviceSource;
  readonly #probes: Probes;
  readonly #pollsNow: PollsNow;
  readonly #silenceOf: (agentId: number) => Promise<SilenceAlarm | undefined>;
  readonly #waiting = new Set<() => void>();
  #byAgent = new Map<number, Assignment>();
  #agentOf = new Map<number, number>();

  constructor(options: {
    db: Database;
    listAgents: () => Promise<readonly { id: number; name: string }[]>;
    devices: DeviceSource;
    probes: Probes;
    pollsNow: PollsNow;
    /** Whom an agent is to call when this server is silent. */
    silenceOf: (agentId: number) => Promise<SilenceAlarm | undefined>;
  }) {
    this.#db = options.db;
    this.#listAgents = options.listAgents;
    this.#devices = options.devices;
    this.#probes = options.probes;
    this.#pollsNow = options.pollsNow;
    this.#silenceOf = options.silenceOf;
    this.#probes.onAdded(() => this.#wake());
    this.#pollsNow.onAdded(() => this.#wake());
  }

  /** Works out everything anew, and answers who waits for it. To be called when devices or agents have changed. */
  async refresh(): Promise<void> {
    const [agents, devices, given] = await Promise.all([
      this.#listAgents(),
      this.#devices.list(),
      this.#db.selectFrom('agent_devices').selectAll().execute(),
    ]);
    const oldest = agents.reduce<number | null>((id, agent) => Math.min(id ?? agent.id, agent.id), null);
    const givenTo = new Map(given.map((row) => [row.device_id, row.agent_id]));
    const agentOf = new Map<number, number>();
    const lists = new Map<number, AssignedDevice[]>(agents.map(({ id }) => [id, []]));
    for (const device of devices) {
      const agentId = givenTo.get(device.id) ?? oldest;
      const assigned = toAssigned(device);
      if (agentId === null || !assigned) continue;
      agentOf.set(device.id, agentId);
      lists.get(agentId)?.push(assigned);
    }
    const byAgent = new Map<number, Assignment>();
    for (const { id, name } of agents) {
      const list = (lists.get(id) ?? []).sort((a, b) => a.id - b.id);
      const silence = await this.#silenceOf(id);
      const given = { agent: { id, name }, devices: list, ...(silence === undefined ? {} : { silence }) };
      byAgent.set(id, { version: versionOf(given), ...given });
    }
    this.#agentOf = agentOf;
    this.#byAgent = byAgent;
    this.#wake();
  }

  /** Which agent polls the device; null: none. */
  agentOf(deviceId: number): number | null {
    return this.#agentOf.get(deviceId) ?? null;
  }

  /** Whether this agent is to deliver readings of that device. */
  covers(agentId: number, deviceId: number): boolean {
    return this.#agentOf.get(deviceId) === agentId;
  }

  /** How many devices the agent polls. */
  count(agentId: number): number {
    return this.#byAgent.get(agentId)?.devices.length ?? 0;
  }

  /** The assignment now. @throws AppError when the agent has just been made and is not known here yet, or is revoked. */
  now(agentId: number): Assignment {
    const assignment = this.#byAgent.get(agentId);
    if (!assignment)
      throw new AppError('unavailable', 'This agent is not known yet; please try again.', undefined, {
        afterSeconds: 1,
      });
    return assignment;
  }

  /** The assignment as soon as its version is not `known` or there is something to do now, at the latest after `waitMs`. */
  async next(
    agentId: number,
    known: string | undefined,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<Assignment> {
    const end = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
    const nothing = () => !this.#probes.has(agentId) && !this.#pollsNow.has(agentId);
    while (this.now(agentId).version === known && nothing() && !end.aborted) await this.#change(end);
    // Who has gone cannot be handed anything: its next question gets them.
    const probes = signal.aborted ? [] : this.#probes.take(agentId);
    const now = signal.aborted ? [] : this.#pollsNow.take(agentId);
    return {
      ...this.now(agentId),
      ...(probes.length === 0 ? {} : { probes }),
      ...(now.length === 0 ? {} : { now }),
    };
  }

  /** Gives devices to an agent, and takes all others from it. @throws AppError when there is no such agent. */
  async give(agentId: number, deviceIds: readonly number[]): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      const agent = await tx.selectFrom('agents').select('id').where('id', '=', agentId).executeTakeFirst();
      if (!agent) throw new AppError('not-found', `There is no agent ${agentId}.`);
      await tx.deleteFrom('agent_devices').where('agent_id', '=', agentId).execute();
      for (const device_id of new Set(deviceIds)) {
        await tx
          .insertInto('agent_devices')
          .values({ device_id, agent_id: agentId })
          .onConflict((conflict) => conflict.column('device_id').doUpdateSet({ agent_id: agentId }))
          .execute();
      }
    });
    await this.refresh();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #change(end: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        end.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      end.addEventListener('abort', wake);
    });
  }
}

function toAssigned(device: MonitoredDevice): AssignedDevice | null {
  if (!device.monitoring) return null;
  const { address, snmpPort, credentials, profile, intervalSeconds, ping, tcp } = device.monitoring;
  return {
    id: device.id,
    name: device.name,
    address,
    snmp: credentials && { port: snmpPort, credentials },
    profile,
    intervalSeconds,
    ping,
    tcp: [...tcp],
  };
}

function versionOf({ devices, silence }: Omit<Assignment, 'version'>): string {
  return createHash('sha256')
    .update(JSON.stringify([devices, silence ?? null]))
    .digest('hex')
    .slice(0, 32);
}
