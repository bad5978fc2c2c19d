import { randomInt } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { AssignedDevice, LiveItem, Reading, SilenceAlarm } from '@rackhaus/config/contract';
import { type Audit, auditBy } from '../audit/audit.ts';
import type { ConfigurationJobs } from '../configurations/backups.ts';
import type { Database } from '../database/tables.ts';
import type { DiscoveryOrders } from '../discovery/orders.ts';
import type { Route } from '../http/route.ts';
import { LiveSockets, type SocketSessions, type WatchGate } from '../live/server.ts';
import { Views } from '../live/views.ts';
import { BatchBuilder, batchOf, type MeasurementStore, type ReadingBatch } from '../measurements/index.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { limitLines } from '../rules/limit-lines.ts';
import type { Previewed } from '../rules/preview.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import type { SwitchJobs } from '../switching/jobs.ts';
import { AcceptedBatches } from './accepted-batches.ts';
import { agentRoutes } from './agent-routes.ts';
import { AgentWatch } from './agent-watch.ts';
import {
  type AssignedAgent,
  Assignments,
  type CheckTries,
  type NoteHandedOut,
  type ProfilesInUse,
} from './assignment.ts';
import { BeginningsFile } from './beginnings.ts';
import { Conditions } from './conditions.ts';
import { DeviceReadings } from './device-readings.ts';
import type { DeviceSource } from './device-source.ts';
import { Ingest } from './ingest.ts';
import { Leases } from './leases/leases.ts';
import { StandingIn } from './leases/standing-in.ts';
import { LiveState } from './live-state.ts';
import { Observations } from './observations.ts';
import { overviewItems } from './overview.ts';
import { ownLimitsOf } from './own-limits.ts';
import { polledNetworksRoutes } from './polled-networks-routes.ts';
import { Polling } from './polling.ts';
import { pollingRoutes } from './polling-routes.ts';
import { type PollNowOptions, PollsNow } from './polls-now.ts';
import { PortStates } from './port-states.ts';
import { type AskDevice, askByAgent } from './probe-by-agent.ts';
import { Probes } from './probes.ts';
import { seriesRoute } from './series-route.ts';
import { LatestSightings } from './sightings.ts';
import { Waiting } from './waiting.ts';

const tickMs = 1000;
const saveMs = 2000;
const tidyMs = 60_000;
/** An agent takes 20 s at most for a check that somebody waits for. */
const checkPatienceMs = 25_000;

interface AgentList {
  list(): Promise<readonly (AssignedAgent & { readonly standbyAgentId: number | null })[]>;
  onChange(listener: () => void): () => void;
  /** For what an agent began before: @throws AppError when it has been revoked since */
  mustBeThere(agentId: number): void;
}

export interface Monitoring {
  readonly routes: readonly Route[];
  readonly observations: Observations;
  /** Who was seen behind which port. */
  readonly sightings: LatestSightings;
  /** Which ports have a link. */
  readonly ports: PortStates;
  /** What devices measure. */
  readonly readings: DeviceReadings;
  /** What asks for attention. */
  readonly conditions: Conditions;
  /** What there is of each device, for who looks at its past. */
  previewed(): Iterable<Previewed>;
  /** What agents are handed besides devices has changed. */
  assignmentsChanged(): Promise<void>;
  /** What the overview shows besides has changed. */
  overviewChanged(): void;
  /** How far the looking through networks is, or what it found, has changed. */
  discoveryChanged(): void;
  /** Devices have sent messages. */
  messagesChanged(): void;
  /** Whether this agent may tell of a device at that time (ms since 1970). */
  mayTellOf(agentId: number, deviceId: number, time: number): boolean;
  /** Notes that an agent told of devices that are not its own. */
  refused(agentId: number, count: number): void;
  /** Which devices are monitored has changed without a change of the inventory. */
  devicesChanged(): Promise<void>;
  /**
   * Stores readings of programs that write by themselves, and shows them.
   * @throws AppError `too-many`, `unavailable`: try again later
   */
  accept(readings: readonly Reading[]): Promise<void>;
  /**
   * Has the agents read these devices out of turn: states of their ports, neighbours, forwarding tables. What was read is
   * in readings, observations and sightings when it resolves.
   * @returns by device, when it was read (ms since 1970); null: no agent polls it, or it did not answer in time
   */
  pollNow(
    deviceIds: readonly number[],
    options?: PollNowOptions,
  ): Promise<ReadonlyMap<number, number | null>>;
  /** Has an agent ask a device; see {@link askByAgent}. */
  readonly probe: AskDevice;
  /** Checks that agents do for somebody who waits. */
  readonly checkTries: CheckTries;
  /** Whether something may be asked at an address, for a device of any site. */
  mayAsk(address: string): boolean;
  /** Notes that an agent was heard. @throws AppError when it has been revoked */
  heard(agentId: number): void;
  /** Which agent polls a device; null: none. */
  agentOf(deviceId: number): number | null;
  /** What is polled of a device, with its credentials: for agents, never for a reply. undefined: nothing is. */
  assignedDevice(deviceId: number): AssignedDevice | undefined;
  /** Agents are to use other profiles. */
  profilesChanged(): void;
  /** What the administration shows of an agent. */
  agentFacts(agentId: number): { devices: number; byHand: number; lastSeen: number | null };
  /** Rebuilds what was known from the store, and serves sockets on this server. To be called before it listens. */
  start(http: Server): Promise<void>;
  /** Ends sockets and timers, and writes what has to be remembered. */
  stop(): Promise<void>;
}

/** Whose overview it is: sites, and the ports of the monitored devices there; null: everything. */
export type OverviewSites = {
  readonly sites: ReadonlySet<number>;
  readonly ports: ReadonlySet<number>;
} | null;

/** Builds everything between the agents' deliveries and the screens. */
export async function createMonitoring(options: {
  db: Database;
  store: MeasurementStore;
  devices: DeviceSource;
  agents: AgentList;
  audit: Audit;
  /** Whether an agent shall take a new key. */
  agentKeys: { isDue(agentId: number): Promise<boolean> };
  sessions: SocketSessions;
  /** Says who may watch what. */
  gate: WatchGate;
  /** The address that a socket comes from; left out: that of its connection. */
  addressOf?: (request: IncomingMessage) => string;
  publicUrl: string | null;
  rules: RuleBook;
  /** What agents are to look through. */
  discovery: DiscoveryOrders;
  /** Configurations that agents are to read. */
  configurations: ConfigurationJobs;
  /** Outlets that agents are to switch. */
  switches: SwitchJobs;
  /** The profiles that people have written. */
  ownProfiles: ProfilesInUse;
  now: () => number;
  /** Milliseconds on a clock that nobody sets; left out: `now`. */
  elapsed?: () => number;
  /** What the overview shows besides what is monitored. */
  alsoInOverview?: (within: OverviewSites) => readonly LiveItem[];
  /** What the view `discovery` shows. */
  inDiscovery?: () => LiveItem[];
  /** What the view `messages` shows. */
  inMessages?: () => LiveItem[];
  /** Whom an agent is to call when this server is silent. */
  silenceOf?: (agentId: number) => Promise<SilenceAlarm | undefined>;
  /** Notes which credentials agents get. */
  handedOut?: NoteHandedOut;
  /** Values that may wait for the store before senders are held back; left out: some millions. */
  mostWaiting?: number;
  /** How long an agent's answer to a probe is waited for. */
  probePatienceMs?: number;
  /** Told of what goes wrong in the background; it is tried again. */
  onError: (message: string, error: unknown) => void;
}): Promise<Monitoring> {
  const { db, store, devices, now, onError } = options;
  const { rules } = options;
  const elapsed = options.elapsed ?? now;
  const leases = new Leases({ db, now });
  const watch = new AgentWatch({ db, rules, now, elapsed, standIns: leases });
  const live = new LiveState({
    rules,
    entities: store.entities,
    now,
    elapsed,
    agentIsWell: (deviceId) => {
      const agentId = assignments.agentOf(deviceId);
      // What programs write about by themselves is not polled: this server hears it, and is well.
      return agentId === null ? isFed(deviceId) : watch.isWell(agentId);
    },
  });
  const isFed = (deviceId: number): boolean => live.devices.get(deviceId)?.device.monitoring === null;
  const accepted = new AcceptedBatches({ db, now });
  const observations = new Observations({ db });
  const sightings = new LatestSightings({ db });
  const beginnings = new BeginningsFile({ db });
  const probes = new Probes(
    options.probePatienceMs === undefined ? {} : { patienceMs: options.probePatienceMs },
  );
  const checkTries: CheckTries = new Probes({ patienceMs: checkPatienceMs });
  const pollsNow = new PollsNow();
  const listAgents = () => options.agents.list();
  const assignments = new Assignments({
    db,
    listAgents,
    devices,
    leases,
    probes,
    pollsNow,
    discovery: options.discovery,
    ownProfiles: options.ownProfiles,
    checkTries,
    configurations: options.configurations,
    switches: options.switches,
    silenceOf: options.silenceOf ?? (async () => undefined),
    handedOut: options.handedOut,
  });
  const polling = new Polling({
    live,
    agentOf: (deviceId) => assignments.agentOf(deviceId),
    homeOf: (deviceId) => leases.home(deviceId),
  });
  const ingest = new Ingest({
    store,
    accepted,
    live,
    agents: watch,
    responsible: leases,
    waiting: new Waiting(options.mostWaiting === undefined ? {} : { most: options.mostWaiting }),
    now,
  });
  // A screen loads the documentation again when this differs from what it has seen, also after a restart.
  let revision = randomInt(2 ** 31);
  const observed = new Map<number, number>();
  const revisionOf = (deviceId: number | null) =>
    revision + (deviceId === null ? 0 : (observed.get(deviceId) ?? 0));
  const within = (sites: ReadonlySet<number> | null): OverviewSites =>
    sites === null
      ? null
      : { sites, ports: new Set(live.in(sites).flatMap(({ device }) => device.ports.map(({ id }) => id))) };
  const views = new Views({
    live,
    overview: (sites) => [
      ...overviewItems(live, watch, sites),
      ...(options.alsoInOverview?.(within(sites)) ?? []),
    ],
    discovery: options.inDiscovery,
    messages: options.inMessages,
    revision: revisionOf,
  });
  const sockets = new LiveSockets({
    views,
    sessions: options.sessions,
    gate: options.gate,
    ...(options.addressOf ? { addressOf: options.addressOf } : {}),
    publicUrl: options.publicUrl,
    now,
    onError: (error) => onError('a socket could not be admitted', error),
    onRefused: ({ caller, address, view, reason }) =>
      void options.audit.note({
        action: 'access',
        outcome: 'refused',
        by: auditBy(caller),
        address,
        detail: { route: `watch ${view}`, reason },
      }),
  });

  const stops: (() => void)[] = [];
  /** `deviceIds`: of these, also of those that tell of none any more; left out: of all. */
  const readOwnLimits = async (deviceIds?: readonly number[]) => {
    const silent = new Set(deviceIds);
    for await (const some of observations.withLimits(deviceIds)) {
      live.setOwnLimits(new Map(Array.from(some, ([id, said]) => [id, ownLimitsOf(said)] as const)));
      for (const id of some.keys()) silent.delete(id);
    }
    live.setOwnLimits(new Map(Array.from(silent, (id) => [id, new Map()] as const)));
  };
  const followDevices = async () => {
    const added = live.setDevices(await devices.list());
    if (added.length > 0) await readOwnLimits(added);
  };
  const refresh = oneAtATime(async () => {
    await Promise.all([followDevices(), assignments.refresh()]);
    revision++;
    sockets.everythingChanged();
  });
  const standingIn = new StandingIn({
    watch,
    leases,
    now,
    elapsed,
    changed: () => {
      assignments.handOut();
      // What is said of a silent agent says who has taken over.
      watch.tick();
      sockets.overviewChanged();
    },
  });
  const standIn = oneAtATime(() => standingIn.tick());
  const refreshAgents = oneAtATime(async () => {
    const agents = await options.agents.list();
    await watch.setAgents(agents);
    standingIn.setAgents(agents);
    await assignments.refresh();
    probes.keepOnly(new Set(agents.map(({ id }) => id)));
    checkTries.keepOnly(new Set(agents.map(({ id }) => id)));
    options.configurations.keepOnly(new Set(agents.map(({ id }) => id)));
    options.switches.keepOnly(new Set(agents.map(({ id }) => id)));
    options.ownProfiles.previews.keepOnly(new Set(agents.map(({ id }) => id)));
    assignments.askAgain();
  });
  const save = oneAtATime(async () => {
    await accepted.save();
    await watch.save();
    await beginnings.save(new Map([...live.beginnings(), ...watch.beginnings()]));
  });
  const inBackground = (what: string, work: () => Promise<void>) => () => {
    work().catch((error: unknown) => onError(what, error));
  };
  const every = (ms: number, work: () => void) => {
    const timer = setInterval(work, ms);
    stops.push(() => clearInterval(timer));
  };

  return {
    routes: [
      ...agentRoutes({
        assignments,
        responsible: leases,
        ingest,
        observations,
        accepted,
        agents: watch,
        probes,
        pollsNow,
        sightings,
        mustBeThere: (agentId) => options.agents.mustBeThere(agentId),
        keyIsDue: (agentId) => options.agentKeys.isDue(agentId),
        profilesTaken: (agentId, taken) => options.ownProfiles.takenBy(agentId, taken),
      }),
      seriesRoute({
        store,
        limitsOf(deviceId, kind, entity) {
          const device = live.devices.get(deviceId)?.device;
          const own = live.ownLimits(deviceId)?.get(`${kind}/${entity}`);
          return device === undefined ? [] : limitLines(rules, device, { kind, entity, own });
        },
      }),
      ...polledNetworksRoutes({ db, assignments, audit: options.audit }),
      ...pollingRoutes({ polling, assignments, now }),
    ],
    observations,
    sightings,
    ports: new PortStates({ live }),
    readings: new DeviceReadings({ live }),
    conditions: new Conditions({ live, agents: watch, rules }),
    previewed: () =>
      Array.from(live.devices.values(), (one) => ({
        device: one.device,
        entities: one.entities(),
        own: live.ownLimits(one.device.id) ?? new Map(),
      })),
    assignmentsChanged: () => refreshAgents(),
    overviewChanged: () => sockets.overviewChanged(),
    discoveryChanged: () => sockets.discoveryChanged(),
    messagesChanged: () => sockets.messagesChanged(),
    mayTellOf: (agentId, deviceId, time) => leases.covers(agentId, deviceId, time),
    refused: (agentId, count) => watch.refused(agentId, count),
    devicesChanged: () => refresh(),
    accept: (readings) => ingest.accept(batchOf(store.entities, readings)),
    async pollNow(deviceIds, waiting) {
      const times = [...new Set(deviceIds)].map(async (deviceId): Promise<[number, number | null]> => {
        const agentId = assignments.agentOf(deviceId);
        return [deviceId, agentId === null ? null : await pollsNow.ask(agentId, deviceId, waiting)];
      });
      return new Map(await Promise.all(times));
    },
    probe: askByAgent({ listAgents, assignments, probes }),
    checkTries,
    mayAsk: (address) => assignments.mayAsk(address),
    agentOf: (deviceId) => assignments.agentOf(deviceId),
    assignedDevice: (deviceId) => assignments.deviceOf(deviceId),
    profilesChanged: () => assignments.handOut(),
    heard(agentId) {
      options.agents.mustBeThere(agentId);
      watch.seen(agentId);
    },
    agentFacts: (agentId) => ({ ...assignments.count(agentId), lastSeen: watch.lastSeen(agentId) }),
    async start(http) {
      await accepted.load();
      await leases.load();
      const begun = await beginnings.load();
      watch.restore(begun);
      await refreshAgents();
      live.setDevices(await devices.list());
      // Before what is known is judged again.
      await readOwnLimits();
      live.rebuild(await latest(store, onError), begun);
      stops.push(
        devices.onChange(inBackground('the inventory could not be followed', refresh)),
        options.agents.onChange(inBackground('the agents could not be followed', refreshAgents)),
        observations.onChange((deviceIds) => {
          for (const id of deviceIds) observed.set(id, (observed.get(id) ?? 0) + 1);
          sockets.changed(new Map(deviceIds.map((id) => [id, new Set<string>()])));
          inBackground('the limits of devices could not be read', () => readOwnLimits(deviceIds))();
        }),
        live.onChange((change) => sockets.changed(change)),
        rules.onChange(() => {
          live.setLimits();
          watch.setLimits();
        }),
        watch.onChange(() => sockets.overviewChanged()),
      );
      every(tickMs, () => {
        live.tick();
        watch.tick();
        inBackground('whose devices another agent takes over could not be looked at', standIn)();
      });
      every(
        tidyMs,
        inBackground('who polled what could not be tidied', () => leases.tidy()),
      );
      every(saveMs, inBackground('the state could not be saved', save));
      sockets.start(http);
    },
    async stop() {
      for (const stop of stops.splice(0)) stop();
      probes.stop();
      checkTries.stop();
      pollsNow.stop();
      sockets.stop();
      await save();
    },
  };
}

/** Without the store the past is missing, but what comes from now on can be shown all the same. */
async function latest(
  store: MeasurementStore,
  onError: (message: string, error: unknown) => void,
): Promise<ReadingBatch> {
  try {
    return await store.latest();
  } catch (error) {
    onError('the newest readings could not be loaded', error);
    return new BatchBuilder(store.entities).finish();
  }
}
