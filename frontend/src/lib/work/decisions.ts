import { type Entry, laneOf, type NewEntry, type Task } from './queue.ts';
import type { QueueStore } from './store.ts';

/** Documents what was done by hand all the same, over what stands there now. */
export async function force(store: QueueStore, seq: number): Promise<void> {
  await store.change(seq, (entry) => ({ ...entry, trouble: null, task: forced(entry.task) }));
}

function forced(task: Task): Task {
  return task.kind === 'report'
    ? { ...task, report: { ...task.report, force: true } }
    : { ...task, capture: { ...task.capture, replace: true } };
}

/** Tries a stuck entry again as it is. */
export async function again(store: QueueStore, seq: number): Promise<void> {
  await store.change(seq, (entry) => ({ ...entry, trouble: null }));
}

/** Gives up a stuck report: the step is open again as the server knows it. What follows for the same step goes with it. */
export async function giveUp(store: QueueStore, stuck: Entry): Promise<void> {
  if (stuck.task.kind === 'report') {
    const { stepId } = stuck.task;
    for (const each of await store.list())
      if (each.seq > stuck.seq && each.task.kind === 'report' && each.task.stepId === stepId)
        await store.change(each.seq, (entry) => (entry.attempts === 0 ? null : entry));
  }
  await store.change(stuck.seq, (entry) => (entry.trouble === null ? entry : null));
}

/**
 * Takes back the last report of a step. One that cannot have reached the server, or that it has refused, is taken out of the queue; else `reopen`
 * is added behind it. @returns whether it was taken out
 */
export async function takeBack(store: QueueStore, stepId: number, reopen: NewEntry): Promise<boolean> {
  const last = lastReport(await store.list(), stepId);
  let takenOut = false;
  // It may be sent while we look: what counts is how it is within the transaction.
  if (last !== null)
    await store.change(last.seq, (entry) => {
      takenOut = entry.attempts === 0 || entry.trouble !== null;
      return takenOut ? null : entry;
    });
  if (!takenOut) await store.add(reopen);
  return takenOut;
}

/** The last report of a step that is still in the queue. */
export function lastReport(entries: readonly Entry[], stepId: number): Entry | null {
  return entries.findLast((each) => each.task.kind === 'report' && each.task.stepId === stepId) ?? null;
}

/** An entry for the queue. */
export function entryOf(
  task: Task,
  who: { readonly userId: number; readonly user: string },
  title: string,
  photos: readonly string[] = [],
): NewEntry {
  return { lane: laneOf(task), userId: who.userId, user: who.user, title, task, photos: [...photos] };
}
