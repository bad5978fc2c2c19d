import type { SecondFactorPolicy } from '@rackhaus/config/contract';
import { loadProfiles } from '@rackhaus/config/profiles';
import type { BackendSettings } from '@rackhaus/config/settings';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { createAccess } from './access/access.ts';
import { createFederation } from './access/federation/federation.ts';
import { KeyMisuseWatch } from './access/key-misuse-watch.ts';
import { recommendedCost } from './access/passwords.ts';
import { LinkMail } from './access/people/link-mail.ts';
import { keepFixedNetworks } from './access/polled-networks.ts';
import { openSecretBox } from './access/secret-box.ts';
import { type AlertingChain, createAlertingChain } from './alerting-chain.ts';
import { lastOf } from './audit/append.ts';
import { Audit, byNobody } from './audit/audit.ts';
import { CallContexts } from './audit/call-context.ts';
import { AuditCare } from './audit/care.ts';
import { Forwarding } from './audit/forwarding.ts';
import { HandedOut } from './audit/handed-out.ts';
import { openAuditKey } from './audit/key.ts';
import { RequestNotes } from './audit/request-notes.ts';
import { auditRoutes } from './audit/routes.ts';
import { LogWatch } from './audit/watch.ts';
import { createDrift, type Drift } from './cabling/drift/drift.ts';
import { createOrders } from './cabling/orders/change-orders.ts';
import { openOrdersOf } from './cabling/orders/open-orders-of.ts';
import { powerRoutes } from './cabling/power/routes.ts';
import { checkRoutes } from './checks/routes.ts';
import { Closers } from './closers.ts';
import { configurationJobs, createConfigurations } from './configurations/service.ts';
import { dataFiles } from './data-files.ts';
import { openDatabase } from './database/open.ts';
import { DiscoveryOrders } from './discovery/orders.ts';
import { createDiscovery, type Discovery } from './discovery/service.ts';
import { createFeeds } from './feeds/service.ts';
import { createHttpApp } from './http/app.ts';
import { readFrontend } from './http/frontend.ts';
import { healthRoute } from './http/health.ts';
import { limitConnections } from './http/limit-connections.ts';
import { closeServer, listen } from './http/listen.ts';
import { protectionRoute } from './http/protection-route.ts';
import { Proxies } from './http/proxies.ts';
import { Rates } from './http/rates.ts';
import { Credentials } from './inventory/credentials/credentials.ts';
import { createInventory } from './inventory/inventory.ts';
import { labelRoutes } from './labels/routes.ts';
import { createLog } from './log.ts';
import { openStore } from './measurements/index.ts';
import { createMonitoring } from './monitoring/monitoring.ts';
import { standsIn } from './on-call/stands-in.ts';
import { AllowedNetworks } from './outgoing/allowed-networks.ts';
import { Outgoing } from './outgoing/outgoing.ts';
import { outgoingRoutes } from './outgoing/routes.ts';
import { OwnProfiles } from './own-profiles/own-profiles.ts';
import { previewOnDevice } from './own-profiles/preview-on.ts';
import { ownProfileRoutes } from './own-profiles/routes.ts';
import { ProfileViews } from './own-profiles/views.ts';
import { ruleRoutes } from './rules/routes.ts';
import { createRules } from './rules/rules.ts';
import { simulatorRoutes } from './simulation/routes.ts';
import { Simulator } from './simulation/simulator.ts';
import { storeSettings } from './store-settings.ts';
import { SwitchingCredentials } from './switching/credentials.ts';
import { SwitchedInIncidents } from './switching/explain.ts';
import { SwitchJobs } from './switching/jobs.ts';
import { SwitchJournal } from './switching/journal.ts';
import { switchingRoutes } from './switching/routes.ts';
import { OutletSwitching } from './switching/service.ts';
import { syslogRoutes } from './syslog/routes.ts';
import { Syslog } from './syslog/service.ts';
import type { Certificates } from './tls/certificates.ts';
import { certificatesOf } from './tls/open.ts';
import { createRedirectServer, createServer } from './tls/server.ts';
import { CertificateWatch } from './tls/watch.ts';

export interface Backend {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** What the console has to show while there is no administrator; null when there is one. */
  readonly setupCode: string | null;
  /** The certificate that it shows; null: it does not encrypt by itself. */
  readonly certificates: Certificates | null;
  close(): Promise<void>;
}

/**
 * Builds the whole backend from settings and starts it; resolves when it serves. What was opened is closed again when
 * something fails. Tests give `now` and a smaller `passwordCost`, say who needs a second factor, and begin without the types that come with Rackhaus.
 */
export async function createBackend(
  settings: BackendSettings,
  parts: {
    now?: () => number;
    passwordCost?: number;
    bringTypes?: boolean;
    secondFactor?: SecondFactorPolicy;
    log?: Logger;
  } = {},
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
    secondFactor?: SecondFactorPolicy;
    log?: Logger;
  },
  closers: Closers,
): Promise<Backend> {
  const log = parts.log ?? createLog(settings.logLevel);
  const { now, passwordCost } = parts;
  const { publicUrl } = settings;
  const files = dataFiles(settings.dataDir);

  // How this server is reached. First, so that a wrong certificate stops the start before anything is opened.
  const certificates = certificatesOf({
    settings,
    selfSigned: files.selfSigned,
    now,
    onError: (problem) =>
      log.error({ problem }, 'the new certificate cannot be used; the one before goes on'),
  });
  await certificates?.start();
  if (certificates !== null) closers.add(() => certificates.stop());
  const proxies = new Proxies(settings.trustProxy);
  const https = certificates !== null || publicUrl?.startsWith('https:') === true;

  // Stores
  const db = await openDatabase(files.database);
  closers.add(() => db.destroy());
  const calls = new CallContexts();
  const auditKey = await openAuditKey(files.auditKey);
  // Before this start notes anything itself.
  const { number: notedBefore } = await lastOf(db);
  const audit = new Audit({
    db,
    key: auditKey,
    now,
    elapsed: parts.elapsed,
    log,
    contexts: calls,
  });
  const secretBox = await openSecretBox(files.secretKey);
  const store = await openStore(storeSettings(settings), { log: (message) => log.warn(message) });
  closers.add(() => store.close());

  await keepFixedNetworks(db, settings.polledNetworks);

  // Who may do what
  const access = createAccess({
    db,
    audit,
    secretBox,
    now,
    publicUrl,
    https,
    fingerprint: () =>
      certificates?.source === 'self-signed' ? `sha256:${certificates.current.fingerprint}` : null,
    passwordCost,
    demo: settings.simulatorUrl !== null,
  });
  if (parts.secondFactor !== undefined) await access.secondFactorRule.set(parts.secondFactor, null);
  access.sessions.start((error) => log.error({ err: error }, 'ending timed out sessions failed'));
  closers.add(() => access.sessions.stop());
  if (!(await access.localAgent.ensure(files.localAgentToken)))
    log.warn(
      { file: files.localAgentToken },
      'the agent of this machine has been revoked; delete the file to have it again',
    );
  access.localAgent.start(files.localAgentToken, (error) =>
    log.error({ err: error }, 'the key of the agent of this machine could not be renewed'),
  );
  closers.add(() => access.localAgent.stop());

  // Where this server may connect to
  const networks = new AllowedNetworks({ db, now, fixed: settings.outgoingNetworks });
  await networks.start();
  const outgoing = new Outgoing({ allowed: () => networks.all });
  const federation = createFederation({
    db,
    secretBox,
    users: access.users,
    sessions: access.sessions,
    signIns: access.signIns,
    attempts: access.attempts,
    outgoing,
    audit,
    publicUrl,
    https,
    now,
    // The message alone: what is behind it may hold tokens.
    onTrouble: (source, error) =>
      log.warn({ source, problem: error.message }, 'somebody could not sign in elsewhere'),
  });
  federation.recheck.start((error) =>
    log.error({ err: error }, 'who signs in by a directory could not be checked again'),
  );
  closers.add(() => federation.recheck.stop());
  const forwarding = new Forwarding({ db, outgoing, elapsed: parts.elapsed, log });
  const handedOut = new HandedOut({ db, audit, key: auditKey, secretBox, now });
  const auditCare = new AuditCare({
    db,
    audit,
    key: auditKey,
    headFile: files.auditHead,
    forwarding,
    now,
    elapsed: parts.elapsed,
    log,
    before: notedBefore,
  });

  // What stands where, and what devices say
  const shipped = await loadProfiles();
  const inventory = createInventory({
    db,
    isShippedProfile: (id) => shipped.profiles.has(id),
    secretBox,
    outside: outgoing,
    now,
    audit,
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
  let discovery: Discovery | null = null;
  let syslog: Syslog | null = null;
  const discoveryOrders = new DiscoveryOrders();
  const jobs = configurationJobs();
  const switches = new SwitchJobs({ now });
  const ownProfiles = new OwnProfiles({ db, audit, shipped, now });
  await ownProfiles.start();
  closers.add(() => ownProfiles.stop());
  const monitoring = await createMonitoring({
    db,
    store,
    devices: inventory.monitored,
    agents: access.agents,
    agentKeys: access.localAgent,
    audit,
    sessions: access.sessions,
    gate: access.gate,
    addressOf: (request) => proxies.callerOf(request),
    publicUrl,
    rules: rules.book,
    discovery: discoveryOrders,
    configurations: jobs,
    switches,
    inDiscovery: () => discovery?.liveItems() ?? [],
    inMessages: () => syslog?.liveItems() ?? [],
    ownProfiles,
    now,
    elapsed: parts.elapsed,
    handedOut: (agent, version, devices) => handedOut.note(agent, version, devices),
    silenceOf: async (agentId) => chain?.silenceOf(agentId),
    alsoInOverview: (within) => [
      ...(drift?.overviewItems(within?.ports ?? null) ?? []),
      ...(chain?.overviewItems(within?.sites ?? null) ?? []),
    ],
    onError: (message, error) => log.error({ err: error }, message),
  });
  ownProfiles.onChange(() => monitoring.profilesChanged());
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
  const { routes: driftRoutes, watch: driftWatch } = drift;
  const sets = new Credentials({ db, secretBox });
  discovery = createDiscovery({
    db,
    changes: inventory.changes,
    orders: discoveryOrders,
    agents: () => access.agents.list(),
    openCredentials: (id) => sets.open(id),
    handedOut: (agent, ids) => handedOut.noteSets(agent, ids),
    heard: (agentId) => monitoring.heard(agentId),
    known: () => driftWatch.known(),
    roleOf: (profile) =>
      ownProfiles.set.compose(profile)?.parts.find(({ role }) => role !== undefined)?.role ?? null,
    onCommit: (listener) => inventory.events.onChange(listener),
    now,
    elapsed: parts.elapsed,
    onChange: () => monitoring.discoveryChanged(),
    onError: (message, error) => log.error({ err: error }, message),
  });
  const { routes: discoveryRoutes } = discovery;

  chain = createAlertingChain({
    db,
    secretBox,
    store,
    inventory,
    monitoring,
    agents: access.agents,
    rules,
    outgoing,
    dataDir: settings.dataDir,
    publicUrl,
    now,
    steady: parts.elapsed,
    log,
  });
  const { routes: alertingRoutes, mail } = chain;
  const configurations = createConfigurations({
    db,
    secretBox,
    audit,
    jobs,
    agents: {
      of: (deviceId) => monitoring.agentOf(deviceId),
      list: () => access.agents.list(),
      mayAsk: (address) => monitoring.mayAsk(address),
    },
    heard: (agentId) => monitoring.heard(agentId),
    incidents: chain.incidents,
    profiles: () => ownProfiles.set,
    now,
    elapsed: parts.elapsed,
    onError: (message, error) => log.error({ err: error }, message),
  });
  const switchingCredentials = new SwitchingCredentials({ db, secretBox, audit, now });
  const switching = new OutletSwitching({
    db,
    audit,
    sites: inventory.sites,
    profiles: () => ownProfiles.set,
    sources: {
      deviceOf: (deviceId) => monitoring.assignedDevice(deviceId),
      agentOf: (deviceId) => monitoring.agentOf(deviceId),
      agents: () => access.agents.list(),
      readingsOf: (deviceId) => monitoring.readings.of(deviceId),
      observationOf: (deviceId) => monitoring.observations.of(deviceId),
    },
    credentials: switchingCredentials,
    journal: new SwitchJournal({ db, audit, now }),
    jobs: switches,
    now,
  });
  syslog = new Syslog({
    db,
    file: files.syslog,
    incidents: chain.incidents,
    mayTellOf: (agentId, deviceId, time) => monitoring.mayTellOf(agentId, deviceId, time),
    agentOf: (deviceId) => monitoring.agentOf(deviceId),
    readNow: (deviceIds) =>
      void monitoring
        .pollNow(deviceIds)
        .catch((error: unknown) => log.error({ err: error }, 'devices could not be read out of turn')),
    refused: (agentId, count) => monitoring.refused(agentId, count),
    onCommit: (listener) => inventory.events.onChange(listener),
    onChange: () => monitoring.messagesChanged(),
    now,
    log: (message) => log.warn(message),
    onError: (message, error) => log.error({ err: error }, message),
  });
  // Agents do not call who is not there any more.
  access.users.onLocked(() => {
    monitoring
      .assignmentsChanged()
      .catch((error: unknown) => log.error({ err: error }, 'agents could not be told whom to call'));
  });
  const linkMail = new LinkMail({
    send: mail.send,
    words: mail.settings,
    onError: (error) => log.warn({ err: error }, 'a link for an account could not be sent'),
  });

  const feeds = await createFeeds({
    db,
    now,
    version: packageJson.version,
    accept: (readings) => monitoring.accept(readings),
    fedChanged: () => monitoring.devicesChanged(),
    onCommit: (listener) => inventory.events.onChange(listener),
    onRefused: (address) =>
      void audit.note({
        action: 'access',
        outcome: 'refused',
        by: byNobody,
        address,
        detail: { route: 'POST /write', reason: 'unauthenticated' },
      }),
    onError: (message, error) => log.error({ err: error }, message),
  });

  // HTTP
  const health = healthRoute({
    checks: {
      database: () => sql`select 1`.execute(db),
      store: () => store.check(),
      log: () => audit.check(),
    },
    // Nothing that a restart or another server would mend: what works goes on.
    attention: () => (auditCare.broken === null ? [] : ['log-broken']),
    onFailure: (name, error) => log.error({ err: error, check: name }, 'health check failed'),
  });
  const frontend = await readFrontend(settings.frontendDir);
  if (frontend.indexHtml === null) log.warn({ folder: frontend.folder }, 'the interface has not been built');
  else if (/<script>/i.test(frontend.indexHtml))
    log.warn(
      { folder: frontend.folder },
      'the interface was built by an older version: please build it anew',
    );
  const simulator =
    settings.simulatorUrl === null || settings.simulatorToken === null
      ? null
      : new Simulator({ url: settings.simulatorUrl, token: settings.simulatorToken });
  const app = createHttpApp({
    routes: [
      health,
      ...access.routes(
        (agentId) => monitoring.agentFacts(agentId),
        linkMail,
        federation.passwords,
        async (tx, userId) => [...(await standsIn(tx, userId, now())), ...(await openOrdersOf(tx, userId))],
      ),
      ...federation.routes,
      ...inventory.routes({
        latestObservation: (deviceId) => monitoring.observations.of(deviceId),
        profileTitle: (id) => ownProfiles.set.profiles.get(id)?.title,
        documentsFolder: files.documents,
        ask: monitoring.probe,
        sightings: monitoring.sightings,
      }),
      ...checkRoutes({
        db,
        secretBox,
        changes: inventory.changes,
        now: {
          reports: (deviceId) => monitoring.observations.byChecks(deviceId),
          last: (deviceId, check) => monitoring.readings.last(deviceId, 'service', check),
          time: now,
        },
        agents: {
          agentOf: (deviceId) => monitoring.agentOf(deviceId),
          list: () => access.agents.list(),
          ask: (agentId, question) => monitoring.checkTries.ask(agentId, question),
          mayAsk: (address) => monitoring.mayAsk(address),
        },
        answered: (agentId, answer) => {
          access.agents.mustBeThere(agentId);
          monitoring.checkTries.answer(agentId, answer);
        },
      }),
      ...labelRoutes({ db, publicUrl, now }),
      ...monitoring.routes,
      ...ownProfileRoutes({
        own: ownProfiles,
        views: new ProfileViews({ db, own: ownProfiles, agents: () => access.agents.list() }),
        previewOn: previewOnDevice({
          own: ownProfiles,
          deviceOf: (deviceId) => monitoring.assignedDevice(deviceId),
          agentOf: (deviceId) => monitoring.agentOf(deviceId),
          agents: () => access.agents.list(),
        }),
        mustBeThere: (agentId) => access.agents.mustBeThere(agentId),
      }),
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
      ...discoveryRoutes,
      ...configurations.routes,
      ...switchingRoutes({
        switching,
        credentials: switchingCredentials,
        jobs: switches,
        mustBeFresh: (request) => access.own.fresh(request),
        heard: (agentId) => monitoring.heard(agentId),
        refused: (agentId, count) => monitoring.refused(agentId, count),
      }),
      ...syslogRoutes({
        db,
        syslog,
        agents: () => access.agents.list(),
        heard: (agentId) => monitoring.heard(agentId),
        now,
      }),
      ...orders.routes,
      ...alertingRoutes,
      ...feeds.routes,
      ...outgoingRoutes({ networks }),
      protectionRoute({ certificates, proxies, publicUrl }),
      ...auditRoutes({
        db,
        audit,
        care: auditCare,
        forwarding,
        checkServer: (host, path) => outgoing.checkServer(host, path),
      }),
      ...powerRoutes({ db, sites: inventory.sites, readings: monitoring.readings }),
      ...(simulator === null ? [] : simulatorRoutes({ simulator })),
    ],
    gate: access.gate,
    notes: new RequestNotes({ db, audit, contexts: calls, now }),
    foreign: feeds.influx,
    frontend,
    publicUrl,
    https,
    trustProxy: settings.trustProxy,
    rates: new Rates({ now: () => performance.now() }),
    checkReplies: settings.checkReplies,
    log,
  });
  const server = createServer(certificates, app);
  limitConnections(server, { isProxy: (address) => proxies.believes(address) });
  await auditCare.start();
  closers.add(() => auditCare.stop());
  await inventory.start();
  await monitoring.start(server);
  await feeds.start();
  closers.add(() => feeds.stop());
  closers.add(async () => {
    // Sockets keep the server open: it takes nothing new, then they end, then it is closed.
    const closed = closeServer(server);
    await monitoring.stop();
    await closed;
  });
  await chain.start(closers);
  await drift.start();
  closers.add(() => drift?.stop() ?? Promise.resolve());
  await discovery.start();
  closers.add(() => discovery?.stop() ?? Promise.resolve());
  await configurations.start();
  closers.add(() => configurations.stop());
  await switching.start();
  closers.add(() => switching.stop());
  const switchedInIncidents = new SwitchedInIncidents({
    db,
    incidents: chain.incidents,
    now,
    onError: (message, error) => log.error({ err: error }, message),
  });
  switchedInIncidents.start();
  closers.add(() => switchedInIncidents.stop());
  await syslog.start();
  closers.add(() => syslog?.stop() ?? Promise.resolve());

  const setupCode = await access.firstSetup.start();
  const logWatch = new LogWatch({ audit, care: auditCare, incidents: chain.incidents });
  logWatch.start();
  closers.add(() => logWatch.stop());
  const keyWatch = new KeyMisuseWatch({
    keys: access.agentKeys,
    agents: access.agents,
    incidents: chain.incidents,
    onError: (error) => log.error({ err: error }, 'the use of replaced keys could not be looked at'),
  });
  keyWatch.start();
  closers.add(() => keyWatch.stop());
  if (certificates !== null) {
    const watch = new CertificateWatch({ certificates, incidents: chain.incidents, now });
    watch.start();
    closers.add(() => watch.stop());
  }
  const url = await listen(server, settings.port, settings.host, certificates === null ? 'http' : 'https');
  if (settings.redirectPort !== null) {
    const { port } = new URL(url);
    const redirect = createRedirectServer((host) => publicUrl ?? encryptedAddress(host, port));
    closers.add(() => closeServer(redirect));
    log.info({ url: await listen(redirect, settings.redirectPort, settings.host) }, 'leading to https');
  }
  log.info({ url }, 'listening');
  return { url, setupCode, certificates, close: () => closers.close() };
}

/** Where the name that somebody used without encryption is reached with it. */
function encryptedAddress(host: string, port: string): string {
  const address = new URL(`https://${host}`);
  address.port = port;
  return address.origin;
}
