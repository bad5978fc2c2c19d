import { DueQueue } from './due-queue.ts';
import { firstDue, firstPollWithinMs, nextDue, share } from './timing.ts';

/** One device's place in the timetable; handed out when a poll is to start and handed back when it has ended. */
export interface Turn {
  readonly deviceId: number;
  readonly intervalMs: number;
  readonly origin: number;
  readonly due: number;
  /** Polls in a row without an answer. */
  readonly silentPolls: number;
  readonly removed: boolean;
}

/**
 * A first poll finds out what a device is, which takes thirty requests: those of devices that came together start at this pace
 * once there are more than fit the first seconds.
 */
const firstPollEveryMs = 10;

type Entry = { -readonly [K in keyof Turn]: Turn[K] };

/** Polls that run at the same time. One that waits for a silent device soon stops counting: it costs a timer only. */
class Lane {
  readonly queue = new DueQueue<Entry>();
  /** Turn to the time its poll started, oldest first. */
  readonly holders = new Map<Turn, number>();
}

/**
 * Who is polled when. Decides only: it has no clock and starts nothing; times are monotonic milliseconds.
 * Every device has at most one poll in flight. Devices that answer and devices that are silent wait in lanes of their
 * own, and a poll holds its place in the lane for `slotMs` at most, so that neither slow nor dead devices delay others.
 */
export class Timetable {
  readonly #slots: number;
  readonly #slotMs: number;
  readonly #entries = new Map<number, Entry>();
  readonly #lively = new Lane();
  readonly #silent = new Lane();
  /** Until when first polls keep the pace. */
  #paced = 0;

  constructor(options: { slots: number; slotMs: number }) {
    this.#slots = options.slots;
    this.#slotMs = options.slotMs;
  }

  /** Adds a device, or starts it anew when it is there. */
  add(deviceId: number, intervalMs: number, now: number): void {
    this.remove(deviceId);
    this.#paced = Math.max(this.#paced + firstPollEveryMs, now);
    const entry: Entry = {
      deviceId,
      intervalMs,
      origin: now + share(deviceId) * intervalMs,
      due: Math.max(firstDue({ deviceId, intervalMs, now }), this.#paced - firstPollWithinMs),
      silentPolls: 0,
      removed: false,
    };
    this.#entries.set(deviceId, entry);
    this.#lively.queue.push(entry);
  }

  remove(deviceId: number): void {
    const entry = this.#entries.get(deviceId);
    if (entry === undefined) return;
    entry.removed = true;
    this.#entries.delete(deviceId);
  }

  /** The polls to start now, earliest due first. Each must be handed back to `finish`. */
  take(now: number): Turn[] {
    const turns: Turn[] = [];
    for (const lane of [this.#lively, this.#silent]) {
      this.#releaseSlow(lane, now);
      for (let next = lane.queue.peek(); next !== undefined && next.due <= now; next = lane.queue.peek()) {
        if (lane.holders.size >= this.#slots) break;
        lane.queue.pop();
        lane.holders.set(next, now);
        turns.push(next);
      }
    }
    return turns;
  }

  /** Ends a turn; `answered` decides when the next one is. */
  finish(turn: Turn, now: number, answered: boolean): void {
    const entry = this.#entries.get(turn.deviceId);
    for (const lane of [this.#lively, this.#silent]) lane.holders.delete(turn);
    // The device was removed or started anew while its poll ran.
    if (entry === undefined || entry !== turn) return;
    entry.silentPolls = answered ? 0 : entry.silentPolls + 1;
    entry.due = nextDue({ ...entry, now });
    (answered ? this.#lively : this.#silent).queue.push(entry);
  }

  /** When `take` may have something next; null when nothing is waiting. */
  nextWake(): number | null {
    let wake: number | null = null;
    for (const lane of [this.#lively, this.#silent]) {
      const next = lane.queue.peek();
      if (next === undefined) continue;
      let at = next.due;
      if (lane.holders.size >= this.#slots) {
        const oldest = lane.holders.values().next();
        if (!oldest.done) at = Math.max(at, oldest.value + this.#slotMs);
      }
      if (wake === null || at < wake) wake = at;
    }
    return wake;
  }

  #releaseSlow(lane: Lane, now: number): void {
    for (const [turn, startedAt] of lane.holders) {
      if (startedAt + this.#slotMs > now) break;
      lane.holders.delete(turn);
    }
  }
}
