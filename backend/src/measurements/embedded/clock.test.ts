import { expect, it } from 'vitest';
import { StoreClock } from './clock.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = 1_800_000_000_000;
const in2106 = now + 49 * 365 * day;

it('follows a clock that goes right', () => {
  const clock = new StoreClock(now, 0);
  for (let h = 1; h < 100; h++) expect(clock.at(now + h * hour, h * hour)).toBe(now + h * hour);
});

it('moves by a day at most while the clock is wrong for an hour, and comes back', () => {
  const clock = new StoreClock(now, 0);
  expect(clock.at(in2106, hour)).toBe(now + day);
  expect(clock.at(now + hour, hour + 1000)).toBe(now + hour);
  expect(clock.at(in2106, hour + 2000)).toBeLessThan(now + 2 * day);
});

it('goes by a clock that went back, and soon follows it forward again', () => {
  const clock = new StoreClock(now, 0);
  expect(clock.at(0, hour)).toBe(0);
  expect(clock.at(now + 2 * hour, 2 * hour)).toBe(now);
  expect(clock.at(now + 3 * hour, 3 * hour)).toBe(now + 3 * hour);
});

it('comes up within days after months without power', () => {
  const clock = new StoreClock(now, 0);
  let at = 0;
  for (let h = 1; h <= 5 * 24; h++) at = clock.at(now + 90 * day + h * hour, h * hour);
  expect(at).toBe(now + 95 * day);
});
