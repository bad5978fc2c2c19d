import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LastMinute } from './last-minute.ts';

it('counts what a list of all events of the last sixty seconds counts', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 50 }),
      fc.nat(100_000),
      (gaps, then) => {
        const counted = new LastMinute();
        const all: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          all.push(now);
          counted.add(now);
        }
        now += then;
        const since = Math.floor(now / 1000) - 59;
        expect(counted.count(now)).toBe(all.filter((at) => Math.floor(at / 1000) >= since).length);
      },
    ),
  );
});
