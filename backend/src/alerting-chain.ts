import type { AlertSettings, LiveItem, SilenceAlarm } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import type { Agents } from './access/agents.ts';
import type { SecretBox } from './access/secret-box.ts';
import { createAlertCare } from './alert-care/care.ts';
import { createMaintenance } from './alert-care/maintenance/maintenance.ts';
import { AgentPlacesStore } from './alerting/agent-places/agent-places.ts';
import { agentPlacesRoutes } from './alerting/agent-places/routes.ts';
import { createAlerting } from './alerting/alerting.ts';
import type { Incidents } from './alerting/parts.ts';
import { RootCause } from './alerting/root-cause/root-cause.ts';
import type { Closers } from './closers.ts';
import type { Database } from './database/tables.ts';
import type { Route } from './http/route.ts';
import type { Inventory } from './inventory/inventory.ts';
import type { MeasurementStore } from './measurements/index.ts';
import type { Monitoring } from './monitoring/monitoring.ts';
import { createDelivery, type Delivery } from './on-call/delivery/delivery.ts';
import { createOnCall } from './on-call/on-call.ts';
import { silenceRoutes } from './on-call/silence/routes.ts';
import { Silence } from './on-call/silence/silence.ts';
import type { Outgoing } from './outgoing/outgoing.ts';
import type { Rules } from './rules/rules.ts';

export interface AlertingChain {
  readonly routes: readonly Route[];
  /** For what else this server has to say of itself. */
  readonly incidents: Pick<Incidents, 'report' | 'addSaid' | 'addSwitched'>;
  /** Sends single texts, and in which words. */
  readonly mail: {
    send: Delivery['sendText'];
    settings: () => Promise<AlertSettings>;
  };
  /** What the overview shows of incidents. */
  overviewItems(sites: ReadonlySet<number> | null): LiveItem[];
  /** Whom an agent is to call when this server is silent; undefined: nobody. */
  silenceOf(agentId: number): Promise<SilenceAlarm | undefined>;
  /** Starts every part, in the order in which a fault passes them; what was started is added to `closers`. */
  start(closers: Closers): Promise<void>;
}

/** Everything between what asks for attention and the person who hears of it. */
export function createAlertingChain(options: {
  db: Database;
  secretBox: SecretBox;
  store: MeasurementStore;
  inventory: Inventory;
  monitoring: Monitoring;
  agents: Agents;
  rules: Rules;
  outgoing: Outgoing;
  dataDir: string;
  publicUrl: string | null;
  now: () => number;
  /** Milliseconds by a clock that nobody sets. */
  steady: () => number;
  log: Logger;
}): AlertingChain {
  const { db, secretBox, inventory, monitoring, agents, publicUrl, now, steady, log } = options;
  const rules = [...options.rules.groups.values()].flat();
  const onCommit: Inventory['events']['onChange'] = (listener) => inventory.events.onChange(listener);
  const onError = (message: string, error: unknown) => log.error({ err: error }, message);

  const maintenance = createMaintenance({
    db,
    changes: inventory.changes,
    onCommit,
    interruptedBy: (out, items) => inventory.sites.interrupted(out, items),
    now,
    onError,
  });

  const places = new AgentPlacesStore({
    db,
    now,
    follow: [onCommit, (listener) => agents.onChange(listener)],
    onError: (error) => log.error({ err: error }, 'where agents run could not be followed'),
  });
  const rootCause = new RootCause({
    db,
    rules,
    onCommit,
    agents: () => places.agents(),
    polledBy: (deviceId) => monitoring.agentOf(deviceId),
    onError: (error) => log.error({ err: error }, 'names for causes could not be read'),
  });
  const alerting = createAlerting({
    db,
    conditions: monitoring.conditions,
    rules,
    causesOf: rootCause.causesOf,
    agentPlaces: () => places.agents().flatMap(({ deviceId }) => deviceId ?? []),
    heldBy: maintenance.heldBy,
    pollNow: (deviceIds, waiting) => monitoring.pollNow(deviceIds, waiting),
    sites: inventory.sites,
    onCommit,
    now,
    steady,
    onChange: () => monitoring.overviewChanged(),
    onError,
  });
  const delivery = createDelivery({
    db,
    outside: options.outgoing,
    secretBox,
    publicUrl,
    incidents: alerting.incidents,
    now,
    onError,
  });
  const care = createAlertCare({
    db,
    outside: options.outgoing,
    dataDir: options.dataDir,
    incidents: alerting.incidents,
    settings: delivery.settings,
    site: () => inventory.sites.now(),
    onCommit,
    serverDevice: () => places.serverDevice(),
    rules,
    checkStore: () => options.store.check(),
    lastDelivery: async () => {
      const all = await agents.list();
      const times = all.flatMap(({ id }) => monitoring.agentFacts(id).lastSeen ?? []);
      return times.length === 0 ? null : Math.max(...times);
    },
    now,
    onError,
  });
  const onCall = createOnCall({
    db,
    incidents: alerting.incidents,
    delivery,
    interrupted: (channelId) => care.interrupted(channelId),
    looked: () => care.looked(),
    onCommit,
    publicUrl,
    now,
    steady,
    onError,
  });

  const silence = new Silence({ db, secretBox, open: () => delivery.settings.open(), now });
  for (const source of [silence, delivery.settings])
    source.onChange(() => {
      monitoring
        .assignmentsChanged()
        .catch((error: unknown) => log.error({ err: error }, 'agents could not be told whom to call'));
    });

  return {
    routes: [
      ...maintenance.routes,
      ...alerting.routes,
      ...agentPlacesRoutes({ places, changed: () => alerting.changed() }),
      ...delivery.routes,
      ...silenceRoutes({ silence }),
      ...onCall.routes,
      ...care.routes,
    ],
    incidents: alerting.incidents,
    overviewItems: (sites) => alerting.overviewItems(sites),
    mail: { send: delivery.sendText, settings: () => delivery.settings.read() },
    silenceOf: (agentId) => silence.planOf(agentId),
    async start(closers) {
      const stopHolding = maintenance.onChange(() => alerting.changed());
      closers.add(() => stopHolding());
      for (const part of [maintenance, places, rootCause, alerting, delivery, care, onCall]) {
        await part.start();
        closers.add(() => part.stop());
      }
    },
  };
}
