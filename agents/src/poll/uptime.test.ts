import { expect, it } from 'vitest';
import { DeviceUptime } from './uptime.ts';

const clock = (ticks: number | null) => ({ ticks, boots: null, at: 0 });

it('goes on behind the wrap of sysUpTime after 497 days', () => {
  const uptime = new DeviceUptime();
  expect(uptime.at(clock(2 ** 32 - 100), 1e12, [])).toBe((2 ** 32 - 100) / 100);
  expect(uptime.at(clock(200), 1e12 + 3_000, [])).toBe((2 ** 32 + 200) / 100);
  // A moment ahead of the clock was before the wrap.
  expect(uptime.moment(2 ** 32 - 100, clock(200))).toBe(1e12 + 3_000 - 3_000);
});

it('begins anew after a restart, takes the longest clock, and is unknown without one', () => {
  const uptime = new DeviceUptime();
  uptime.at(clock(1_000_000), 1e12, []);
  uptime.restart();
  expect(uptime.at(clock(500), 1e12, [undefined, 90])).toBe(90);
  expect(new DeviceUptime().at(clock(null), 1e12, [Number.NaN])).toBeUndefined();
});

it('moments stay the same while the clocks jitter; one ahead of the clock is nonsense', () => {
  const uptime = new DeviceUptime();
  uptime.at(clock(10_000), 1e12, []);
  const before = uptime.moment(400, clock(10_000));
  uptime.at(clock(10_100), 1e12 + 1_300, []);
  expect(uptime.moment(400, clock(10_100))).toBe(before);
  expect(uptime.moment(99_999, clock(10_100))).toBeUndefined();
});
