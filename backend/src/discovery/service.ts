import type { DeviceRole, DiscoveryRun, LiveItem, SnmpCredentials } from '@rackhaus/config/contract';
import type { Known } from '../cabling/drift/watch.ts';
import type { Database } from '../database/tables.ts';
import type { Changes, Committed } from '../history/changes.ts';
import type { Route } from '../http/route.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { AppError } from '../problem.ts';
import { HandOut } from './hand-out.ts';
import { Inbox } from './inbox.ts';
import { loadMarks, markKnown } from './known.ts';
import type { DiscoveryOrders } from './orders.ts';
import { discoveryRoutes } from './routes.ts';
import { RunViews } from './run-views.ts';
import { Runs } from './runs.ts';
import { Scans } from './scans.ts';
import { type SeatIndex, seatIndex } from './seats.ts';
import { FoundViews } from './views.ts';

const tickMs = 1000;
/** What devices see of each other is looked at anew after so long at the latest. */
const indexMs = 15_000;
/** Changes of the inventory that come together are looked at together. */
const gatherMs = 250;
/** Records by which a found device is known. */
const knowingKinds: readonly string[] = ['device', 'monitoring', 'address', 'port'];

export interface Discovery {
  readonly routes: readonly Route[];
  /** What the view `discovery` shows. */
  liveItems(): LiveItem[];
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Builds what looks through networks for devices, and keeps what was found. */
export function createDiscovery(options: {
  db: Database;
  changes: Changes;
  orders: DiscoveryOrders;
  agents: () => Promise<readonly { readonly id: number; readonly name: string }[]>;
  openCredentials: (id: number) => Promise<SnmpCredentials>;
  handedOut: (agent: { id: number; name: string }, credentialIds: readonly number[]) => Promise<void>;
  heard: (agentId: number) => void;
  /** What devices of the inventory see of each other and of others. */
  known: () => Promise<Known>;
  /** What devices of a profile are used as; null: it does not say. */
  roleOf: (profile: string) => DeviceRole | null;
  onCommit: (listener: (committed: Committed) => void) => () => void;
  now: () => number;
  elapsed: () => number;
  /** Whoever shows runs or what was found. */
  onChange: () => void;
  /** Told of what goes wrong in the background; it is tried again. */
  onError: (message: string, error: unknown) => void;
}): Discovery {
  const { db, now, elapsed, onError } = options;
  const scans = new Scans({ db, now });
  const runViews = new RunViews({ db });
  let index: { readonly at: number; readonly loading: Promise<SeatIndex> } | null = null;
  const indexNow = (): Promise<SeatIndex> => {
    if (index === null || elapsed() - index.at > indexMs) {
      const loading = options.known().then(seatIndex);
      index = { at: elapsed(), loading };
      loading.catch(() => {
        index = null;
      });
    }
    return index.loading;
  };
  const views = new FoundViews({ db, now, index: indexNow, roleOf: options.roleOf });
  let live: { readonly runs: DiscoveryRun[]; readonly fresh: number } = { runs: [], fresh: 0 };
  // Screens that come back after a restart have to see another number than before.
  let revision = Math.trunc(now() / 1000) % 2 ** 31;
  let foundChanged = false;
  /** Says anew what is known of what was found, and tells whoever shows it. */
  const refresh = oneAtATime(async () => {
    const found = foundChanged;
    foundChanged = false;
    if (found) {
      const { known } = await indexNow();
      await markKnown(db, await loadMarks(db, (mac) => known.directory.byMac(mac)?.deviceId ?? null));
      revision++;
    }
    live = { runs: await runViews.newest(), fresh: (await views.counts()).new };
    options.onChange();
  });
  const refreshSoon = () => {
    refresh().catch((error: unknown) => onError('what was discovered could not be looked at', error));
  };
  const runs = new Runs({
    db,
    scans,
    orders: options.orders,
    agents: options.agents,
    hand: new HandOut({
      db,
      orders: options.orders,
      agents: options.agents,
      open: options.openCredentials,
      handedOut: options.handedOut,
    }),
    now,
    elapsed,
    changed: (_, found) => {
      foundChanged ||= found;
      refreshSoon();
    },
  });
  const inbox = new Inbox({
    db,
    changes: options.changes,
    views,
    now,
    changed: async () => {
      foundChanged = true;
      index = null;
      await refresh();
    },
  });
  const tick = oneAtATime(async () => {
    for (const { id, name } of await scans.takeDue()) {
      try {
        await runs.begin(id, null);
      } catch (error) {
        // It goes on still, or cannot be done now: its next time comes.
        if (!(error instanceof AppError)) throw error;
        onError(`the scan "${name}" could not be begun`, error);
      }
    }
    await runs.tick();
  });
  const stops: (() => void)[] = [];
  let gathering: NodeJS.Timeout | undefined;
  let ticking: Promise<void> = Promise.resolve();
  return {
    routes: discoveryRoutes({
      db,
      scans,
      runs,
      runViews,
      views,
      inbox,
      agents: options.agents,
      heard: options.heard,
      scansChanged: refreshSoon,
      now,
    }),
    liveItems: () => [{ type: 'discovery', ...live, revision }],
    async start() {
      await runs.load();
      stops.push(
        options.onCommit(({ objects, everything }) => {
          if (everything !== true && !objects.some(({ kind }) => knowingKinds.includes(kind))) return;
          foundChanged = true;
          index = null;
          gathering ??= setTimeout(() => {
            gathering = undefined;
            refreshSoon();
          }, gatherMs);
        }),
      );
      const timer = setInterval(() => {
        ticking = tick().catch((error: unknown) =>
          onError('runs through networks could not be looked after', error),
        );
      }, tickMs);
      stops.push(() => clearInterval(timer));
      await refresh();
    },
    async stop() {
      for (const stop of stops.splice(0)) stop();
      clearTimeout(gathering);
      await ticking;
      // What is under way ends first.
      await refresh().catch((error: unknown) => onError('what was discovered could not be looked at', error));
    },
  };
}
