import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Pace } from './pace.ts';

it('lets no more through in any second than was said, and no fewer where nobody dawdles', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 0, max: 5000 }),
      async (perSecond, idleMs) => {
        let now = 0;
        const pace = new Pace({
          perSecond,
          nowMs: () => now,
          wait: async (ms) => {
            now += ms;
          },
        });
        const { signal } = new AbortController();
        const times: number[] = [];
        for (let turn = 0; turn < 3 * perSecond; turn++) {
          if (turn === perSecond) now += idleMs;
          await pace.turn(signal);
          times.push(now);
        }
        // Bursts of a quarter of a second: one may fall into each end of a second.
        const burst = Math.max(1, Math.floor(perSecond / 4));
        for (const [index, time] of times.entries()) {
          const inSecond = times.slice(index).filter((each) => each < time + 1000).length;
          expect(inSecond).toBeLessThanOrEqual(perSecond + 2 * burst);
        }
        expect(now).toBeLessThanOrEqual(3000 + idleMs);
      },
    ),
    { numRuns: 30 },
  );
});
