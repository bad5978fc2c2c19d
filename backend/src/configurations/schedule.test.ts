import { expect, it } from 'vitest';
import { minuteOf, nextAt } from './schedule.ts';

const at = (text: string) => Date.parse(text);
const noon = at('2026-11-23T12:00:00+01:00');

it('spreads devices evenly over four hours of the night', () => {
  const hours = [0, 0, 0, 0];
  for (let id = 1; id <= 4000; id++) {
    const hour = Math.floor(minuteOf(id) / 60);
    hours[hour] = (hours[hour] ?? 0) + 1;
  }
  for (const count of hours) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

it('has the next turn the next night, and the missed one at once', () => {
  for (let deviceId = 1; deviceId <= 50; deviceId++) {
    const next = nextAt({ deviceId, triedAt: noon - 1000, again: false }, noon);
    expect(next).toBe(at('2026-11-24T01:00:00+01:00') + minuteOf(deviceId) * 60_000);
    expect(nextAt({ deviceId, triedAt: noon - 86_400_000, again: false }, noon)).toBe(noon);
    expect(nextAt({ deviceId, triedAt: null, again: false }, noon)).toBe(noon);
  }
});

it('tries again by day what may pass by itself, and not what was refused', () => {
  const tried = noon - 3_600_000;
  expect(nextAt({ deviceId: 1, triedAt: tried, again: true }, noon)).toBe(tried + 6 * 3_600_000);
  expect(nextAt({ deviceId: 1, triedAt: tried, again: false }, noon)).toBeGreaterThan(noon + 12 * 3_600_000);
});

it('is not stuck when the clock was set back', () => {
  expect(nextAt({ deviceId: 1, triedAt: noon + 10 * 86_400_000, again: false }, noon)).toBe(noon);
});
