import { z } from 'zod';
import { Moment } from './moment.ts';
import { orderStates, PlannedChange, proofs, stepDeeds, stepStates } from './records/index.ts';
import { CableCard, PortCard, PortSpot } from './trace.ts';

/** One order in a list. */
export const OrderEntry = z.strictObject({
  id: z.int(),
  version: z.int(),
  number: z.string(),
  title: z.string(),
  state: z.enum(orderStates),
  createdBy: z.string().nullable(),
  createdAt: z.number().nullable(),
  assigneeId: z.int().nullable(),
  assignee: z.string().nullable(),
  scheduledFrom: z.number().nullable(),
  scheduledUntil: z.number().nullable(),
  items: z.int(),
  steps: z.strictObject({ total: z.int(), done: z.int(), impossible: z.int() }),
  /** Days since it should have been over, or (not scheduled) since it was approved; INF.12.A10 asks for four weeks at most. */
  overdueDays: z.int(),
});
export type OrderEntry = z.infer<typeof OrderEntry>;

/** GET /api/orders?state=draft,approved&q=&mine=true&page=1&size=50 */
export const OrderList = z.strictObject({ total: z.int(), orders: z.array(OrderEntry) });
export type OrderList = z.infer<typeof OrderList>;

/** POST /api/orders, PATCH /api/orders/:id */
export const NewOrder = z.strictObject({
  title: z.string().trim().min(1, 'must not be empty').max(200),
  notes: z.string().max(20_000).nullable().default(null),
});
export type NewOrder = z.infer<typeof NewOrder>;
export const OrderPatch = z.strictObject({
  title: z.string().trim().min(1, 'must not be empty').max(200).optional(),
  notes: z.string().max(20_000).nullable().optional(),
  assigneeId: z.int().positive().nullable().optional(),
  scheduledFrom: Moment.nullable().optional(),
  scheduledUntil: Moment.nullable().optional(),
});
export type OrderPatch = z.infer<typeof OrderPatch>;

/** POST /api/orders/:id/items; also PUT /api/orders/:id/items/:itemId with one `change`, DELETE /api/orders/:id/items/:itemId */
export const NewItems = z.strictObject({ changes: z.array(PlannedChange).min(1).max(2000) });
export type NewItems = z.infer<typeof NewItems>;

/**
 * What is wrong with an order, or to be minded. `refuse`: it cannot be submitted. The sentence is made from `code` and `values`.
 * `occupied`: a port will still hold another cable. `other-order`: an order that is not over touches the same thing.
 */
export const orderRemarkCodes = [
  'empty',
  'occupied',
  'gone',
  'place-taken',
  'kinds-differ',
  'label-taken',
  'other-order',
  'twice',
  'already-so',
  'link-too-long',
  'channel-too-long',
] as const;
export const OrderRemark = z.strictObject({
  level: z.enum(['refuse', 'warn']),
  code: z.enum(orderRemarkCodes),
  itemId: z.int().nullable(),
  /** Of `other-order`. */
  orderId: z.int().nullable(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type OrderRemark = z.infer<typeof OrderRemark>;

/** What carrying it out will interrupt, and for how long the order of the steps cannot avoid it. */
export const Interrupted = z.strictObject({
  kind: z.enum(['device', 'service']),
  id: z.int(),
  name: z.string(),
  /** `network`: loses its only path. `power`: loses its last supply. `redundancy`: one of several paths or supplies. */
  loses: z.enum(['network', 'power', 'redundancy']),
  /** It does not come back when the order is done. */
  forGood: z.boolean(),
});
export type Interrupted = z.infer<typeof Interrupted>;

export const OrderItem = z.strictObject({
  id: z.int(),
  change: PlannedChange,
  linkId: z.int().nullable(),
  /** Before and after, for the list of differences; null where there is nothing. */
  cable: CableCard.nullable(),
  before: z.strictObject({ a: z.int().nullable(), b: z.int().nullable() }),
  after: z.strictObject({ a: z.int().nullable(), b: z.int().nullable() }),
  device: z
    .strictObject({ id: z.int(), name: z.string(), from: PortSpot.nullable(), to: PortSpot.nullable() })
    .nullable(),
});
export type OrderItem = z.infer<typeof OrderItem>;

/** One thing to do in one place. */
export const OrderStep = z.strictObject({
  id: z.int(),
  version: z.int(),
  itemId: z.int(),
  deed: z.enum(stepDeeds),
  state: z.enum(stepStates),
  /** Where to stand. */
  spot: PortSpot,
  portId: z.int().nullable(),
  portSide: z.enum(['front', 'rear']).nullable(),
  /** The cable in the hand: as it is, or as it will be. */
  cable: CableCard.nullable(),
  /** Which of its ends, as it is labelled there. */
  endLabel: z.string().nullable(),
  /** Where its other end is or goes. */
  otherPortId: z.int().nullable(),
  device: z.strictObject({ id: z.int(), name: z.string() }).nullable(),
  /** Of a device that moves or is swapped: its cables, to be put back into the same ports. */
  cables: z.array(z.strictObject({ portId: z.int(), cable: CableCard })),
  toSpot: PortSpot.nullable(),
  reason: z.string().nullable(),
  doneBy: z.string().nullable(),
  doneAt: z.number().nullable(),
  proof: z.enum(proofs),
  proofDetail: z.string().nullable(),
  /** The change in the history; null while it is not done. */
  changeId: z.int().nullable(),
});
export type OrderStep = z.infer<typeof OrderStep>;

/** GET /api/orders/:id; before it is approved the steps are what they would be, with negative ids. */
export const OrderView = z.strictObject({
  order: OrderEntry.extend({
    notes: z.string().nullable(),
    submittedBy: z.string().nullable(),
    submittedAt: z.number().nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: z.number().nullable(),
    decision: z.string().nullable(),
    startedAt: z.number().nullable(),
    finishedAt: z.number().nullable(),
    reverses: z.strictObject({ id: z.int(), number: z.string() }).nullable(),
  }),
  items: z.array(OrderItem),
  steps: z.array(OrderStep),
  remarks: z.array(OrderRemark),
  interrupts: z.array(Interrupted),
  /** Cords to fetch, by what they are. */
  cords: z.array(
    z.strictObject({
      kind: z.string(),
      medium: z.string().nullable(),
      color: z.string().nullable(),
      lengthM: z.number().nullable(),
      count: z.int(),
    }),
  ),
  /** Every port and cable that is named above. */
  ports: z.array(PortCard),
  cables: z.array(CableCard),
  /** What the caller may do now. */
  may: z.array(
    z.enum([
      'edit',
      'submit',
      'approve',
      'reject',
      'withdraw',
      'assign',
      'work',
      'finish',
      'cancel',
      'reverse',
      'delete',
    ]),
  ),
});
export type OrderView = z.infer<typeof OrderView>;

/**
 * POST /api/orders/:id/<deed> with {} or { decision }: submit, approve, reject, withdraw (back to draft), finish (what is still
 * open is skipped), cancel (only before a step is done), reverse (-> { id } of a new draft that takes back what was done).
 */
export const OrderDecision = z.strictObject({ decision: z.string().max(1000).nullable().default(null) });
export type OrderDecision = z.infer<typeof OrderDecision>;

/**
 * What every write on an order answers: POST, PATCH and DELETE of an order, POST, PUT and DELETE of its items, and the deeds.
 * `id` of the order (of `reverse`: of the new draft); `changeId` for taking it back, null when nothing was written.
 */
export const OrderReply = z.strictObject({ id: z.int(), changeId: z.int().nullable() });
export type OrderReply = z.infer<typeof OrderReply>;

/** GET /api/orders/settings (everyone who reads), PUT (administrators). `approval` false: what is submitted is approved at once. */
export const OrderSettings = z.strictObject({ approval: z.boolean() });
export type OrderSettings = z.infer<typeof OrderSettings>;

/**
 * POST /api/orders/:id/steps/:stepId/report. Applied once for each `key`, however often it is sent; in one transaction with what
 * it changes in the documentation. `conflict` in the reply: the documentation has moved on meanwhile, and nothing was written;
 * `force` writes nevertheless what was done by hand (a cable that is in the way becomes open-ended there).
 */
export const StepReport = z.strictObject({
  /** A UUID, made where it was done. */
  key: z.uuid(),
  outcome: z.enum(['done', 'impossible', 'reopen']),
  reason: z.string().trim().max(1000).nullable().default(null),
  /** When it was done, by the phone's clock; milliseconds since 1970. */
  at: Moment,
  /** What was put in in the place of the planned cord: its label, length, colour. */
  label: z.string().trim().max(100).nullable().default(null),
  lengthM: z.number().min(0.01).max(100_000).nullable().default(null),
  color: z.string().trim().max(40).nullable().default(null),
  /** Photos, uploaded before. */
  documentIds: z.array(z.int().positive()).max(10).default([]),
  force: z.boolean().default(false),
});
export type StepReport = z.infer<typeof StepReport>;
export type StepReportInput = z.input<typeof StepReport>;
export const StepReply = z.strictObject({
  step: OrderStep,
  changeId: z.int().nullable(),
  /** true: this report had been taken before. */
  repeated: z.boolean(),
  orderState: z.enum(orderStates),
});
export type StepReply = z.infer<typeof StepReply>;

/**
 * GET /api/worklist?mine=true&until=<ms>: the orders that may be worked on today, with all that their steps need, so that the
 * phone can go where there is no network.
 */
export const Worklist = z.strictObject({
  time: z.number(),
  orders: z.array(
    z.strictObject({
      id: z.int(),
      number: z.string(),
      title: z.string(),
      notes: z.string().nullable(),
      scheduledFrom: z.number().nullable(),
      scheduledUntil: z.number().nullable(),
      steps: z.array(OrderStep),
    }),
  ),
  ports: z.array(PortCard),
  cables: z.array(CableCard),
});
export type Worklist = z.infer<typeof Worklist>;

/**
 * POST /api/captures: a cable documented where it was put in, without an order: two ends, "connected". Once for each key. An end
 * that is already taken: `replace` takes the old cord out (the answer without it is a conflict that names it).
 */
export const Capture = z.strictObject({
  key: z.uuid(),
  at: Moment,
  what: z.enum(['connected', 'disconnected']),
  kind: z.enum(['patch', 'power', 'console', 'permanent']).default('patch'),
  label: z.string().trim().max(100).nullable().default(null),
  lengthM: z.number().min(0.01).max(100_000).nullable().default(null),
  color: z.string().trim().max(40).nullable().default(null),
  a: z.strictObject({ portId: z.int().positive(), side: z.enum(['front', 'rear']).default('front') }),
  /** null with "connected": the other end is not known, the cable hangs open. */
  b: z
    .strictObject({ portId: z.int().positive(), side: z.enum(['front', 'rear']).default('front') })
    .nullable(),
  replace: z.boolean().default(false),
});
export type Capture = z.infer<typeof Capture>;
export const CaptureReply = z.strictObject({
  linkId: z.int().nullable(),
  label: z.string(),
  changeId: z.int().nullable(),
  repeated: z.boolean(),
});
export type CaptureReply = z.infer<typeof CaptureReply>;
