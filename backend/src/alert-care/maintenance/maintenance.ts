import { MaintenanceList } from '@rackhaus/config/contract';
import { onlyWithin } from '../../access/scope.ts';
import type { HeldBy } from '../../alerting/parts.ts';
import type { InterruptedBy } from '../../cabling/orders/view.ts';
import type { Database } from '../../database/tables.ts';
import type { Changes, Committed } from '../../history/changes.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { oneAtATime } from '../../one-at-a-time.ts';
import { Holding } from './held.ts';
import { listWindows } from './list.ts';
import { loadWindows } from './load.ts';
import { OrderWindows } from './order-windows.ts';

/** The clock is looked at this often at the least: it may be set. */
const longestWaitMs = 60_000;
/** What was not possible is tried again. */
const againMs = 10_000;

/** Records whose change can change what is held. */
const heldKinds: ReadonlySet<string> = new Set([
  'maintenance',
  'site',
  'room',
  'rack',
  'device',
  'port',
  'service',
  'service-device',
]);

export interface Maintenance {
  readonly routes: readonly Route[];
  readonly heldBy: HeldBy;
  /** Told when a window begins or ends, or when windows have changed: who holds what is to be decided anew. */
  onChange(listener: () => void): () => void;
  /** Reads the windows; `heldBy` answers rightly from then on. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Maintenance windows: alerting is held for what they are on, monitoring goes on. */
export function createMaintenance(options: {
  db: Database;
  changes: Changes;
  onCommit: (listener: (committed: Committed) => void) => () => void;
  interruptedBy: InterruptedBy;
  now: () => number;
  /** Told of what goes wrong in the background; it is tried again. */
  onError: (message: string, error: unknown) => void;
}): Maintenance {
  const { db, now, onError } = options;
  const holding = new Holding({ now });
  const orderWindows = new OrderWindows(options);
  const listeners = new Set<() => void>();
  const stops: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let on = '';
  let stopped = true;

  const tell = () => {
    for (const listener of listeners) listener();
  };
  const wait = () => {
    clearTimeout(timer);
    if (stopped) return;
    const next = holding.nextChange();
    const ms = next === null ? longestWaitMs : Math.min(longestWaitMs, Math.max(0, next - now()));
    timer = setTimeout(() => {
      const before = on;
      on = [...holding.on()].join();
      if (on !== before) tell();
      wait();
    }, ms);
    timer.unref();
  };
  const load = oneAtATime(async () => {
    holding.set(await loadWindows(db, now()));
    on = [...holding.on()].join();
    wait();
    tell();
  });
  const tries = new Set<NodeJS.Timeout>();
  const inBackground = (what: string, work: () => Promise<void>) => {
    work().catch((error: unknown) => {
      onError(what, error);
      if (stopped) return;
      const again = setTimeout(() => {
        tries.delete(again);
        inBackground(what, work);
      }, againMs);
      tries.add(again);
    });
  };
  const followOrders = oneAtATime(() => orderWindows.follow());

  return {
    routes: [
      defineRoute({
        method: 'get',
        path: '/api/maintenance',
        summary: 'Maintenance windows with their present or next times, and which incidents they hold.',
        reply: MaintenanceList,
        handle: async ({ caller }) => {
          const { windows } = await listWindows(db, now());
          return { windows: await onlyWithin(db, caller, 'maintenance', windows, ({ id }) => id) };
        },
      }),
    ],
    heldBy: holding.heldBy,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      stopped = false;
      stops.push(
        options.onCommit((committed) => {
          const touches = (wanted: (kind: string) => boolean) =>
            committed.everything === true || committed.objects.some(({ kind }) => wanted(kind));
          if (touches((kind) => heldKinds.has(kind)))
            inBackground('maintenance windows could not be read', load);
          if (touches((kind) => kind === 'order' || kind === 'order-step'))
            inBackground('maintenance windows could not follow the orders', followOrders);
        }),
      );
      await load();
      inBackground('maintenance windows could not follow the orders', followOrders);
    },
    async stop() {
      stopped = true;
      for (const stop of stops.splice(0)) stop();
      clearTimeout(timer);
      for (const again of tries) clearTimeout(again);
      tries.clear();
      listeners.clear();
      // What is under way ends before the database is closed.
      await Promise.allSettled([load(), followOrders()]);
    },
  };
}
