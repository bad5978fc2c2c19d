import type { AlertRule } from '@rackhaus/config/alert-rules';
import type { LiveItem } from '@rackhaus/config/contract';
import type { SiteGraph } from '../cabling/graph/site-graph.ts';
import type { Sites } from '../cabling/graph/sites.ts';
import type { Database } from '../database/tables.ts';
import type { Route } from '../http/route.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { acknowledge } from './acts.ts';
import type { PollNow } from './checks.ts';
import { IncidentDetails } from './detail.ts';
import { loadPlaces } from './directory.ts';
import { type Documented, Engine } from './engine.ts';
import { Families } from './family.ts';
import type { CausesOf, HeldBy, Incidents } from './parts.ts';
import { Retention } from './retention.ts';
import { incidentRoutes } from './routes.ts';
import { writeSaid, writeSwitched } from './said.ts';
import type { Monitored } from './seen.ts';
import { byUrgency, shownInOverview, summaryOf } from './views.ts';

/** Changes of the inventory that come together are taken up together. */
const gatherMs = 300;
/** What could not be read is read again. */
const againMs = 10_000;

export interface Alerting {
  readonly routes: readonly Route[];
  readonly incidents: Incidents;
  readonly engine: Engine;
  /** What the overview shows of it. */
  overviewItems(sites: ReadonlySet<number> | null): LiveItem[];
  /** Who holds alerting has changed: it is looked at anew. */
  changed(): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Builds what makes incidents of what is seen. */
export function createAlerting(options: {
  db: Database;
  conditions: Monitored;
  rules: readonly Pick<AlertRule, 'id' | 'family' | 'groupBy' | 'metric'>[];
  causesOf: CausesOf;
  /** Devices on which agents run. */
  agentPlaces: () => readonly number[];
  heldBy: HeldBy;
  pollNow: PollNow;
  sites: Pick<Sites, 'now' | 'impact'>;
  onCommit: (listener: () => void) => () => void;
  now: () => number;
  /** A clock in milliseconds that nobody sets. */
  steady: () => number;
  /** Incidents have changed: whoever shows them. */
  onChange: () => void;
  /** Told of what goes wrong in the background; it is tried again. */
  onError: (message: string, error: unknown) => void;
}): Alerting {
  const { db, sites, now, onError } = options;
  let documented: Documented | null = null;
  const metrics = new Map(options.rules.map(({ id, metric }) => [id, metric]));
  const engine = new Engine({
    ...options,
    monitored: options.conditions,
    families: new Families(options.rules),
    documented: () => {
      if (documented === null) throw new Error('the documentation is read by start()');
      return documented;
    },
  });
  const details = new IncidentDetails({
    db,
    impact: (out) => sites.impact(out),
    placeOf: (id) => documented?.places.get(id),
    metricOf: (rule) => metrics.get(rule),
  });
  const read = oneAtATime(async () => {
    const site: SiteGraph = await sites.now();
    documented = { site, places: await loadPlaces(db) };
  });
  const retention = new Retention({
    db,
    now,
    onError: (error) => onError('old incidents could not be deleted', error),
  });
  let timer: NodeJS.Timeout | undefined;
  let reading: Promise<void> = Promise.resolve();
  let stopped = true;
  const readSoon = (wait = gatherMs): void => {
    if (stopped || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      reading = read().then(
        () => engine.soon(),
        (error: unknown) => {
          onError('the documentation could not be read for incidents', error);
          readSoon(againMs);
        },
      );
    }, wait);
  };
  // Screens that come back after a restart have to see another number than before.
  let revision = Math.trunc(now() / 1000) % 2 ** 31;
  const stops: (() => void)[] = [];
  return {
    routes: incidentRoutes({ db, engine, details }),
    engine,
    incidents: {
      acknowledge: (id, actor) => engine.act(id, acknowledge(actor)),
      report: (source, conditions) => engine.report(source, conditions),
      addEvent: (id, kind, title) =>
        engine.write(async (tx) => {
          await tx
            .insertInto('incident_events')
            .values({
              ...{ incident_id: id, time: now(), kind, by: null, text: null },
              detail: JSON.stringify({ title }),
            })
            .execute();
        }),
      addSaid: (id, said) => engine.write((tx) => writeSaid(tx, id, said)),
      addSwitched: (id, switched) => engine.write((tx) => writeSwitched(tx, id, switched)),
      onChange: (listener) => engine.onChange(listener),
    },
    overviewItems(sites) {
      const open = [...engine.open]
        .filter(({ siteId }) => sites === null || (siteId !== null && sites.has(siteId)))
        .sort(byUrgency);
      return [
        {
          type: 'incidents',
          open: open.length,
          waiting: open.filter(({ state }) => state === 'open').length,
          incidents: open.slice(0, shownInOverview).map(summaryOf),
          revision,
        },
      ];
    },
    changed: () => engine.soon(),
    async start() {
      await read();
      stopped = false;
      stops.push(
        engine.onChange(() => {
          revision++;
          options.onChange();
        }),
        options.onCommit(() => readSoon()),
      );
      await engine.start();
      retention.start();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      for (const stop of stops.splice(0)) stop();
      await retention.stop();
      await engine.stop();
      await reading;
    },
  };
}
