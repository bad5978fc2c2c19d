import {
  Capture,
  CaptureReply,
  type Interrupted,
  MomentInQuery,
  NewItems,
  NewOrder,
  OrderDecision,
  OrderList,
  OrderPatch,
  OrderReply,
  OrderSettings,
  OrderView,
  orderStates,
  PlannedChange,
  StepReply,
  StepReport,
  Worklist,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import { onlyWithin, reachOf } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import type { Changes } from '../../history/changes.ts';
import { type Caller, defineRoute, type Route } from '../../http/route.ts';
import { ifMatch, seenVersion } from '../../inventory/api/routes.ts';
import { AppError } from '../../problem.ts';
import { Captures } from './captures.ts';
import { listOrders } from './entries.ts';
import type { Orders } from './orders.ts';
import { type AfterStep, StepReports } from './reports.ts';
import { readOrderSettings, writeOrderSettings } from './settings.ts';
import { type InterruptedBy, takenOutBy, viewOrder } from './view.ts';
import { worklist } from './work.ts';

interface Deps {
  readonly orders: Orders;
  readonly db: Database;
  readonly changes: Changes;
  readonly now: () => number;
  /** Asked outside of transactions. */
  readonly interruptedBy: InterruptedBy;
  /** Told after a step or a capture has been written. */
  readonly afterStep: AfterStep;
}

const id = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'must be a number')
  .transform(Number);
const WithId = z.strictObject({ id });
const flag = z.enum(['true', 'false']).optional();
const whole = (initial: number, most: number) =>
  z.coerce.number('must be a number').int().min(1, 'must be at least 1').max(most).default(initial);
const states = z
  .string()
  .max(200)
  .optional()
  .transform((value) => (value === undefined || value === '' ? [] : value.split(',')))
  .pipe(z.array(z.enum(orderStates)));

/** Two thousand changes of some hundred bytes each. */
const itemsLimit = 2_000_000;

/** Change orders: planned, approved, carried out step by step; and cables documented where they are put in. */
export function orderRoutes(deps: Deps): Route[] {
  return [...settingsRoutes(deps), ...planningRoutes(deps), ...stateRoutes(deps), ...workRoutes(deps)];
}

function settingsRoutes({ db }: Deps): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/orders/settings',
      summary: 'Whether orders have to be approved.',
      reply: OrderSettings,
      handle: () => readOrderSettings(db),
    }),
    defineRoute({
      method: 'put',
      path: '/api/orders/settings',
      summary: 'Says whether orders have to be approved; otherwise what is submitted is approved at once.',
      body: OrderSettings,
      reply: OrderSettings,
      handle: async ({ body }) => {
        await writeOrderSettings(db, body);
        return body;
      },
    }),
  ];
}

function planningRoutes({ db, orders, now, interruptedBy }: Deps): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/orders',
      summary: 'Change orders, those made last first. `state`: by commas; `mine`: assigned to who asks.',
      query: z.strictObject({
        state: states,
        q: z.string().trim().max(200, 'must be at most 200 characters').default(''),
        mine: flag,
        page: whole(1, 1_000_000),
        size: whole(50, 500),
      }),
      reply: OrderList,
      handle: ({ query, caller }) =>
        listOrders(
          db,
          {
            states: query.state,
            text: query.q,
            assigneeId: mineOf(query.mine, caller),
            page: query.page,
            size: query.size,
          },
          now(),
          reachOf(caller),
        ),
    }),
    defineRoute({
      method: 'post',
      path: '/api/orders',
      summary: 'Makes a draft of a change order.',
      body: NewOrder,
      reply: OrderReply,
      handle: ({ body, caller }) => orders.create(caller, body),
    }),
    defineRoute({
      method: 'get',
      path: '/api/orders/:id',
      summary: 'A change order: what it does, step by step, what it comes upon and what it interrupts.',
      params: WithId,
      reply: OrderView,
      handle: async ({ params, caller, response }) => {
        const view = await db.transaction().execute((tx) => viewOrder(tx, params.id, { caller, now: now() }));
        const out = takenOutBy(view);
        response.set({ ETag: `"${view.order.version}"`, 'Cache-Control': 'no-store' });
        const interrupts = out === null ? [] : await interruptedBy(out, view.items);
        return { ...view, interrupts: await interruptsWithin(db, caller, interrupts) };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/api/orders/:id',
      summary: 'Changes title and notes of a draft; who carries out an order and when.',
      params: WithId,
      headers: ifMatch,
      body: OrderPatch,
      reply: OrderReply,
      handle: ({ params, body, caller, request }) =>
        orders.patch(caller, { id: params.id, seen: seenVersion(request) }, body),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/orders/:id',
      summary: 'Deletes an order that is a draft, was rejected or cancelled.',
      params: WithId,
      headers: ifMatch,
      reply: OrderReply,
      handle: ({ params, caller, request }) =>
        orders.remove(caller, { id: params.id, seen: seenVersion(request) }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/orders/:id/items',
      summary: 'Adds changes to a draft. A device that is taken away takes its cords along.',
      params: WithId,
      headers: ifMatch,
      body: NewItems,
      bodyLimit: itemsLimit,
      reply: OrderReply,
      handle: ({ params, body, caller, request }) =>
        orders.addItems(caller, { id: params.id, seen: seenVersion(request) }, body.changes),
    }),
    defineRoute({
      method: 'put',
      path: '/api/orders/:id/items/:itemId',
      summary: 'Plans one item of a draft anew.',
      params: WithId.extend({ itemId: id }),
      headers: ifMatch,
      body: z.strictObject({ change: PlannedChange }),
      reply: OrderReply,
      handle: ({ params, body, caller, request }) =>
        orders.changeItem(caller, { ...params, seen: seenVersion(request) }, body.change),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/orders/:id/items/:itemId',
      summary: 'Takes one item out of a draft.',
      params: WithId.extend({ itemId: id }),
      headers: ifMatch,
      reply: OrderReply,
      handle: ({ params, caller, request }) =>
        orders.removeItem(caller, { ...params, seen: seenVersion(request) }),
    }),
  ];
}

/** One route for each deed that leads an order on. */
function stateRoutes({ orders }: Deps): Route[] {
  const deed = (
    name: string,
    summary: string,
    run: (
      caller: Caller,
      target: { id: number; seen: number | undefined },
      decision: string | null,
    ) => Promise<OrderReply>,
  ) =>
    defineRoute({
      method: 'post',
      path: `/api/orders/:id/${name}`,
      summary,
      params: WithId,
      headers: ifMatch,
      body: OrderDecision,
      reply: OrderReply,
      handle: ({ params, body, caller, request }) =>
        run(caller, { id: params.id, seen: seenVersion(request) }, body.decision),
    });
  return [
    deed(
      'submit',
      'Submits a draft; without approval it may be carried out at once.',
      (caller, target, decision) => orders.submit(caller, target, decision),
    ),
    deed('approve', 'Approves an order.', (caller, target, decision) =>
      orders.approve(caller, target, decision),
    ),
    deed('reject', 'Rejects an order, and says why.', (caller, target, decision) =>
      orders.reject(caller, target, decision),
    ),
    deed('withdraw', 'Makes an order a draft again, before anything is done.', (caller, target) =>
      orders.withdraw(caller, target),
    ),
    deed('finish', 'Ends an order; what is still open is skipped.', (caller, target) =>
      orders.finish(caller, target),
    ),
    deed('cancel', 'Cancels an order of which nothing is done.', (caller, target, decision) =>
      orders.cancel(caller, target, decision),
    ),
    deed('reverse', 'Makes a draft that takes back what was done.', (caller, target) =>
      orders.reverse(caller, target),
    ),
  ];
}

function workRoutes({ db, changes, now, afterStep }: Deps): Route[] {
  const reports = new StepReports({ db, changes, afterStep });
  const captures = new Captures({ db, changes, afterStep });
  return [
    defineRoute({
      method: 'post',
      path: '/api/orders/:id/steps/:stepId/report',
      summary:
        'Tells that a step was done, was not possible, or is open again; once for each key. 409 "conflict": the documentation has moved on.',
      params: WithId.extend({ stepId: id }),
      body: StepReport,
      reply: StepReply,
      handle: ({ params, body, caller }) =>
        reports.take(caller, { orderId: params.id, stepId: params.stepId }, body),
    }),
    defineRoute({
      method: 'get',
      path: '/api/worklist',
      summary: 'The orders that may be carried out, with all that their steps need.',
      query: z.strictObject({
        mine: flag,
        until: MomentInQuery.optional(),
      }),
      reply: Worklist,
      handle: ({ query, caller }) =>
        db
          .transaction()
          .execute((tx) =>
            worklist(
              tx,
              { assigneeId: mineOf(query.mine, caller), until: query.until ?? null },
              now(),
              reachOf(caller),
            ),
          ),
    }),
    defineRoute({
      method: 'post',
      path: '/api/captures',
      summary: 'Documents a cable where it was put in or taken out, without an order; once for each key.',
      body: Capture,
      reply: CaptureReply,
      handle: ({ body, caller }) => captures.take(caller, body),
    }),
  ];
}

/** What an order interrupts in other sites is not named to who is not for them. */
async function interruptsWithin(
  db: Database,
  caller: Caller,
  interrupts: readonly Interrupted[],
): Promise<Interrupted[]> {
  const shown = await Promise.all(
    (['device', 'service'] as const).map((kind) =>
      onlyWithin(
        db,
        caller,
        kind,
        interrupts.filter((each) => each.kind === kind),
        ({ id }) => id,
      ),
    ),
  );
  const kept = new Set(shown.flat());
  return interrupts.filter((each) => kept.has(each));
}

/** The id of who asks for what is assigned to them; null: everything. @throws AppError forbidden */
function mineOf(mine: 'true' | 'false' | undefined, caller: Caller): number | null {
  if (mine !== 'true') return null;
  if (caller.kind !== 'person') throw new AppError('forbidden', 'This is for people.');
  return caller.userId ?? 0;
}
