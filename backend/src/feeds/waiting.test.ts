import type { Point } from '@rackhaus/config/line-protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import { Feeds } from './feeds.ts';
import { Sources } from './sources.ts';
import { Waiting } from './waiting.ts';

const hourMs = 3_600_000;

describe('lines that wait', () => {
  let db: Database;
  let now: number;
  let first: number;
  let second: number;
  const dropped = new Map<number, number>();

  beforeEach(async () => {
    db = await openDatabase(':memory:');
    now = 1_700_000_000_000;
    dropped.clear();
    const { id } = await new Feeds({ db, now: () => now }).create('Telegraf');
    const sources = await new Sources({ db, now: () => now }).find(
      id,
      new Map(['a', 'b'].map((key) => [key, { key, label: key }])),
    );
    [first = 0, second = 0] = [...sources.values()].map((source) => source.id);
  });
  afterEach(() => db.destroy());

  const waitingOf = (bytes = 1_000_000) =>
    new Waiting({
      db,
      now: () => now,
      most: { bytes, ageMs: 7 * 24 * hourMs },
      dropped: (id, points) => dropped.set(id, (dropped.get(id) ?? 0) + points),
    });
  const point = (value: number): Point => ({
    measurement: 'm',
    tags: { host: 'ä' },
    fields: { value, text: `Wert ${value}`, on: true },
    time: now,
  });

  it('come back as they were, the oldest first, also after a restart', async () => {
    const waiting = waitingOf();
    await waiting.add(new Map([[first, [point(1), point(2)]]]));
    now += 1;
    await waiting.add(new Map([[first, [point(3)]]]));
    const again = waitingOf();
    await again.load();
    expect(again.of(first).points).toBe(3);
    const pack = await again.oldest(first);
    expect(pack?.points.map(({ fields }) => fields)).toEqual([
      { value: 1, text: 'Wert 1', on: true },
      { value: 2, text: 'Wert 2', on: true },
    ]);
    await again.done(pack?.id ?? 0);
    expect((await again.oldest(first))?.points).toEqual([{ ...point(3), time: now }]);
    expect(again.of(first).points).toBe(1);
  });

  it('are let go by age and by size, the oldest first, and counted', async () => {
    const waiting = waitingOf(2000);
    for (let n = 0; n < 60; n++) {
      now += 1000;
      await waiting.add(new Map([[n % 2 === 0 ? first : second, [point(n)]]]));
    }
    expect(waiting.bytes).toBeLessThanOrEqual(2000);
    const kept = waiting.of(first).points + waiting.of(second).points;
    expect((dropped.get(first) ?? 0) + (dropped.get(second) ?? 0) + kept).toBe(60);
    expect((await waiting.oldest(second))?.points[0]?.fields.value).toBeGreaterThan(60 - kept - 2);
    now += 8 * 24 * hourMs;
    await waiting.tidy();
    expect([waiting.bytes, waiting.of(first).points]).toEqual([0, 0]);
  });

  it('are put together in large packs, in their order', async () => {
    const waiting = waitingOf();
    for (let n = 0; n < 50; n++) {
      now += 1000;
      await waiting.add(new Map([[first, [point(n)]]]));
    }
    const { bytes } = waiting.of(first);
    await waiting.tidy();
    expect(waiting.of(first).points).toBe(50);
    expect(waiting.of(first).bytes).toBeLessThan(bytes / 4);
    const pack = await waiting.oldest(first);
    expect(pack?.points.map(({ fields }) => fields.value)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });
});
