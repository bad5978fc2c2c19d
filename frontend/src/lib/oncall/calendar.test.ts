import type { Shift } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { addMonths, barsOf, gapsOf, spanOf, stretches, weeksOf } from './calendar.ts';
import { clockAt, dayAt, fromField, timeAt, toField } from './zoned.ts';

const zone = 'Europe/Berlin';
const shift = (
  from: number,
  until: number,
  userId: number | null,
  changeId: number | null = null,
): Shift => ({
  from,
  until,
  userId,
  name: userId === null ? null : `user ${userId}`,
  layer: null,
  changeId,
});

describe('times of a zone', () => {
  it.each([
    ['2026-01-15', '07:30', '2026-01-15T06:30:00.000Z'],
    ['2026-07-15', '07:30', '2026-07-15T05:30:00.000Z'],
    ['2026-03-29', '00:00', '2026-03-28T23:00:00.000Z'],
    ['2026-03-29', '03:30', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25', '12:00', '2026-10-25T11:00:00.000Z'],
    ['2026-10-25', '00:00', '2026-10-24T22:00:00.000Z'],
  ])('%s %s is %s', (day, clock, utc) => {
    const time = timeAt(day, clock, zone);
    expect(new Date(time).toISOString()).toBe(utc);
    expect([dayAt(time, zone), clockAt(time, zone)]).toEqual([day, clock]);
  });
  it('go into a field and out again', () => {
    const time = timeAt('2026-11-23', '16:00', zone);
    expect(fromField(toField(time, zone), zone)).toBe(time);
    expect([fromField('', zone), toField(null, zone)]).toEqual([null, '']);
  });
});

describe('the calendar', () => {
  it('shows whole weeks from Monday', () => {
    const weeks = weeksOf('2026-11');
    expect([weeks[0]?.[0], weeks.at(-1)?.[6], weeks.length]).toEqual(['2026-10-26', '2026-12-06', 6]);
    expect([addMonths('2026-12', 1), addMonths('2026-01', -1)]).toEqual(['2027-01', '2025-12']);
  });
  it('gives the day of 25 hours the width of any other', () => {
    const week = weeksOf('2026-10')[3] ?? [];
    const noon = timeAt('2026-10-25', '12:00', zone);
    const [bar] = barsOf(week, stretches([shift(noon, noon + 86_400_000, 1)]), zone);
    expect(week[6]).toBe('2026-10-25');
    expect(bar?.start).toBeCloseTo((6 + 13 / 25) / 7, 6);
    expect([bar?.before, bar?.after, (bar?.start ?? 0) + (bar?.width ?? 0)]).toEqual([false, true, 1]);
  });
  it('joins what one person has in a row, and keeps covers apart', () => {
    const joined = stretches([shift(0, 10, 1), shift(10, 20, 1), shift(20, 30, 1, 5), shift(30, 40, null)]);
    expect(joined.map(({ from, until, covered }) => [from, until, covered])).toEqual([
      [0, 20, false],
      [20, 30, true],
      [30, 40, false],
    ]);
  });
  it('names gaps within what is looked at', () => {
    const gaps = gapsOf([shift(0, 100, 1), shift(100, 200, null), shift(200, 300, null)], 150, 250);
    expect(gaps).toMatchObject([{ from: 150, until: 250, userId: null }]);
  });
  it('covers the month and the rest of its weeks', () => {
    const { from, until } = spanOf('2026-10', zone);
    expect([dayAt(from, zone), dayAt(until, zone)]).toEqual(['2026-09-28', '2026-11-02']);
  });
});
