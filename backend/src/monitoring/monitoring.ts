import { randomInt } from 'node:crypto';
import type { Server } from 'node:http';
import type { LiveItem, Reading, SilenceAlarm } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import type { Route } from '../http/route.ts';
import { LiveSockets, type SocketSessions } from '../live/server.ts';
import { Views } from '../live/views.ts';
import type { MeasurementStore } from '../measurements/index.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import type { Previewed } from '../rules/preview.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import { AcceptedBatches } from './accepted-batches.ts';
import { agentRoutes } from './agent-routes.ts';
import { AgentWatch } from './agent-watch.ts';
import { Assignments } from './assignment.ts';
import { BeginningsFile } from './beginnings.ts';
import { Conditions } from './conditions.ts';
import { DeviceReadings } from './device-readings.ts';
import type { DeviceSource } from './device-source.ts';
import { Ingest } from './ingest.ts';
import { LiveState } from './live-state.ts';
import { Observations } from './observations.ts';
import { overviewItems } from './overview.ts';
import { type PollNowOptions, PollsNow } from './polls-now.ts';
import { PortStates } from './port-states.ts';
import { type AskDevice, askByAgent } from './probe-by-agent.ts';
import { Probes } from './probes.ts';
import { seriesRoute } from './series-route.ts';
import { LatestSightings } from './sightings.ts';

const tickMs = 1000;
const saveMs = 2000;

interface AgentList {
  list(): Promise<readonly { id: number; name: string }[]>;
  onChange(listener: () => void): () => void;
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
  /** Which agent polls a device; null: none. */
  agentOf(deviceId: number): number | null;
  /** What the administration shows of an agent. */
  agentFacts(agentId: number): { devices: number; lastSeen: number | null };
  /** Rebuilds what was known from the store, and serves sockets on this server. To be called before it listens. */
  start(http: Server): Promise<void>;
  /** Ends sockets and timers, and writes what has to be remembered. */
  stop(): Promise<void>;
}

/** Builds everything between the agents' deliveries and the screens. */
export async function createMonitoring(options: {
  db: Database;
  store: MeasurementStore;
  devices: DeviceSource;
  agents: AgentList;
  sessions: SocketSessions;
  publicUrl: string | null;
  rules: RuleBook;
  now: () => number;
  /** Milliseconds on a clock that nobody sets; left out: `now`. */
  elapsed?: () => number;
  /** What the overview shows besides what is monitored. */
  alsoInOverview?: () => readonly LiveItem[];
  /** Whom an agent is to call when this server is silent. */
  silenceOf?: (agentId: number) => Promise<SilenceAlarm | undefined>;
  /** How long an agent's answer to a probe is waited for. */
  probePatienceMs?: number;
  /** Told of what goes wrong in the background; it is tried again. */
  onError: (message: string, error: unknown) => void;
}): Promise<Monitoring> {
  const { db, store, devices, now, onError } = options;
  const { rules } = options;
  const elapsed = options.elapsed ?? now;
  const watch = new AgentWatch({ db, rules, now, elapsed });
  const live = new LiveState({
    rules,
    now,
    elapsed,
    agentIsWell: (deviceId) => {
      const agentId = assignments.agentOf(deviceId);
      return agentId !== null && watch.isWell(agentId);
    },
  });
  const accepted = new AcceptedBatches({ db, now });
  const observations = new Observations({ db });
  const sightings = new LatestSightings({ db });
  const beginnings = new BeginningsFile({ db });
  const probes = new Probes(
    options.probePatienceMs === undefined ? {} : { patienceMs: options.probePatienceMs },
  );
  const pollsNow = new PollsNow();
  const listAgents = () => options.agents.list();
  const assignments = new Assignments({
    db,
    listAgents,
    devices,
    probes,
    pollsNow,
    silenceOf: options.silenceOf ?? (async () => undefined),
  });
  const covers = (agentId: number, deviceId: number) => assignments.covers(agentId, deviceId);
  const ingest = new Ingest({ store, accepted, live, agents: watch, covers, now });
  // A screen loads the documentation again when this differs from what it has seen, also after a restart.
  let revision = randomInt(2 ** 31);
  const observed = new Map<number, number>();
  const revisionOf = (deviceId: number | null) =>
    revision + (deviceId === null ? 0 : (observed.get(deviceId) ?? 0));
  const views = new Views({
    live,
    overview: () => [...overviewItems(live, watch), ...(options.alsoInOverview?.() ?? [])],
    revision: revisionOf,
  });
  const sockets = new LiveSockets({
    views,
    sessions: options.sessions,
    publicUrl: options.publicUrl,
    now,
    onError: (error) => onError('a socket could not be admitted', error),
  });

  const stops: (() => void)[] = [];
  const refresh = oneAtATime(async () => {
    await Promise.all([devices.list().then((list) => live.setDevices(list)), assignments.refresh()]);
    revision++;
    sockets.everythingChanged();
  });
  const refreshAgents = oneAtATime(async () => {
    await watch.setAgents(await options.agents.list());
    await assignments.refresh();
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
        ingest,
        observations,
        accepted,
        agents: watch,
        probes,
        pollsNow,
        sightings,
      }),
      seriesRoute({ store }),
    ],
    observations,
    sightings,
    ports: new PortStates({ live }),
    readings: new DeviceReadings({ live }),
    conditions: new Conditions({ live, agents: watch, rules }),
    previewed: () =>
      Array.from(live.devices.values(), (one) => ({ device: one.device, entities: one.entities() })),
    assignmentsChanged: () => refreshAgents(),
    overviewChanged: () => sockets.overviewChanged(),
    async pollNow(deviceIds, waiting) {
      const times = [...new Set(deviceIds)].map(async (deviceId): Promise<[number, number | null]> => {
        const agentId = assignments.agentOf(deviceId);
        return [deviceId, agentId === null ? null : await pollsNow.ask(agentId, deviceId, waiting)];
      });
      return new Map(await Promise.all(times));
    },
    probe: askByAgent({ listAgents, assignments, probes }),
    agentOf: (deviceId) => assignments.agentOf(deviceId),
    agentFacts: (agentId) => ({ devices: assignments.count(agentId), lastSeen: watch.lastSeen(agentId) }),
    async start(http) {
      await accepted.load();
      const begun = await beginnings.load();
      watch.restore(begun);
      await refreshAgents();
      live.setDevices(await devices.list());
      live.rebuild(await latest(store, onError), begun);
      stops.push(
        devices.onChange(inBackground('the inventory could not be followed', refresh)),
        options.agents.onChange(inBackground('the agents could not be followed', refreshAgents)),
        observations.onChange((deviceIds) => {
          for (const id of deviceIds) observed.set(id, (observed.get(id) ?? 0) + 1);
          sockets.changed(new Map(deviceIds.map((id) => [id, new Set<string>()])));
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
      });
      every(saveMs, inBackground('the state could not be saved', save));
      sockets.start(http);
    },
    async stop() {
      for (const stop of stops.splice(0)) stop();
      probes.stop();
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
): Promise<Reading[]> {
  try {
    return await store.latest();
  } catch (error) {
    onError('the newest readings could not be loaded', error);
    return [];
  }
}
