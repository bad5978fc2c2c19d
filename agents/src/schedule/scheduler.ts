import type { Logger } from 'pino';
import { LastMinute } from './last-minute.ts';
import { Timetable, type Turn } from './timetable.ts';

/** The longest delay that a Node timer takes is 2^31 - 1 ms. */
const longestTimerMs = 2_000_000_000;
/** A poll that begins so long after it was due is late. */
const lateMs = 1000;

/** Runs the timetable: starts each poll when it is due. Its clock is monotonic: setting the time of day does nothing. */
export class Scheduler {
  readonly #timetable: Timetable;
  readonly #run: (deviceId: number) => Promise<boolean>;
  readonly #monotonicMs: () => number;
  readonly #log: Logger;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #late = new LastMinute();
  #timer: NodeJS.Timeout | null = null;
  #wakeAt = Number.POSITIVE_INFINITY;
  #running = false;

  /**
   * @param options.run polls one device; resolves to whether it answered. A rejection counts as silence and is logged.
   * @param options.slots polls at the same time, see Timetable
   * @param options.slotMs how long one of them counts
   */
  constructor(options: {
    run: (deviceId: number) => Promise<boolean>;
    monotonicMs: () => number;
    log: Logger;
    slots?: number;
    slotMs?: number;
  }) {
    this.#run = options.run;
    this.#monotonicMs = options.monotonicMs;
    this.#log = options.log;
    this.#timetable = new Timetable({ slots: options.slots ?? 64, slotMs: options.slotMs ?? 250 });
  }

  /** Adds a device, or starts it anew when it is there. */
  add(deviceId: number, intervalMs: number): void {
    this.#timetable.add(deviceId, intervalMs, this.#monotonicMs());
    this.#arm();
  }

  remove(deviceId: number): void {
    this.#timetable.remove(deviceId);
  }

  /** How many polls of the last minute began over a second after they were due. */
  get late(): number {
    return this.#late.count(this.#monotonicMs());
  }

  start(): void {
    this.#running = true;
    this.#arm();
  }

  /** Starts no more polls and waits for those in flight; whoever wants them to end sooner aborts them. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#disarm();
    await Promise.all(this.#inFlight);
  }

  #arm(): void {
    if (!this.#running) return;
    const wake = this.#timetable.nextWake();
    if (wake === null || wake >= this.#wakeAt) return;
    this.#disarm();
    this.#wakeAt = wake;
    const delayMs = Math.min(longestTimerMs, Math.max(0, Math.ceil(wake - this.#monotonicMs())));
    this.#timer = setTimeout(() => this.#wake(), delayMs);
  }

  #disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#wakeAt = Number.POSITIVE_INFINITY;
  }

  #wake(): void {
    this.#disarm();
    const now = this.#monotonicMs();
    for (const turn of this.#timetable.take(now)) {
      if (now - turn.due > lateMs) this.#late.add(now);
      const poll = this.#poll(turn);
      this.#inFlight.add(poll);
      void poll.then(() => this.#inFlight.delete(poll));
    }
    this.#arm();
  }

  async #poll(turn: Turn): Promise<void> {
    let answered = false;
    try {
      answered = await this.#run(turn.deviceId);
    } catch (error) {
      this.#log.error({ err: error, deviceId: turn.deviceId }, 'a poll failed in an unforeseen way');
    }
    this.#timetable.finish(turn, this.#monotonicMs(), answered);
    this.#arm();
  }
}
