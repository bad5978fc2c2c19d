import type { AlertSettings } from '@rackhaus/config/contract';
import type { Incidents } from '../alerting/parts.ts';
import type { Database } from '../database/tables.ts';
import type { Committed } from '../history/changes.ts';
import type { Route } from '../http/route.ts';
import { calendarRoutes } from './calendar/routes.ts';
import { nowRoutes } from './now-route.ts';
import { PlanWatch } from './plan-check/watch.ts';
import { Planner } from './planner/planner.ts';
import { PublicHolidays } from './rota/holidays.ts';
import { rotaRoutes } from './rota/routes.ts';

export interface OnCall {
  readonly routes: Route[];
  /** There may be a notice to plan, or the settings have changed. */
  wake(): void;
  start(): void;
  stop(): Promise<void>;
}

/** Who is on call, who is told of what and when, and whether the plan for that holds. `steady`: a clock in ms that is never set. */
export function createOnCall(options: {
  db: Database;
  incidents: Pick<Incidents, 'addEvent' | 'report' | 'onChange'>;
  delivery: {
    readonly settings: {
      read(): Promise<AlertSettings>;
      onChange(listener: () => void): () => void;
    };
    wake(): void;
  };
  /** Whether faults that are open now cut the way of a channel. */
  interrupted: (channelId: number) => boolean;
  /** Resolves when `interrupted` answers by what is open now. */
  looked?: () => Promise<void>;
  onCommit: (listener: (committed: Committed) => void) => () => void;
  publicUrl: string | null;
  now: () => number;
  steady: () => number;
  onError: (message: string, error: unknown) => void;
}): OnCall {
  const { db, incidents, delivery, interrupted, publicUrl, now, steady, onError } = options;
  const settings = () => delivery.settings.read();
  const holidays = new PublicHolidays();
  const planner = new Planner({
    db,
    settings,
    incidents,
    interrupted,
    ...(options.looked === undefined ? {} : { looked: options.looked }),
    sent: () => delivery.wake(),
    now,
    steady,
    onError,
  });
  const watch = new PlanWatch({ db, settings, incidents, holidays, now, onError });
  const unsubscribe: (() => void)[] = [];
  return {
    routes: [
      ...nowRoutes({ db, watch, holidays, now }),
      ...rotaRoutes({ db, holidays }),
      ...calendarRoutes({ db, holidays, publicUrl, now }),
    ],
    wake: () => {
      planner.wake();
      watch.wake();
    },
    start() {
      unsubscribe.push(
        incidents.onChange(() => planner.wake()),
        delivery.settings.onChange(() => {
          planner.wake();
          watch.wake();
        }),
        options.onCommit(({ objects, everything }) => {
          if (everything || objects.some(({ kind }) => plans.has(kind))) watch.wake();
        }),
      );
      planner.start();
      watch.start();
    },
    async stop() {
      for (const end of unsubscribe.splice(0)) end();
      await planner.stop();
      await watch.stop();
    },
  };
}

const plans: ReadonlySet<string> = new Set(['rota', 'rota-change', 'escalation', 'site']);
