import type { AlertRule } from '@rackhaus/config/alert-rules';
import type { AlertSettings } from '@rackhaus/config/contract';
import type { Incidents } from '../alerting/parts.ts';
import type { SiteGraph } from '../cabling/graph/site-graph.ts';
import type { Database } from '../database/tables.ts';
import type { Committed } from '../history/changes.ts';
import type { Route } from '../http/route.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import { Drills } from './drills/drills.ts';
import { Heartbeat } from './heartbeat/heartbeat.ts';
import { AlertPathWatch } from './path/alert-path.ts';
import { reviewRoutes } from './review/routes.ts';
import { ruleTitle } from './review/rule-title.ts';
import { SelfWatch } from './self/self-watch.ts';
import { statusRoutes } from './status-page/routes.ts';

/** So long ago at most an agent must have been heard for all to be well. */
const silentMs = 5 * 60_000;

export interface AlertCare {
  readonly routes: readonly Route[];
  /** Whether what is open now keeps messages from this channel. From memory. */
  interrupted(channelId: number): boolean;
  /** Resolves when `interrupted` answers by all that is open now, or after a second and a half. */
  looked(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What looks after alerting itself: ways of telling, drills, the status page, the review, the heartbeat, this server. */
export function createAlertCare(options: {
  db: Database;
  dataDir: string;
  incidents: Incidents;
  outside: Pick<Outgoing, 'fetch'>;
  settings: { read(): Promise<AlertSettings>; onChange(listener: () => void): () => void };
  site: () => Promise<SiteGraph>;
  onCommit: (listener: (committed: Committed) => void) => () => void;
  /** On which documented device this server runs; null: not said. */
  serverDevice: () => number | null;
  rules: readonly AlertRule[];
  /** Rejects when the measurement store does not answer. */
  checkStore: () => Promise<unknown>;
  /** When an agent last delivered; null: never. */
  lastDelivery: () => Promise<number | null>;
  now: () => number;
  /** Told of what goes wrong in the background; it is tried again. */
  onError: (message: string, error: unknown) => void;
}): AlertCare {
  const { settings, now } = options;
  const rules = new Map(options.rules.map((rule) => [rule.id, rule]));
  const self = new SelfWatch(options);
  const heartbeat = new Heartbeat({
    ...options,
    async unwell() {
      const [own] = self.conditions.filter(({ severity }) => severity === 'critical');
      if (own !== undefined) return own.title.en;
      const stored = await options.checkStore().then(
        () => true,
        () => false,
      );
      // Why is in the log: this server's own watch asks the same.
      if (!stored) return 'The measurement store does not answer.';
      const heard = await options.lastDelivery();
      return heard === null || now() - heard > silentMs ? 'No agent has delivered readings.' : null;
    },
  });
  const path = new AlertPathWatch({ ...options, heartbeat: () => heartbeat.state });
  const drills = new Drills(options);
  return {
    routes: [
      ...path.routes,
      ...drills.routes,
      ...statusRoutes({
        ...options,
        familyOf: (ruleId) => rules.get(ruleId)?.family ?? null,
        isPublic: async () => (await settings.read()).publicStatus,
      }),
      ...reviewRoutes({
        ...options,
        ruleTitle(ruleId) {
          const rule = rules.get(ruleId);
          return rule === undefined ? null : ruleTitle(rule);
        },
      }),
    ],
    interrupted: (channelId) => path.interrupted(channelId),
    looked: () => path.looked(),
    async start() {
      await path.start();
      await drills.start();
      self.start();
      heartbeat.start();
    },
    async stop() {
      await heartbeat.stop();
      await self.stop();
      await drills.stop();
      await path.stop();
    },
  };
}
