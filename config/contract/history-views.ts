import { z } from 'zod';
import { ChangeEntry, ChangeEvent } from './history.ts';
import { RecordKind } from './records/index.ts';

/** Labels of records that something refers to, by `"<kind>/<id>"`; also of those that have been deleted since. */
const Names = z.record(z.string(), z.string());

/** An event as it is shown: with the object that it belongs to when it is about several records (the ports of a device). */
export const ShownEvent = ChangeEvent.extend({
  owner: z.strictObject({ kind: RecordKind, id: z.int() }).nullable(),
  /** It came from a site that whoever asks is not for, or went there: the values of that side are left out (null). */
  elsewhere: z.enum(['before', 'after']).optional(),
});
export type ShownEvent = z.infer<typeof ShownEvent>;

/** GET /api/changes: newest first. `next`: give it as `before` for those that follow; null at the end. */
export const ChangeList = z.strictObject({ changes: z.array(ChangeEntry), next: z.int().nullable() });
export type ChangeList = z.infer<typeof ChangeList>;

/** GET /api/changes/:id: events in the order in which they happened. `next`: give it as `after`. */
export const ChangeDetail = z.strictObject({
  change: ChangeEntry,
  events: z.array(ShownEvent),
  next: z.int().nullable(),
  names: Names,
});
export type ChangeDetail = z.infer<typeof ChangeDetail>;

/** POST /api/changes/:id/undo: the change that took it back, which can be undone in its turn. */
export const UndoReply = z.strictObject({ changeId: z.int() });
export type UndoReply = z.infer<typeof UndoReply>;

/** GET /api/history/:kind/:id: changes that touched the object or what is in it, newest first, with only those events. */
export const ObjectHistory = z.strictObject({
  changes: z.array(z.strictObject({ change: ChangeEntry, events: z.array(ShownEvent) })),
  /** Give it as `before`. */
  next: z.int().nullable(),
  names: Names,
});
export type ObjectHistory = z.infer<typeof ObjectHistory>;

/** What became of a record that is, or was, in the compared object. `moved`: its place within it is another. */
export const memberFates = ['came', 'went', 'moved', 'changed'] as const;

/**
 * GET /api/history/compare: the object at two times. Fields: those that differ. Members: what is in it (the devices of a rack,
 * the ports and cables of a device) as far as it differs.
 */
export const Comparison = z.strictObject({
  kind: RecordKind,
  id: z.int(),
  from: z.number(),
  to: z.number(),
  /** Before null: it did not exist yet. After null: it does not exist any more. */
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  members: z.array(
    z.strictObject({
      kind: RecordKind,
      id: z.int(),
      name: z.string(),
      fate: z.enum(memberFates),
      before: z.record(z.string(), z.unknown()).nullable(),
      after: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
  names: Names,
});
export type Comparison = z.infer<typeof Comparison>;
