import { z } from 'zod';
import { linkKinds, linkMedia } from '../cable-kinds.ts';
import * as f from './fields.ts';

/**
 * `draft`: being planned. `submitted`: waits for approval. `approved`: may be carried out. `working`: a step has been done.
 * `done`, `rejected`, `cancelled`: over; a rejected one can become a draft again.
 */
export const orderStates = [
  'draft',
  'submitted',
  'approved',
  'working',
  'done',
  'rejected',
  'cancelled',
] as const;
export type OrderState = (typeof orderStates)[number];

/** A change order. Written through /api/orders only, where states and roles are enforced. */
export const OrderFields = z.strictObject({
  /** "A-0007"; given by the server. */
  number: f.name({ max: 20 }),
  title: f.name(),
  state: f.choice(orderStates, 'draft', { list: true }),
  notes: f.longText(),
  /** Who is to do it: id and name of a user. */
  assigneeId: f.optionalInteger({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  assignee: f.text(200, { list: true }),
  scheduledFrom: f.optionalTime({ list: true }),
  scheduledUntil: f.optionalTime(),
  createdBy: f.text(200, { list: true }),
  createdAt: f.optionalTime(),
  submittedBy: f.text(200),
  submittedAt: f.optionalTime(),
  decidedBy: f.text(200),
  decidedAt: f.optionalTime(),
  /** Why it was rejected, or what to mind. */
  decision: f.text(1000),
  startedAt: f.optionalTime(),
  finishedAt: f.optionalTime(),
  /** The order that this one takes back. */
  reversesId: f.optionalRef('order'),
});

/** Where one end of a cable is to be. `null` in a plan: the end hangs open. */
export const PlannedEnd = z.strictObject({
  portId: z.int().positive(),
  portSide: z.enum(['front', 'rear']).default('front'),
  connector: z.int().min(1).max(144).default(1),
});
export type PlannedEnd = z.infer<typeof PlannedEnd>;

const cable = {
  kind: z.enum(linkKinds),
  label: z.string().trim().max(100).nullable().default(null),
  medium: z.enum(linkMedia).nullable().default(null),
  color: z.string().max(40).nullable().default(null),
  lengthM: z.number().min(0.01).max(100_000).nullable().default(null),
};
const placement = z.strictObject({
  roomId: z.int().positive().nullable(),
  rackId: z.int().positive().nullable(),
  position: z.number().nullable(),
  face: z.enum(['front', 'rear']).default('front'),
  side: z.enum(['full', 'left', 'right']).default('full'),
});
/**
 * One intended change. `move-link`: ends that are named change their place, null pulls the end out, what is left out stays.
 * `remove-link`: `keep` says whether the cord becomes a spare one or is gone. `swap-device`: the ports keep their cables.
 */
export const PlannedChange = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('add-link'), ...cable, a: PlannedEnd, b: PlannedEnd }),
  z.strictObject({
    action: z.literal('move-link'),
    linkId: z.int().positive(),
    a: PlannedEnd.nullable().optional(),
    b: PlannedEnd.nullable().optional(),
  }),
  z.strictObject({
    action: z.literal('remove-link'),
    linkId: z.int().positive(),
    keep: z.boolean().default(false),
  }),
  z.strictObject({ action: z.literal('move-device'), deviceId: z.int().positive(), to: placement }),
  z.strictObject({ action: z.literal('remove-device'), deviceId: z.int().positive() }),
  z.strictObject({
    action: z.literal('swap-device'),
    deviceId: z.int().positive(),
    typeId: z.int().positive(),
    /** Of the new device. */
    serial: z.string().max(100).nullable().default(null),
  }),
]);
export type PlannedChange = z.infer<typeof PlannedChange>;

/** One of the changes that an order makes. */
export const OrderItemFields = z.strictObject({
  orderId: f.ref('order', { fixed: true, list: true }),
  rank: f.integer({ min: 0, max: 1_000_000, initial: 0 }),
  /** The cable that a planned one has become. */
  linkId: f.optionalRef('link'),
  change: f.json(PlannedChange, { action: 'remove-link', linkId: 1, keep: false }),
});

export const stepDeeds = ['unplug', 'plug', 'move-device', 'remove-device', 'swap-device'] as const;
export const stepStates = ['open', 'done', 'impossible', 'skipped'] as const;
/** `none`: there is nothing to be seen by a device. `waiting`: being looked at. */
export const proofs = ['none', 'waiting', 'proven', 'contradicted', 'unproven'] as const;

/** One thing to do in one place. Made from the items when the order may be carried out. */
export const OrderStepFields = z.strictObject({
  orderId: f.ref('order', { fixed: true, list: true }),
  itemId: f.ref('order-item', { fixed: true }),
  /** In this order nobody walks twice. */
  rank: f.integer({ min: 0, max: 1_000_000, initial: 0 }),
  deed: f.choice(stepDeeds, 'plug', { list: true }),
  /** Of `plug` and `unplug`: which end of the cable, and where. */
  linkSide: f.optionalChoice(['a', 'b']),
  connector: f.optionalInteger({ min: 1, max: 144 }),
  portId: f.optionalRef('port', { list: true }),
  portSide: f.optionalChoice(['front', 'rear']),
  deviceId: f.optionalRef('device'),
  state: f.choice(stepStates, 'open', { list: true }),
  /** Why it was not possible. */
  reason: f.text(1000),
  doneBy: f.text(200, { list: true }),
  doneAt: f.optionalTime({ list: true }),
  proof: f.choice(proofs, 'none', { list: true }),
  /** Of `contradicted`: what is at the other end instead. */
  proofDetail: f.text(500),
});
