import { createHash } from 'node:crypto';
import {
  type AssignedDevice,
  type Assignment,
  type CheckAnswer,
  type CheckJob,
  networkText,
  type PreviewAnswer,
  type PreviewJob,
  type ProfilesTaken,
  type SilenceAlarm,
} from '@rackhaus/config/contract';
import { mayBePolled, type PolledNetwork, polledNetworks } from '../access/polled-networks.ts';
import type { ConfigurationJobs } from '../configurations/backups.ts';
import type { Database } from '../database/tables.ts';
import type { DiscoveryOrders } from '../discovery/orders.ts';
import type { MonitoredDevice } from '../inventory/monitored.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { AppError } from '../problem.ts';
import type { SwitchJobs } from '../switching/jobs.ts';
import type { DeviceSource } from './device-source.ts';
import type { Leases } from './leases/leases.ts';
import type { PollsNow } from './polls-now.ts';
import type { Probes } from './probes.ts';

/** Notes which credentials an agent gets with an assignment. */
export type NoteHandedOut = (
  agent: { readonly id: number; readonly name: string },
  version: string,
  devices: readonly AssignedDevice[],
) => Promise<void>;

/** The profiles that people have written, as far as agents are told of them. */
export interface ProfilesInUse {
  /** Of all that are in use; empty: there are none. */
  readonly hash: string;
  /** Those that are tried. */
  readonly previews: Probes<Omit<PreviewJob, 'id'>, PreviewAnswer>;
  /** An agent says which ones it uses. */
  readonly takenBy: (agentId: number, taken: ProfilesTaken) => void;
}

/** Checks that somebody waits for. */
export type CheckTries = Probes<Omit<CheckJob, 'id'>, CheckAnswer>;

/** An agent as far as it matters who polls what. */
export interface AssignedAgent {
  readonly id: number;
  readonly name: string;
  readonly siteIds: readonly number[];
}

/**
 * Who polls what. A device belongs to the agent that it was given to by hand, else to the agent of its site, else to the oldest
 * one. While that agent is stood in for, both poll: what the one reads that is not responsible is refused, but it needs no start when
 * it is given its devices back. This is the only way on which SNMP credentials leave the server.
 */
export class Assignments {
  readonly #db: Database;
  readonly #listAgents: () => Promise<readonly AssignedAgent[]>;
  readonly #devices: DeviceSource;
  readonly #leases: Leases;
  readonly #probes: Probes;
  readonly #pollsNow: PollsNow;
  readonly #discovery: DiscoveryOrders;
  readonly #ownProfiles: ProfilesInUse;
  readonly #checkTries: CheckTries;
  readonly #configurations: ConfigurationJobs;
  readonly #switches: SwitchJobs;
  readonly #silenceOf: (agentId: number) => Promise<SilenceAlarm | undefined>;
  readonly #handedOut: NoteHandedOut;
  readonly #waiting = new Set<() => void>();
  readonly #refresh = oneAtATime(() => this.#load());
  /** By the agent that they belong to. */
  #lists = new Map<number, AssignedDevice[]>();
  #agents: readonly (AssignedAgent & { silence: SilenceAlarm | undefined })[] = [];
  #byAgent = new Map<number, Assignment>();
  #chosen = new Map<number, Chosen>();
  #networks: readonly PolledNetwork[] = [];
  /** Sites of the devices that belong to an agent. */
  #sites = new Map<number, Set<number | null>>();
  #outside: OutsideDevice[] = [];
  #round = 0;

  constructor(options: {
    db: Database;
    listAgents: () => Promise<readonly AssignedAgent[]>;
    devices: DeviceSource;
    leases: Leases;
    probes: Probes;
    pollsNow: PollsNow;
    discovery: DiscoveryOrders;
    ownProfiles: ProfilesInUse;
    checkTries: CheckTries;
    configurations: ConfigurationJobs;
    switches: SwitchJobs;
    /** Whom an agent is to call when this server is silent. */
    silenceOf: (agentId: number) => Promise<SilenceAlarm | undefined>;
    /** Notes which credentials leave, before they do. */
    handedOut?: NoteHandedOut | undefined;
  }) {
    this.#db = options.db;
    this.#listAgents = options.listAgents;
    this.#devices = options.devices;
    this.#leases = options.leases;
    this.#probes = options.probes;
    this.#pollsNow = options.pollsNow;
    this.#discovery = options.discovery;
    this.#ownProfiles = options.ownProfiles;
    this.#checkTries = options.checkTries;
    this.#configurations = options.configurations;
    this.#switches = options.switches;
    this.#silenceOf = options.silenceOf;
    this.#handedOut = options.handedOut ?? (async () => undefined);
    this.#probes.onAdded(() => this.#wake());
    this.#pollsNow.onAdded(() => this.#wake());
    this.#discovery.onAdded(() => this.#wake());
    this.#ownProfiles.previews.onAdded(() => this.#wake());
    this.#checkTries.onAdded(() => this.#wake());
    this.#configurations.onAdded(() => this.#wake());
    this.#switches.onAdded(() => this.#wake());
  }

  /** Works out everything anew, and answers who waits for it. To be called when devices or agents have changed. */
  refresh(): Promise<void> {
    return this.#refresh();
  }

  async #load(): Promise<void> {
    const [agents, devices, given, networks] = await Promise.all([
      this.#listAgents(),
      this.#devices.list(),
      this.#db.selectFrom('agent_devices').selectAll().execute(),
      polledNetworks(this.#db),
    ]);
    const choose = chooser(agents, new Map(given.map((row) => [row.device_id, row.agent_id])));
    const chosen = new Map<number, Chosen>();
    const homes = new Map<number, number>();
    const lists = new Map<number, AssignedDevice[]>();
    const sites = new Map<number, Set<number | null>>();
    const outside: OutsideDevice[] = [];
    for (const device of devices) {
      const choice = choose(device);
      const assigned = toAssigned(device);
      chosen.set(device.id, choice);
      if (assigned && !mayBePolled(networks, assigned.address, device.siteId)) {
        outside.push({ deviceId: device.id, name: device.name, address: assigned.address });
        continue;
      }
      if (choice.agentId === null || !assigned) continue;
      sites.set(choice.agentId, (sites.get(choice.agentId) ?? new Set()).add(device.siteId));
      homes.set(device.id, choice.agentId);
      const list = lists.get(choice.agentId);
      if (list) list.push(assigned);
      else lists.set(choice.agentId, [assigned]);
    }
    const withSilence = [];
    for (const agent of agents) withSilence.push({ ...agent, silence: await this.#silenceOf(agent.id) });
    await this.#leases.setHomes(homes);
    this.#lists = lists;
    this.#networks = networks;
    this.#sites = sites;
    this.#outside = outside;
    this.#chosen = chosen;
    this.#agents = withSilence;
    this.handOut();
  }

  /** Gives every agent what it has to poll now, and answers who waits for it. To be called when who stands in for whom has changed. */
  handOut(): void {
    const byAgent = new Map<number, Assignment>();
    const ownProfiles = this.#ownProfiles.hash;
    for (const { id, name, silence } of this.#agents) {
      const devices = [id, ...this.#leases.standsInFor(id)]
        .flatMap((agentId) => this.#lists.get(agentId) ?? [])
        .sort((a, b) => a.id - b.id);
      const networks = this.#networksOf([id, ...this.#leases.standsInFor(id)]);
      const given = {
        agent: { id, name },
        devices,
        networks,
        ...(silence === undefined ? {} : { silence }),
        ...(ownProfiles === '' ? {} : { ownProfiles }),
      };
      byAgent.set(id, { version: versionOf(given), ...given });
    }
    this.#byAgent = byAgent;
    this.#pollsNow.move((deviceId) => this.agentOf(deviceId));
    this.#wake();
  }

  /** Which agent polls the device now: its own, or the one that stands in for that; null: none. */
  agentOf(deviceId: number): number | null {
    const home = this.#leases.home(deviceId);
    return home === null ? null : (this.#leases.standIn(home) ?? home);
  }

  /** Those of every site, and those of the sites whose devices these agents have. */
  #networksOf(agentIds: readonly number[]): string[] {
    const sites = new Set(agentIds.flatMap((id) => [...(this.#sites.get(id) ?? [])]));
    return this.#networks
      .filter(({ siteId }) => siteId === null || sites.has(siteId))
      .map(({ network }) => networkText(network));
  }

  /** Devices that nobody polls, because their address lies in no network where that may be done. */
  outside(): readonly OutsideDevice[] {
    return this.#outside;
  }

  /** Whether something may be asked at an address, for a device of any site. */
  mayAsk(address: string): boolean {
    return mayBePolled(this.#networks, address, undefined);
  }

  /** What is polled of a device, with its credentials; undefined: nothing is. */
  deviceOf(deviceId: number): AssignedDevice | undefined {
    const home = this.#leases.home(deviceId);
    return home === null ? undefined : this.#lists.get(home)?.find(({ id }) => id === deviceId);
  }

  /** All agents. */
  agents(): { id: number; name: string }[] {
    return this.#agents.map(({ id, name }) => ({ id, name }));
  }

  /** Which agent a device belongs to, and why. */
  chosenFor(deviceId: number): Chosen | undefined {
    return this.#chosen.get(deviceId);
  }

  /** How many devices belong to the agent, and of them by hand. */
  count(agentId: number): { devices: number; byHand: number } {
    const devices = this.#lists.get(agentId) ?? [];
    const byHand = devices.filter(({ id }) => this.#chosen.get(id)?.given === agentId).length;
    return { devices: devices.length, byHand };
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

  /**
   * The assignment as soon as its version is not `known` or there is something to do now, at the latest after `waitMs`.
   * `speaks`: what the agent understands; see `agentHeaders.speaks`.
   */
  async next(
    agentId: number,
    known: string | undefined,
    waitMs: number,
    signal: AbortSignal,
    speaks: number,
  ): Promise<Assignment> {
    const end = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
    const nothing = () =>
      !this.#probes.has(agentId) &&
      !this.#pollsNow.has(agentId) &&
      !this.#discovery.has(agentId) &&
      (speaks < 5 || !this.#switches.has(agentId)) &&
      (speaks < 3 ||
        !(
          this.#ownProfiles.previews.has(agentId) ||
          this.#checkTries.has(agentId) ||
          this.#configurations.has(agentId)
        ));
    if (speaks < 3) this.#discovery.refuse(agentId);
    this.#switches.heard(agentId, speaks >= 5);
    const round = this.#round;
    while (this.now(agentId).version === known && nothing() && !end.aborted && round === this.#round)
      await this.#change(end);
    // Who has gone cannot be handed anything: its next question gets them.
    const probes = signal.aborted ? [] : this.#probes.take(agentId);
    const now = signal.aborted ? [] : this.#pollsNow.take(agentId);
    if (speaks < 3) this.#discovery.refuse(agentId);
    const discovery = signal.aborted || speaks < 3 ? [] : this.#discovery.take(agentId);
    const previews = signal.aborted || speaks < 3 ? [] : this.#ownProfiles.previews.take(agentId);
    const checks = signal.aborted || speaks < 3 ? [] : this.#checkTries.take(agentId);
    const configurations = signal.aborted || speaks < 3 ? [] : this.#configurations.take(agentId);
    const { ownProfiles, ...rest } = this.now(agentId);
    const assignment = { ...rest, ...(ownProfiles === undefined || speaks < 3 ? {} : { ownProfiles }) };
    if (speaks < 3) assignment.devices = assignment.devices.map(withoutChecks);
    await this.#handedOut(assignment.agent, assignment.version, assignment.devices);
    // Last: what is handed out here is never handed out again, whether it arrives or not.
    const switches = signal.aborted || speaks < 5 ? [] : this.#switches.take(agentId);
    return {
      ...assignment,
      ...(probes.length === 0 ? {} : { probes }),
      ...(now.length === 0 ? {} : { now }),
      ...(discovery.length === 0 ? {} : { discovery }),
      ...(previews.length === 0 ? {} : { previews }),
      ...(checks.length === 0 ? {} : { checks }),
      ...(configurations.length === 0 ? {} : { configurations }),
      ...(switches.length === 0 ? {} : { switches }),
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

  /**
   * Gives one device to an agent; null: to the one that polls its site.
   * @throws AppError `not-found`: the device; `invalid`: there is no such agent
   */
  async giveOne(deviceId: number, agentId: number | null): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      const device = await tx
        .selectFrom('devices')
        .select('id')
        .where('id', '=', deviceId)
        .executeTakeFirst();
      if (!device) throw new AppError('not-found', `There is no device ${deviceId}.`);
      await tx.deleteFrom('agent_devices').where('device_id', '=', deviceId).execute();
      if (agentId === null) return;
      const agent = await tx.selectFrom('agents').select('id').where('id', '=', agentId).executeTakeFirst();
      const message = `There is no agent ${agentId}.`;
      if (!agent) throw new AppError('invalid', message, [{ path: 'agentId', message }]);
      await tx.insertInto('agent_devices').values({ device_id: deviceId, agent_id: agentId }).execute();
    });
    await this.refresh();
  }

  /** Has every agent ask anew, though nothing of what it polls has changed: it may be told to take a new key. */
  askAgain(): void {
    this.#round++;
    this.#wake();
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

/** A device that is documented with an address at which nothing may be polled. */
interface OutsideDevice {
  readonly deviceId: number;
  readonly name: string;
  readonly address: string;
}

/** How the agent of a device is found. */
export interface Chosen {
  /** It belongs to this one; null: there is no agent. */
  readonly agentId: number | null;
  /** By hand; null: it goes by its site. */
  readonly given: number | null;
  /** Who would have it by its site, or as the oldest one. */
  readonly bySite: number | null;
}

function chooser(
  agents: readonly AssignedAgent[],
  given: ReadonlyMap<number, number>,
): (device: MonitoredDevice) => Chosen {
  const oldest = agents.reduce<number | null>((id, agent) => Math.min(id ?? agent.id, agent.id), null);
  const ofSite = new Map(agents.flatMap(({ id, siteIds }) => siteIds.map((siteId) => [siteId, id])));
  return ({ id, siteId }) => {
    const bySite = ofSite.get(siteId ?? 0) ?? oldest;
    const byHand = given.get(id) ?? null;
    return { agentId: byHand ?? bySite, given: byHand, bySite };
  };
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
    ...(device.checks && device.checks.length > 0 ? { checks: [...device.checks] } : {}),
  };
}

/** An older agent refuses what it does not know. */
function withoutChecks({ checks: _, ...device }: AssignedDevice): AssignedDevice {
  return device;
}

function versionOf({ devices, silence, networks, ownProfiles }: Omit<Assignment, 'version'>): string {
  return createHash('sha256')
    .update(JSON.stringify([devices, silence ?? null, networks ?? null, ownProfiles ?? null]))
    .digest('hex')
    .slice(0, 32);
}
