import type { DeviceClock } from './counters.ts';

/** sysUpTime starts again after 2^32 ticks of 1/100 s: 497.1 days. */
const ticksPerRound = 2 ** 32;
const jitterMs = 3_000;
/** How much later than the clock a moment may be read within one poll. */
const slackTicks = 500;

/** Since when a device runs, across wraps of its sysUpTime. */
export class DeviceUptime {
  private bootedAt: number | null = null;
  private rounds = 0;
  private lastTicks: number | null = null;

  /** The device started anew. */
  restart(): void {
    this.bootedAt = null;
    this.rounds = 0;
    this.lastTicks = null;
  }

  /**
   * Seconds since the device started: the longest of sysUpTime with its wraps and the other clocks (seconds) that it has.
   * `time` is ms since 1970. Undefined when it has no clock.
   */
  at(clock: DeviceClock, time: number, others: readonly (number | undefined)[]): number | undefined {
    const seconds = others.filter((each) => each !== undefined && Number.isFinite(each));
    const { ticks } = clock;
    if (ticks !== null) {
      if (this.lastTicks !== null && ticks < this.lastTicks) this.rounds++;
      this.lastTicks = ticks;
      seconds.push((ticks + this.rounds * ticksPerRound) / 100);
      const booted = time - ticks * 10;
      // Kept while it only jitters, so that moments computed from it stay the same.
      if (this.bootedAt === null || Math.abs(booted - this.bootedAt) > jitterMs) this.bootedAt = booted;
    }
    return seconds.length === 0 ? undefined : Math.max(...seconds.map(Number));
  }

  /** A reading of sysUpTime as ms since 1970. One ahead of the clock was before its last wrap, or is nonsense. */
  moment(ticks: number, clock: DeviceClock): number | undefined {
    if (this.bootedAt === null || clock.ticks === null) return undefined;
    if (ticks <= clock.ticks + slackTicks) return this.bootedAt + Math.min(ticks, clock.ticks) * 10;
    return this.rounds > 0 ? this.bootedAt - (ticksPerRound - ticks) * 10 : undefined;
  }
}
