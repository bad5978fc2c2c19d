import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CounterValue, counterRate, type DeviceClock, elapsedBetween } from './counters.ts';
import { DeviceUptime } from './uptime.ts';

const round = 2 ** 32;
/** sysUpTime starts again after so many seconds: 497 days. */
const uptimeRound = Math.floor(round / 100);
/** Octets a second of a gigabit port: no port carries more, and none is believed to. */
const fastest = 125_000_000;
/** A device that has started does not answer sooner. */
const bootSeconds = 10;

/** What happens to a device between two polls. */
const parts = {
  /** Between two polls; now and then it was not asked for long. */
  seconds: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 120 }) },
    { weight: 1, arbitrary: fc.integer({ min: 121, max: 90_000 }) },
  ),
  rate: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: fastest }), fc.integer({ min: 1, max: 50_000 })),
  event: fc.constantFrom('none', 'none', 'none', 'none', 'none', 'reboot', 'reset', 'told reset', 'cached'),
  /** Where in the interval the event falls. */
  at: fc.integer({ min: 1, max: 99 }),
};
const step = fc.record(parts);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const device = fc.record({
  bits: fc.constantFrom<32 | 64>(32, 64),
  hasUptime: fc.boolean(),
  /** Whether it tells snmpEngineBoots, and whether it raises them. */
  boots: fc.constantFrom('none', 'raised', 'forgotten'),
  uptime: fc.oneof(
    fc.integer({ min: bootSeconds, max: 1_000_000 }),
    // Shortly before sysUpTime starts again.
    fc.integer({ min: uptimeRound - 400, max: uptimeRound - 1 }),
  ),
  counter: fc.oneof(fc.nat(1_000_000), fc.integer({ min: round - 1_000_000_000, max: round - 1 })),
  steps: fc.array(step, { minLength: 2, maxLength: 12 }),
});
type Device = typeof device extends fc.Arbitrary<infer T> ? T : never;

/** The device as it is: nothing of it wraps. */
class Model {
  time = 0;
  bootedAt: number;
  boots = 3;
  counter: number;
  discontinuity = 0;
  readonly #options: Device;

  constructor(options: Device) {
    this.#options = options;
    this.bootedAt = -options.uptime;
    this.counter = options.counter;
  }

  read(): { clock: DeviceClock; value: CounterValue } {
    const { bits, hasUptime, boots } = this.#options;
    const ticks = Math.round((this.time - this.bootedAt) * 100) % round;
    return {
      clock: {
        ticks: hasUptime ? ticks : null,
        boots: boots === 'none' ? null : this.boots,
        at: this.time * 1000,
      },
      value: { value: bits === 32 ? this.counter % round : this.counter, discontinuity: this.discontinuity },
    };
  }

  /** @returns octets carried since the last moment of `event`, or since the beginning of the step */
  live({ seconds, rate, event, at }: Step): void {
    const before = Math.floor((seconds * at) / 100);
    this.time += before;
    this.counter += rate * before;
    if (event === 'reboot' && seconds - before >= bootSeconds) {
      this.bootedAt = this.time;
      if (this.#options.boots === 'raised') this.boots++;
      this.counter = 0;
      this.discontinuity = 0;
    } else if (event === 'reset') this.counter = 0;
    else if (event === 'told reset') {
      this.counter = 0;
      this.discontinuity = Math.round((this.time - this.bootedAt) * 100) + 1;
    }
    this.time += seconds - before;
    this.counter += rate * (seconds - before);
  }
}

/** Polls the model as a poller does; the rates of each interval between two readings that count. */
function poll(options: Device, tell: (interval: Interval) => void): void {
  const model = new Model(options);
  let kept = model.read();
  let answer = kept;
  let since: Step[] = [];
  let from = model.counter;
  for (const each of options.steps) {
    model.live(each);
    since.push(each);
    // An agent that caches says once more what it said before.
    // (Without a clock in it nobody could tell.)
    if (each.event !== 'cached' || !options.hasUptime) answer = model.read();
    const now = { clock: { ...answer.clock, at: model.time * 1000 }, value: answer.value };
    const elapsed = elapsedBetween(kept.clock, now.clock);
    if (elapsed.kind === 'still') continue;
    const rate =
      elapsed.kind === 'seconds'
        ? counterRate(kept.value, now.value, elapsed.seconds, options.bits, fastest)
        : undefined;
    tell({ rate, steps: since, carried: model.counter - from, elapsed: elapsed.kind });
    kept = now;
    // What an agent that caches did not show yet comes with its next answer.
    if (each.event === 'cached') continue;
    since = [];
    from = model.counter;
  }
}

interface Interval {
  readonly rate: number | undefined;
  readonly steps: readonly Step[];
  readonly carried: number;
  readonly elapsed: 'seconds' | 'restart';
}

const rebooted = ({ event, seconds, at }: Step) =>
  event === 'reboot' && seconds - Math.floor((seconds * at) / 100) >= bootSeconds;

describe('rates of a model device', () => {
  it('are never negative and never above what the device did, whatever happens to it', () => {
    fc.assert(
      fc.property(device, (options) => {
        poll(options, ({ rate, steps }) => {
          if (rate === undefined) return;
          expect(rate).toBeGreaterThanOrEqual(0);
          const most = Math.max(...steps.map((each) => each.rate));
          // A 32-bit counter that was set to zero without a word looks like one that went round; no faster than the port, then.
          if (options.bits === 32 && steps.some((each) => each.event === 'reset' || rebooted(each))) {
            expect(rate).toBeLessThanOrEqual(fastest);
            return;
          }
          // An unnoticed start right after a start: of the interval up to a quarter is missing.
          const slack = steps.some((each) => rebooted(each) || each.event === 'cached') ? 4 / 3 : 1;
          expect(rate).toBeLessThanOrEqual(most * slack * (1 + 1e-9) + 1e-9);
        });
      }),
      { numRuns: 4000 },
    );
  });

  it('are exact where nothing happened, across the wraps of counter and sysUpTime', () => {
    let wraps = 0;
    const quiet = fc
      .record({ ...parts, event: fc.constant('none' as const) })
      .filter(({ seconds, rate }) => seconds * rate < 2 ** 31);
    fc.assert(
      fc.property(device, fc.array(quiet, { minLength: 2, maxLength: 12 }), (options, steps) => {
        const before = options.counter % round;
        poll({ ...options, steps }, ({ rate, steps: [only], carried }) => {
          expect(rate).toBeCloseTo(only?.rate ?? Number.NaN, 4);
          if (before + carried > round) wraps++;
        });
      }),
      { numRuns: 2000 },
    );
    expect(wraps).toBeGreaterThan(50);
  });

  it('are left out for the interval in which a device starts anew, if it tells its boots or its time', () => {
    fc.assert(
      fc.property(device, (options) => {
        if (!options.hasUptime && options.boots !== 'raised') return;
        poll(options, ({ rate, steps }) => {
          const [only] = steps;
          if (steps.length !== 1 || !only || !rebooted(only)) return;
          if (options.boots === 'raised') expect(rate).toBeUndefined();
          // By time alone: unless it had started a moment before that, or its time was about to start again anyway.
          else if (options.uptime > 200 && options.uptime < 2_000_000)
            expect(rate ?? 0).toBeLessThanOrEqual(only.rate * (4 / 3));
        });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the uptime of a model device', () => {
  it('goes on across 497 days, and starts anew with the device', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40_000_000 }), { minLength: 1, maxLength: 20 }),
        (steps) => {
          const uptime = new DeviceUptime();
          let seconds = 20;
          for (const passed of steps) {
            const clock = { ticks: (seconds * 100) % round, boots: null, at: seconds * 1000 };
            expect(uptime.at(clock, 1_780_000_000_000 + seconds * 1000, [])).toBe(seconds);
            seconds += passed;
          }
          uptime.restart();
          expect(uptime.at({ ticks: 1500, boots: null, at: 0 }, 1_780_000_000_000, [])).toBe(15);
        },
      ),
    );
  });

  it('is not changed by an agent whose clock is set, and moments keep their distance', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -86_400_000, max: 3 * 86_400_000 }), { minLength: 1, maxLength: 10 }),
        (jumps) => {
          const uptime = new DeviceUptime();
          let wall = 1_780_000_000_000;
          let ticks = 500_000;
          for (const jump of jumps) {
            const clock = { ticks, boots: null, at: ticks * 10 };
            expect(uptime.at(clock, wall, [])).toBe(ticks / 100);
            const recent = uptime.moment(ticks - 1000, clock) ?? Number.NaN;
            // Ten seconds ago, by the clock that we have now (within the jitter that is not followed).
            expect(Math.abs(wall - 10_000 - recent)).toBeLessThanOrEqual(3000);
            wall += 60_000 + jump;
            ticks += 6000;
          }
        },
      ),
    );
  });
});
