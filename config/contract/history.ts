import { z } from 'zod';
import { RecordKind } from './records/index.ts';

/** What led to a change. `agent`: something that a device said was accepted. */
export const changeSources = ['person', 'import', 'undo', 'agent', 'setup', 'system'] as const;

/** One operation of a batch. In `values`, `"#key"` in the place of an id is the record that this batch makes under `key`. */
export const Operation = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('create'),
    kind: RecordKind,
    key: z.string().min(1).max(100).optional(),
    values: z.record(z.string(), z.unknown()),
  }),
  z.strictObject({
    op: z.literal('update'),
    kind: RecordKind,
    id: z.int().positive(),
    /** The version that was seen; left out: whatever is there. */
    version: z.int().optional(),
    values: z.record(z.string(), z.unknown()),
  }),
  z.strictObject({
    op: z.literal('delete'),
    kind: RecordKind,
    id: z.int().positive(),
    version: z.int().optional(),
  }),
]);
export type Operation = z.infer<typeof Operation>;

/** POST /api/inventory/batch: all or nothing, one change. `action` names what was done, for the history. */
export const Batch = z.strictObject({
  operations: z.array(Operation).min(1).max(20_000),
  reason: z.string().trim().max(500).optional(),
});
export type Batch = z.infer<typeof Batch>;

/** What a write did: undo it with POST /api/changes/:id/undo. `ids` are those of the operations, in their order. */
export const BatchReply = z.strictObject({ changeId: z.int().nullable(), ids: z.array(z.int()) });
export type BatchReply = z.infer<typeof BatchReply>;

/** How much of what a change did to one kind. */
const ChangeCount = z.strictObject({
  kind: RecordKind,
  created: z.int(),
  updated: z.int(),
  deleted: z.int(),
});

/** One change: who, when, what, why. `first` names the object by which one recognises it. */
export const ChangeEntry = z.strictObject({
  id: z.int(),
  /** Milliseconds since 1970. */
  time: z.number(),
  user: z.string(),
  source: z.enum(changeSources),
  reason: z.string().nullable(),
  orderId: z.int().nullable(),
  undoes: z.int().nullable(),
  undoneBy: z.int().nullable(),
  counts: z.array(ChangeCount),
  first: z.strictObject({ kind: RecordKind, id: z.int(), name: z.string() }).nullable(),
});
export type ChangeEntry = z.infer<typeof ChangeEntry>;

/** What a change did to one record: only fields that differ. Before null: made. After null: deleted. */
export const ChangeEvent = z.strictObject({
  id: z.int(),
  changeId: z.int(),
  kind: RecordKind,
  objectId: z.int(),
  name: z.string(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  /** How many records of the same owner were made or deleted together (the ports of a device). */
  count: z.int(),
});
export type ChangeEvent = z.infer<typeof ChangeEvent>;
