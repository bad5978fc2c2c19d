import { Capture, StepReport } from '@rackhaus/config/contract';
import { z } from 'zod';

/** An end of a cable as it was captured: a port, or words that the server finds the port by when there is a network. */
export const CapturedEnd = z.strictObject({
  text: z.string(),
  portId: z.int().positive().nullable(),
  side: z.enum(['front', 'rear']),
});
export type CapturedEnd = z.infer<typeof CapturedEnd>;

/** Something that was done by hand and is to be told to the server. */
export const Task = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('report'),
    orderId: z.int(),
    stepId: z.int(),
    report: StepReport,
  }),
  z.strictObject({
    kind: z.literal('capture'),
    a: CapturedEnd,
    b: CapturedEnd.nullable(),
    capture: Capture.omit({ a: true, b: true }),
  }),
]);
export type Task = z.infer<typeof Task>;

/** Why an entry stays where it is until somebody decides. `reason`: as the server names it. */
export const Trouble = z.strictObject({
  code: z.string(),
  reason: z.string(),
  message: z.string(),
  blocking: z.array(z.strictObject({ kind: z.string(), id: z.int(), name: z.string() })),
});
export type Trouble = z.infer<typeof Trouble>;

const entry = {
  /** What it belongs to: entries of one lane are sent one after the other, and none past one that is stuck. */
  lane: z.string(),
  /** Who did it: nobody else's session sends it. */
  userId: z.int(),
  user: z.string(),
  /** In words, for the list of what waits. */
  title: z.string(),
  task: Task,
  /** Keys of photos that are uploaded before it is sent. */
  photos: z.array(z.string()),
};
export const NewEntry = z.strictObject(entry);
export type NewEntry = z.infer<typeof NewEntry>;
/** An entry of the queue as it lies in the browser. */
export const Entry = z.strictObject({
  ...entry,
  /** Its place in the queue. */
  seq: z.int(),
  /** How often sending it was begun: 0 means that the server cannot know of it. */
  attempts: z.int(),
  /** Not null: it waits for a person. */
  trouble: Trouble.nullable(),
});
export type Entry = z.infer<typeof Entry>;

/** The key by which the server knows an entry that it has taken before. */
export function keyOf(entry: Pick<Entry, 'task'>): string {
  return entry.task.kind === 'report' ? entry.task.report.key : entry.task.capture.key;
}

/** The lane of an order's reports, and the one of all captures. */
export function laneOf(task: Task): string {
  return task.kind === 'report' ? `order ${task.orderId}` : 'captures';
}

/**
 * What is to be sent next: the first entry of this person whose lane is not stuck further ahead. `entries` are in the order of
 * `seq`. null: nothing can be sent.
 */
export function nextToSend(entries: readonly Entry[], userId: number): Entry | null {
  const stuck = new Set<string>();
  for (const each of entries) {
    if (each.userId !== userId || stuck.has(each.lane)) continue;
    if (each.trouble === null) return each;
    stuck.add(each.lane);
  }
  return null;
}

/** Of one person: how many will go by themselves, how many stand behind one that is stuck, and those that are stuck. */
export function countsOf(
  entries: readonly Entry[],
  userId: number,
): { waiting: number; held: number; stuck: readonly Entry[] } {
  const own = entries.filter((each) => each.userId === userId);
  const stuckLanes = new Set<string>();
  let waiting = 0;
  let held = 0;
  for (const each of own) {
    if (each.trouble !== null) stuckLanes.add(each.lane);
    else if (stuckLanes.has(each.lane)) held++;
    else waiting++;
  }
  return { waiting, held, stuck: own.filter((each) => each.trouble !== null) };
}
