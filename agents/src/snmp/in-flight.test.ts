import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InFlight, type Place } from './in-flight.ts';

describe('InFlight', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets requests go in their order while there is room, whatever they do; all go in the end', async () => {
    const act = fc.oneof(
      fc.record({ enter: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ leave: fc.nat() }),
      fc.record({ wait: fc.integer({ min: 1, max: 1500 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
        const limit = 250;
        const flight = new InFlight(limit);
        const places: Place[] = [];
        const went: number[] = [];
        const gone = new Set<number>();
        for (const each of acts) {
          if ('enter' in each) {
            const number = places.length;
            const place = flight.enter(each.enter);
            places.push(place);
            if (place.admitted === null) went.push(number);
            else void place.admitted.then(() => void (gone.has(number) || went.push(number)));
          } else if ('leave' in each && places.length > 0) {
            const number = each.leave % places.length;
            if (!went.includes(number)) gone.add(number);
            places[number]?.leave();
          } else if ('wait' in each) {
            await vi.advanceTimersByTimeAsync(each.wait);
          }
          await vi.advanceTimersByTimeAsync(0);
          const { bytes } = flight.state;
          expect(bytes).toBeGreaterThanOrEqual(0);
          // Only one that is larger than the bound, and alone, may pass it.
          expect(bytes).toBeLessThanOrEqual(Math.max(limit, 300));
        }
        // Nobody leaves, as if all devices were silent.
        await vi.advanceTimersByTimeAsync(1001 * (places.length + 1));
        expect(flight.state.waiting).toBe(0);
        expect(went).toEqual([...went].sort((a, b) => a - b));
        expect(went.length + gone.size).toBe(places.length);
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps to its bound, and lets one that is larger go alone', async () => {
    const flight = new InFlight(100);
    const first = flight.enter(60);
    const second = flight.enter(60);
    expect(first.admitted).toBeNull();
    expect(second.admitted).not.toBeNull();
    first.leave();
    await second.admitted;
    const large = flight.enter(500);
    second.leave();
    await large.admitted;
    expect(flight.state).toEqual({ bytes: 500, waiting: 0 });
    large.leave();
    large.leave();
    expect(flight.state).toEqual({ bytes: 0, waiting: 0 });
  });

  it('does not let the silent stop the others', async () => {
    const flight = new InFlight(100);
    for (let n = 0; n < 4; n++) flight.enter(25);
    const other = flight.enter(25);
    let went = false;
    void other.admitted?.then(() => {
      went = true;
    });
    await vi.advanceTimersByTimeAsync(900);
    expect(went).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(went).toBe(true);
  });
});
