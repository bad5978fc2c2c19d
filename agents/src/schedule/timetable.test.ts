import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timetable, type Turn } from './timetable.ts';
import { backOffMs } from './timing.ts';

interface Behaviour {
  readonly intervalMs: number;
  readonly durationMs: number;
  /** Silent from the first of these polls to the last. */
  readonly silent: readonly [number, number];
}

interface Start {
  readonly at: number;
  readonly due: number;
  readonly silentPolls: number;
}

/** Runs a timetable in virtual time and checks on the way that no device is polled twice at once. */
function simulate(options: {
  behaviours: readonly Behaviour[];
  slots: number;
  slotMs: number;
  untilMs: number;
}): Start[][] {
  const timetable = new Timetable(options);
  const starts: Start[][] = options.behaviours.map(() => []);
  const running = new Map<number, { turn: Turn; endsAt: number }>();
  options.behaviours.forEach(({ intervalMs }, deviceId) => {
    timetable.add(deviceId, intervalMs, 0);
  });
  for (let now = 0; now < options.untilMs; ) {
    for (const [deviceId, { turn, endsAt }] of running) {
      if (endsAt > now) continue;
      running.delete(deviceId);
      const count = starts[deviceId]?.length ?? 0;
      const [from, to] = options.behaviours[deviceId]?.silent ?? [0, 0];
      timetable.finish(turn, now, count < from || count > to);
    }
    for (const turn of timetable.take(now)) {
      expect(running.has(turn.deviceId), 'overlap').toBe(false);
      starts[turn.deviceId]?.push({ at: now, due: turn.due, silentPolls: turn.silentPolls });
      const durationMs = options.behaviours[turn.deviceId]?.durationMs ?? 0;
      running.set(turn.deviceId, { turn, endsAt: now + durationMs });
    }
    const wake = timetable.nextWake();
    const next = Math.min(
      wake ?? Number.POSITIVE_INFINITY,
      ...[...running.values()].map(({ endsAt }) => endsAt),
    );
    expect(next, 'time stands still').toBeGreaterThan(now);
    now = next;
  }
  return starts;
}

const lively = fc.record({
  intervalMs: fc.integer({ min: 1000, max: 5000 }),
  durationMs: fc.integer({ min: 1, max: 20 }),
  silent: fc.constant([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const),
});
const slow = fc.record({
  intervalMs: fc.integer({ min: 500, max: 5000 }),
  durationMs: fc.integer({ min: 500, max: 20_000 }),
  silent: fc.constant([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const),
});
const dead = fc.record({
  intervalMs: fc.integer({ min: 500, max: 5000 }),
  durationMs: fc.integer({ min: 500, max: 5000 }),
  silent: fc.constant([0, Number.POSITIVE_INFINITY] as const),
});

describe('Timetable', () => {
  it('polls every device that answers in each of its intervals, whatever slow and dead ones do', () => {
    fc.assert(
      fc.property(
        fc.array(lively, { minLength: 1, maxLength: 20 }),
        fc.array(fc.oneof(slow, dead), { maxLength: 12 }),
        (quick, awkward) => {
          const slotMs = 20;
          const starts = simulate({ behaviours: [...quick, ...awkward], slots: 4, slotMs, untilMs: 30_000 });
          quick.forEach(({ intervalMs }, deviceId) => {
            const polls = starts[deviceId] ?? [];
            // A full lane of slots is free again after slotMs; so late can the last in the queue be.
            const worst = ((quick.length + awkward.length) / 4 + 1) * slotMs;
            for (const { at, due } of polls) expect(at - due).toBeLessThanOrEqual(worst);
            expect(polls.length).toBeGreaterThanOrEqual(Math.floor(30_000 / intervalMs) - 2);
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('asks silent devices ever less often down to the cap, and as usual from the first answer on', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 500, max: 5000 }),
        fc.integer({ min: 2, max: 8 }),
        (intervalMs, silentFor) => {
          const behaviour: Behaviour = { intervalMs, durationMs: 10, silent: [2, 1 + silentFor] };
          const [polls = []] = simulate({ behaviours: [behaviour], slots: 1, slotMs: 100, untilMs: 300_000 });
          const waits = polls.slice(1).map(({ due }, index) => due - (polls[index]?.due ?? 0));
          const silent = waits.slice(1, 1 + silentFor);
          silent.forEach((wait, index) => {
            // On the device's grid: rounded to an interval, down or up.
            expect(Math.abs(wait - backOffMs(intervalMs, index + 1))).toBeLessThanOrEqual(
              intervalMs / 2 + 0.001,
            );
            expect(wait).toBeGreaterThanOrEqual((silent[index - 1] ?? 0) - 0.001);
          });
          for (const wait of waits.slice(1 + silentFor)) expect(wait).toBeCloseTo(intervalMs, 3);
        },
      ),
    );
  });

  it('never has more polls counting at once than there are slots', () => {
    const timetable = new Timetable({ slots: 3, slotMs: 250 });
    for (let deviceId = 1; deviceId <= 10; deviceId++) timetable.add(deviceId, 1000, 0);
    expect(timetable.take(1000)).toHaveLength(3);
    expect(timetable.take(1000)).toHaveLength(0);
    expect(timetable.nextWake()).toBe(1250);
    expect(timetable.take(1250)).toHaveLength(3);
  });

  it('ignores the end of a poll whose device was removed or started anew meanwhile', () => {
    const timetable = new Timetable({ slots: 3, slotMs: 250 });
    timetable.add(1, 1000, 0);
    const [old] = timetable.take(1000);
    if (old === undefined) throw new Error('no turn');
    timetable.add(1, 1000, 1000);
    timetable.finish(old, 1100, true);
    expect(timetable.take(5000)).toHaveLength(1);
    timetable.remove(1);
    expect(timetable.nextWake()).toBeNull();
  });

  it('spreads devices with a long interval over the first seconds, then over the interval', () => {
    const behaviours = Array.from({ length: 60 }, () => ({
      intervalMs: 60_000,
      durationMs: 5,
      silent: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const,
    }));
    const starts = simulate({ behaviours, slots: 64, slotMs: 250, untilMs: 180_000 });
    expect(Math.max(...starts.map((polls) => polls[0]?.at ?? Number.NaN))).toBeLessThanOrEqual(3000);
    const seconds = starts.flat().filter(({ at }) => at > 95_000 && at < 155_000);
    const perSecond = Map.groupBy(seconds, ({ at }) => Math.floor(at / 1000));
    expect(Math.max(...[...perSecond.values()].map((polls) => polls.length))).toBeLessThanOrEqual(3);
  });

  it('paces the first polls of devices that come in thousands, and then keeps each to its time beside silent and slow ones', () => {
    const never = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
    const intervalMs = 12_000;
    const behaviours = Array.from({ length: 2000 }, (_, deviceId): Behaviour => {
      if (deviceId % 100 === 37)
        return { intervalMs, durationMs: 6000, silent: [0, Number.POSITIVE_INFINITY] };
      return { intervalMs, durationMs: deviceId % 100 === 73 ? 2000 : 20, silent: never };
    });
    const starts = simulate({ behaviours, slots: 64, slotMs: 250, untilMs: 60_000 });
    const first = starts.map((polls) => polls[0]?.at ?? Number.NaN);
    const perSecond = Map.groupBy(first, (at) => Math.floor(at / 1000));
    // Within the first three seconds also those begin that would have been alone.
    expect(Math.max(...[...perSecond.values()].map((polls) => polls.length))).toBeLessThanOrEqual(300);
    expect(Math.max(...first)).toBeLessThanOrEqual(20_000);
    expect(Math.max(...starts.flat().map(({ at, due }) => at - due))).toBeLessThanOrEqual(1000);
  });
});
