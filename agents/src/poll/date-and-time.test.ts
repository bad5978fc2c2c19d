import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dateAndTime } from './date-and-time.ts';

it('reads the example of SNMPv2-TC', () => {
  // Tuesday May 26, 1992 at 1:30:15 PM EDT
  const octets = Uint8Array.of(0x07, 0xc8, 5, 26, 13, 30, 15, 0, 0x2d, 4, 0);
  expect(dateAndTime(octets)).toBe(Date.UTC(1992, 4, 26, 17, 30, 15));
});

it('says nothing of what has no time zone or is none', () => {
  expect(dateAndTime(Uint8Array.of(0x07, 0xc8, 5, 26, 13, 30, 15, 0))).toBeUndefined();
  expect(dateAndTime(Uint8Array.of(0x07, 0xc8, 0, 0, 0, 0, 0, 0, 0x2b, 0, 0))).toBeUndefined();
  expect(dateAndTime('now')).toBeUndefined();
  expect(dateAndTime(undefined)).toBeUndefined();
});

it('gives a moment back in whatever zone it is written', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 40_000_000_000 }),
      fc.integer({ min: -12, max: 13 }),
      fc.constantFrom(0, 30, 45),
      (tenths, hours, minutes) => {
        const time = tenths * 100;
        const sign = hours < 0 ? -1 : 1;
        const there = new Date(time + sign * (Math.abs(hours) * 60 + minutes) * 60_000);
        const year = there.getUTCFullYear();
        const octets = Uint8Array.of(
          year >> 8,
          year & 0xff,
          there.getUTCMonth() + 1,
          there.getUTCDate(),
          there.getUTCHours(),
          there.getUTCMinutes(),
          there.getUTCSeconds(),
          Math.floor(there.getUTCMilliseconds() / 100),
          sign < 0 ? 0x2d : 0x2b,
          Math.abs(hours),
          minutes,
        );
        expect(dateAndTime(octets)).toBe(time);
      },
    ),
  );
});
