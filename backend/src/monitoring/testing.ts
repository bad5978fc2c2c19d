import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAlertRules } from '@rackhaus/config/alert-rules';
import { type Reading, roles } from '@rackhaus/config/contract';
import { pino } from 'pino';
import { createAccess } from '../access/access.ts';
import { keepFixedNetworks } from '../access/polled-networks.ts';
import { openSecretBox } from '../access/secret-box.ts';
import { noLinkMail } from '../access/testing.ts';
import { testAudit } from '../audit/testing.ts';
import { openDatabase } from '../database/open.ts';
import { DiscoveryOrders } from '../discovery/orders.ts';
import { createHttpApp } from '../http/app.ts';
import { readFrontend } from '../http/frontend.ts';
import { closeServer, listen } from '../http/listen.ts';
import type { MonitoredDevice } from '../inventory/monitored.ts';
import { batchOf, type MeasurementStore, openStore } from '../measurements/index.ts';
import { RuleBook } from '../rules/rule-book.ts';
import { SwitchJobs } from '../switching/jobs.ts';
import type { DeviceSource } from './device-source.ts';
import type { LiveState } from './live-state.ts';
import { createMonitoring, type Monitoring } from './monitoring.ts';
import { Probes } from './probes.ts';

/** Devices as a test says. */
export class TestDevices implements DeviceSource {
  #devices: readonly MonitoredDevice[];
  readonly #listeners = new Set<() => void>();

  constructor(devices: readonly MonitoredDevice[]) {
    this.#devices = devices;
  }

  async list(): Promise<MonitoredDevice[]> {
    return [...this.#devices];
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(devices: readonly MonitoredDevice[]): void {
    this.#devices = devices;
    for (const listener of this.#listeners) listener();
  }
}

/** A monitored switch in room 1, rack 1, with ports `1` and `2`; change what the test is about. */
export function testDevice(id: number, change: Partial<MonitoredDevice> = {}): MonitoredDevice {
  return {
    id,
    name: `sw${id}`,
    role: 'switch',
    siteId: 1,
    roomId: 1,
    rackId: 1,
    floorId: 1,
    inService: false,
    place: 'Serverraum, Schrank 1, HE 1',
    monitoring: {
      address: '127.0.0.1',
      snmpPort: 161,
      credentials: { version: '2c', community: 'public' },
      profile: null,
      intervalSeconds: 5,
      ping: true,
      tcp: [],
    },
    ports: [1, 2].map((port) => ({
      id: id * 100 + port,
      name: String(port),
      kind: 'network' as const,
      infrastructure: false,
      farDeviceId: null,
    })),
    ...change,
  };
}

/** That the device answers, at a time. */
export function heard(deviceId: number, time: number, reachable = 1): Reading {
  return { deviceId, kind: 'device', entity: '', time, values: { reachable } };
}

/** Tells the live state readings given as objects. */
export function tell(live: LiveState, readings: readonly Reading[]): void {
  live.apply(batchOf(live.entities, readings));
}

export interface TestServer {
  readonly url: string;
  readonly folder: string;
  readonly devices: TestDevices;
  readonly monitoring: Monitoring;
  readonly store: MeasurementStore;
  readonly access: ReturnType<typeof createAccess>;
  /** Cookie header of a signed-in viewer. */
  cookie(): Promise<string>;
  /** A new agent's token. */
  agent(name: string): Promise<{ id: number; token: string }>;
  close(): Promise<void>;
}

/** A real server with database, store, access and monitoring, but devices as the test says. */
export async function startTestServer(options: {
  devices: TestDevices;
  folder?: string;
  now?: () => number;
  store?: MeasurementStore;
  /** Values that may wait for the store. */
  mostWaiting?: number;
}): Promise<TestServer> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'rackhaus-monitoring-')));
  const now = options.now ?? Date.now;
  const db = await openDatabase(join(folder, 'rackhaus.db'));
  const store =
    options.store ??
    (await openStore({ store: 'embedded', file: join(folder, 'samples.db') }, { log: () => undefined }));
  await keepFixedNetworks(db, ['127.0.0.0/8', '198.18.0.0/15']);
  const audit = testAudit(db, now);
  const access = createAccess({
    db,
    audit,
    secretBox: await openSecretBox(join(folder, 'secret.key')),
    now,
    publicUrl: null,
    demo: false,
    passwordCost: 10,
  });
  const monitoring = await createMonitoring({
    db,
    store,
    devices: options.devices,
    agents: access.agents,
    agentKeys: access.localAgent,
    audit,
    sessions: access.sessions,
    gate: access.gate,
    publicUrl: null,
    discovery: new DiscoveryOrders(),
    configurations: new Probes(),
    switches: new SwitchJobs({ now }),
    ownProfiles: { hash: '', previews: new Probes(), takenBy: () => undefined },
    rules: new RuleBook(await loadAlertRules()),
    now,
    ...(options.mostWaiting === undefined ? {} : { mostWaiting: options.mostWaiting }),
    onError: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  const app = createHttpApp({
    routes: [...access.routes(monitoring.agentFacts, noLinkMail), ...monitoring.routes],
    gate: access.gate,
    frontend: await readFrontend(join(folder, 'frontend')),
    publicUrl: null,
    https: false,
    trustProxy: '',
    checkReplies: true,
    log: pino({ level: 'silent' }),
  });
  const server = createServer(app);
  await monitoring.start(server);
  const url = await listen(server, 0, '127.0.0.1');
  let people = 0;
  return {
    url,
    folder,
    devices: options.devices,
    monitoring,
    store,
    access,
    async cookie() {
      const role = roles[1];
      const name = `viewer ${++people} ${performance.now()}`;
      const userId = await access.users.create({ name, password: 'correct horse battery', role });
      return (await access.sessions.open({ userId }, undefined)).split(';')[0] ?? '';
    },
    agent: async (name) => {
      const { id, token } = await access.agents.create(name);
      const key = `rha_${token.slice(-43)}`;
      await access.enrolment.redeem({ token, key }, null);
      return { id, token: key };
    },
    async close() {
      await monitoring.stop();
      await closeServer(server);
      await store.close();
      await db.destroy();
      if (options.folder === undefined) await rm(folder, { recursive: true });
    },
  };
}
