import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClockOffset } from './clock-offset.ts';

describe('ClockOffset', () => {
  const start = 1_780_000_000_000;

  /** A backend whose clock is right, and our clock that is `ahead` ms ahead. */
  function world(ahead: number) {
    let monotonic = 1000;
    let jumped = 0;
    const right = () => start + monotonic;
    const offset = new ClockOffset({ now: () => right() + ahead + jumped, monotonicMs: () => monotonic });
    return {
      offset,
      jump: (ms: number) => {
        jumped += ms;
      },
      passes: (ms: number) => {
        monotonic += ms;
      },
      ask: (thereMs: number, backMs: number) => {
        const sentAt = monotonic;
        monotonic += thereMs;
        const told = String(Math.round(right()));
        monotonic += backMs;
        offset.answered(sentAt, told);
      },
    };
  }

  it('knows nothing before an answer, and nothing a minute after the last', () => {
    const { offset, ask, passes } = world(0);
    expect(offset.seconds()).toBeNull();
    ask(1, 1);
    expect(offset.seconds()).toBe(0);
    passes(60_001);
    expect(offset.seconds()).toBeNull();
  });

  it('believes the quickest answer of the last minute', () => {
    const { offset, ask, passes } = world(5000);
    ask(25_000, 5);
    expect(offset.seconds()).toBeLessThan(0);
    ask(2, 2);
    expect(offset.seconds()).toBe(5);
    ask(900, 3);
    expect(offset.seconds()).toBe(5);
    passes(59_200);
    expect(offset.seconds()).not.toBe(5);
  });

  it('sees at once that our clock was set', () => {
    const { offset, ask, jump } = world(0);
    ask(1, 1);
    jump(3 * 86_400_000);
    expect(offset.seconds()).toBe(3 * 86_400);
    jump(-4 * 86_400_000);
    expect(offset.seconds()).toBe(-86_400);
  });

  it.each([undefined, '', 'NaN', '-5', '1e12', '12345678901234567'])('passes over %j', (time) => {
    const { offset } = world(0);
    offset.answered(0, time);
    expect(offset.seconds()).toBeNull();
  });

  it('is never off by more than half of the quickest round trip', () => {
    const trip = fc.record({ there: fc.nat(500), back: fc.nat(500), pause: fc.nat(3000) });
    fc.assert(
      fc.property(
        fc.array(trip, { minLength: 1, maxLength: 15 }),
        fc.integer({ min: -1e9, max: 1e9 }),
        (trips, ahead) => {
          const { offset, ask, passes } = world(ahead);
          for (const { there, back, pause } of trips) {
            passes(pause);
            ask(there, back);
          }
          const quickest = Math.min(...trips.map(({ there, back }) => there + back));
          const off = Math.abs((offset.seconds() ?? Number.NaN) - ahead / 1000);
          expect(off).toBeLessThanOrEqual((quickest / 2 + 1) / 1000);
        },
      ),
    );
  });
});
