import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scheduler } from './scheduler.ts';

const log = pino({ level: 'silent' });

describe('Scheduler', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function started(run: (deviceId: number) => Promise<boolean>): Scheduler {
    const scheduler = new Scheduler({ run, monotonicMs: () => performance.now(), log });
    scheduler.start();
    return scheduler;
  }

  it('keeps to the interval, also when polls fail in unforeseen ways or never end', async () => {
    const polls = new Map([1, 2, 3].map((deviceId) => [deviceId, 0]));
    const scheduler = started((deviceId) => {
      polls.set(deviceId, (polls.get(deviceId) ?? 0) + 1);
      if (deviceId === 1) return Promise.reject(new Error('unforeseen'));
      if (deviceId === 2) return new Promise(() => {});
      return Promise.resolve(true);
    });
    for (const deviceId of polls.keys()) scheduler.add(deviceId, 1000);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(polls.get(3)).toBeGreaterThanOrEqual(19);
    expect(polls.get(2)).toBe(1);
    // 0, 1, 3, 7, 12, 17 s: backed off to 5 s
    expect(polls.get(1)).toBe(6);
  });

  it('counts the polls of the last minute that began late', async () => {
    const ends: (() => void)[] = [];
    const scheduler = new Scheduler({
      run: () => new Promise((resolve) => ends.push(() => resolve(true))),
      monotonicMs: () => performance.now(),
      log,
      slots: 1,
      slotMs: 4000,
    });
    scheduler.start();
    for (const deviceId of [1, 2, 3]) scheduler.add(deviceId, 60_000);
    await vi.advanceTimersByTimeAsync(3000);
    expect(ends).toHaveLength(1);
    expect(scheduler.late).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ends).toHaveLength(3);
    expect(scheduler.late).toBe(2);
    for (const end of ends) end();
    scheduler.remove(1);
    scheduler.remove(2);
    scheduler.remove(3);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(scheduler.late).toBe(0);
    await scheduler.stop();
  });

  it('does not care about the time of day', async () => {
    let polls = 0;
    const scheduler = started(async () => {
      polls++;
      return true;
    });
    scheduler.add(1, 1000);
    await vi.advanceTimersByTimeAsync(10_000);
    vi.setSystemTime(new Date('1999-01-01'));
    await vi.advanceTimersByTimeAsync(10_000);
    vi.setSystemTime(new Date('2040-01-01'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(polls).toBeGreaterThanOrEqual(29);
    expect(polls).toBeLessThanOrEqual(31);
    await scheduler.stop();
  });

  it('starts nothing after stop and waits for what is in flight', async () => {
    let polls = 0;
    let finish: (answered: boolean) => void = () => {};
    const scheduler = started(() => {
      polls++;
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    scheduler.add(1, 1000);
    await vi.advanceTimersByTimeAsync(1000);
    let stopped = false;
    const stop = scheduler.stop().then(() => {
      stopped = true;
    });
    await vi.advanceTimersByTimeAsync(5000);
    expect(stopped).toBe(false);
    finish(true);
    await stop;
    await vi.advanceTimersByTimeAsync(5000);
    expect(polls).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
