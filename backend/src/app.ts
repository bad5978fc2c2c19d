import { createServer } from 'node:http';
import type { BackendSettings } from '@rackhaus/config/settings';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { createAccess } from './access/access.ts';
import { recommendedCost } from './access/passwords.ts';
import { openSecretBox } from './access/secret-box.ts';
import { type AlertingChain, createAlertingChain } from './alerting-chain.ts';
import { createDrift, type Drift } from './cabling/drift/drift.ts';
import { createOrders } from './cabling/orders/change-orders.ts';
import { powerRoutes } from './cabling/power/routes.ts';
import { Closers } from './closers.ts';
import { dataFiles } from './data-files.ts';
import { openDatabase } from './database/open.ts';
import { createHttpApp } from './http/app.ts';
import { readFrontend } from './http/frontend.ts';
import { healthRoute } from './http/health.ts';
import { closeServer, listen } from './http/listen.ts';
import { createInventory } from './inventory/inventory.ts';
import { labelRoutes } from './labels/routes.ts';
import { createLog } from './log.ts';
import { openStore, type StoreSettings } from './measurements/index.ts';
import { createMonitoring } from './monitoring/monitoring.ts';
import { ruleRoutes } from './rules/routes.ts';
import { createRules } from './rules/rules.ts';
import { simulatorRoutes } from './simulation/routes.ts';
import { Simulator } from './simulation/simulator.ts';

export interface Backend {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** What the console has to show while there is no administrator; null when there is one. */
  readonly setupCode: string | null;
  close(): Promise<void>;
}

/**
 * Builds the whole backend from settings and starts it; resolves when it serves. What was opened is closed again when
 * something fails. Tests give `now` and a smaller `passwordCost`, and begin without the types that come with Rackhaus.
 */
export async function createBackend(
  settings: BackendSettings,
  parts: { now?: () => number; passwordCost?: number; bringTypes?: boolean; log?: Logger } = {},
): Promise<Backend> {
  const closers = new Closers();
  try {
    return await build(
      settings,
      {
        now: Date.now,
        // A test that sets the time has that one alone.
        elapsed: parts.now ?? (() => performance.now()),
        passwordCost: recommendedCost,
        bringTypes: true,
        ...parts,
      },
      closers,
    );
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function build(
  settings: BackendSettings,
  parts: {
    now: () => number;
    elapsed: () => number;
    passwordCost: number;
    bringTypes: boolean;
    log?: Logger;
  },
  closers: Closers,
): Promise<Backend> {
  const log = parts.log ?? createLog(settings.logLevel);
  const { now, passwordCost } = parts;
  const { publicUrl } = settings;
  const files = dataFiles(settings.dataDir);

  // Stores
  const db = await openDatabase(files.database);
  closers.add(() => db.destroy());
  const secretBox = await openSecretBox(files.secretKey);
  const store = await openStore(storeSettings(settings), { log: (message) => log.warn(message) });
  closers.add(() => store.close());

  // Who may do what
  const access = createAccess({ db, now, publicUrl, passwordCost, demo: settings.simulatorUrl !== null });
  access.sessions.start((error) => log.error({ err: error }, 'ending timed out sessions failed'));
  closers.add(() => access.sessions.stop());
  if (!(await access.agents.ensureLocal(files.localAgentToken)))
    log.warn(
      { file: files.localAgentToken },
      'the agent of this machine has been revoked; delete the file to have it again',
    );

  // What stands where, and what devices say
  const inventory = createInventory({
    db,
    secretBox,
    now,
    onError: (message, error) => log.error({ err: error }, message),
  });
  closers.add(() => inventory.stop());
  if (parts.bringTypes) await inventory.bringShippedTypes();
  const rules = await createRules({
    db,
    onCommit: (listener) => inventory.events.onChange(listener),
    onError: (error) => log.error({ err: error }, 'the limits of rules could not be read'),
  });
  closers.add(() => rules.stop());
  let drift: Drift | null = null;
  let chain: AlertingChain | null = null;
  const monitoring = await createMonitoring({
    db,
    store,
    devices: inventory.monitored,
    agents: access.agents,
    sessions: access.sessions,
    publicUrl,
    rules: rules.book,
    now,
    elapsed: parts.elapsed,
    silenceOf: async (agentId) => chain?.silenceOf(agentId),
    alsoInOverview: () => [...(drift?.overviewItems() ?? []), ...(chain?.overviewItems() ?? [])],
    onError: (message, error) => log.error({ err: error }, message),
  });
  const orders = createOrders({
    db,
    changes: inventory.changes,
    now,
    interruptedBy: (out, items) => inventory.sites.interrupted(out, items),
    afterStep: (step) => drift?.afterStep(step),
  });
  drift = createDrift({
    db,
    changes: inventory.changes,
    network: monitoring,
    pollNow: (deviceIds, waiting) => monitoring.pollNow(deviceIds, waiting),
    onCommit: (listener) => inventory.events.onChange(listener),
    makeDraft: (order, caller) => orders.makeDraft(order, caller),
    now,
    onChange: () => monitoring.overviewChanged(),
    onError: (error) => log.error({ err: error }, 'cables could not be compared'),
  });
  const { routes: driftRoutes } = drift;

  chain = createAlertingChain({
    db,
    secretBox,
    store,
    inventory,
    monitoring,
    agents: access.agents,
    rules,
    dataDir: settings.dataDir,
    publicUrl,
    now,
    steady: parts.elapsed,
    log,
  });
  const { routes: alertingRoutes } = chain;

  // HTTP
  const health = healthRoute({
    checks: { database: () => sql`select 1`.execute(db), store: () => store.check() },
    onFailure: (name, error) => log.error({ err: error, check: name }, 'health check failed'),
  });
  const frontend = await readFrontend(settings.frontendDir);
  if (frontend.indexHtml === null) log.warn({ folder: frontend.folder }, 'the interface has not been built');
  const simulator =
    settings.simulatorUrl === null || settings.simulatorToken === null
      ? null
      : new Simulator({ url: settings.simulatorUrl, token: settings.simulatorToken });
  const app = createHttpApp({
    routes: [
      health,
      ...access.routes((agentId) => monitoring.agentFacts(agentId)),
      ...inventory.routes({
        latestObservation: (deviceId) => monitoring.observations.of(deviceId),
        documentsFolder: files.documents,
        ask: monitoring.probe,
        sightings: monitoring.sightings,
      }),
      ...labelRoutes({ db, publicUrl, now }),
      ...monitoring.routes,
      ...ruleRoutes({
        db,
        rules,
        store,
        conditions: () => monitoring.conditions.all(),
        devices: () => monitoring.previewed(),
        now,
        elapsed: parts.elapsed,
      }),
      ...driftRoutes,
      ...orders.routes,
      ...alertingRoutes,
      ...powerRoutes({ db, sites: inventory.sites, readings: monitoring.readings }),
      ...(simulator === null ? [] : simulatorRoutes({ simulator })),
    ],
    admit: access.admit,
    frontend,
    publicUrl,
    trustProxy: settings.trustProxy,
    checkReplies: settings.checkReplies,
    log,
  });
  const server = createServer(app);
  await inventory.start();
  await monitoring.start(server);
  closers.add(async () => {
    // Sockets keep the server open: it takes nothing new, then they end, then it is closed.
    const closed = closeServer(server);
    await monitoring.stop();
    await closed;
  });
  await chain.start(closers);
  await drift.start();
  closers.add(() => drift?.stop() ?? Promise.resolve());

  const setupCode = await access.firstSetup.start();
  const url = await listen(server, settings.port, settings.host);
  log.info({ url }, 'listening');
  return { url, setupCode, close: () => closers.close() };
}

function storeSettings(settings: BackendSettings): StoreSettings {
  if (settings.store === 'embedded' || settings.influxUrl === null)
    return { store: 'embedded', file: dataFiles(settings.dataDir).measurements };
  return {
    store: 'influx',
    url: settings.influxUrl,
    database: settings.influxDatabase,
    ...(settings.influxUser === '' ? {} : { user: settings.influxUser }),
    ...(settings.influxPassword === null ? {} : { password: settings.influxPassword.reveal() }),
  };
}
