import type { PlannedChange } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import type { Changes } from '../../history/changes.ts';
import type { Caller, Route } from '../../http/route.ts';
import { Orders } from './orders.ts';
import type { AfterStep } from './reports.ts';
import { orderRoutes } from './routes.ts';
import type { InterruptedBy } from './view.ts';

export interface ChangeOrders {
  readonly routes: readonly Route[];
  /** Makes a draft with items. @returns its id */
  makeDraft(
    order: { readonly title: string; readonly changes: readonly PlannedChange[] },
    caller: Caller,
  ): Promise<number>;
}

/** Change orders, and what is documented at the rack. */
export function createOrders(options: {
  db: Database;
  changes: Changes;
  now: () => number;
  /** What an order interrupts; asked outside of transactions. */
  interruptedBy: InterruptedBy;
  /** Told after a step or a capture has been written: whether the network agrees is looked at then. */
  afterStep: AfterStep;
}): ChangeOrders {
  const orders = new Orders(options);
  return {
    routes: orderRoutes({ ...options, orders }),
    makeDraft: ({ title, changes }, caller) => orders.draft(caller, title, changes),
  };
}
