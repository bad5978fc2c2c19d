import { RotaPlan } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PublicHolidays } from './holidays.ts';
import { type RotaChange, shifts } from './shifts.ts';
import { whoByLookingAtTheClock } from './slow-oracle.ts';

const holidays = new PublicHolidays();
const hour = 3_600_000;
const day = 24 * hour;
const utc = (text: string): number => Date.parse(`${text}Z`);

const weekly = {
  name: 'Bereitschaft',
  people: [1, 2, 3],
  from: '2026-01-05',
  until: null,
  turn: { every: 'week', count: 1, weekday: 1, at: '08:00' },
  hours: null,
  holidays: 'all',
};
const plan = (...layers: readonly object[]) =>
  RotaPlan.parse({ timeZone: 'Europe/Berlin', holidays: 'DE-NW', layers });

describe('turns', () => {
  it('change hands at the same time on the wall, whatever the sun does', () => {
    const given = shifts(plan(weekly), [], utc('2026-03-16T07:00'), utc('2026-04-13T06:00'), holidays);
    expect(given.map(({ from, userId }) => [new Date(from).toISOString().slice(0, 16), userId])).toEqual([
      ['2026-03-16T07:00', 2],
      ['2026-03-23T07:00', 3],
      ['2026-03-30T06:00', 1],
      ['2026-04-06T06:00', 2],
    ]);
    expect(given[1] && (given[1].until - given[1].from) / hour).toBe(7 * 24 - 1);
  });

  it('of a day have 23 hours in March and 25 in October', () => {
    const daily = { ...weekly, turn: { every: 'day', count: 1, weekday: 1, at: '00:00' } };
    const lengths = (from: string) =>
      shifts(plan(daily), [], utc(from), utc(from) + 3 * day, holidays).map(
        ({ from: a, until: b }) => (b - a) / hour,
      );
    expect(lengths('2026-03-27T23:00')).toEqual([24, 23, 24, 1]);
    expect(lengths('2026-10-23T22:00')).toEqual([24, 25, 23]);
  });

  it('hand over at the moment of the change where the hour is left out, and once where it comes twice', () => {
    const nightly = { ...weekly, turn: { every: 'day', count: 1, weekday: 1, at: '02:30' } };
    const starts = (from: string) =>
      shifts(plan(nightly), [], utc(from), utc(from) + 12 * hour, holidays)
        .slice(1)
        .map(({ from: start }) => new Date(start).toISOString().slice(0, 16));
    expect(starts('2026-03-28T20:00')).toEqual(['2026-03-29T01:00']);
    expect(starts('2026-10-24T20:00')).toEqual(['2026-10-25T00:30']);
  });

  it('are nobody’s before the first and after the last day', () => {
    const short = { ...weekly, from: '2026-05-06', until: '2026-05-12' };
    const given = shifts(plan(short), [], utc('2026-05-01T00:00'), utc('2026-05-20T00:00'), holidays);
    expect(given.map(({ from, userId }) => [new Date(from).toISOString().slice(0, 16), userId])).toEqual([
      ['2026-05-01T00:00', null],
      // The week of turns is that of the hand-over: the first one is shorter.
      ['2026-05-06T06:00', 1],
      ['2026-05-11T06:00', 2],
      ['2026-05-13T06:00', null],
    ]);
  });
});

describe('layers', () => {
  it('go before earlier ones in their hours, and leave holidays to others', () => {
    const office = {
      ...weekly,
      name: 'Dienstzeit',
      people: [9],
      hours: [{ days: [1, 2, 3, 4, 5], from: '08:00', until: '16:30' }],
      holidays: 'not',
    };
    const xmas = { ...weekly, name: 'Feiertage', people: [7], holidays: 'only' };
    const given = shifts(
      plan(weekly, office, xmas),
      [],
      utc('2026-12-23T23:00'),
      utc('2026-12-25T23:00'),
      holidays,
    );
    expect(given.map(({ layer, userId, from, until }) => [layer, userId, (until - from) / hour])).toEqual([
      ['Bereitschaft', 3, 8],
      ['Dienstzeit', 9, 8.5],
      ['Bereitschaft', 3, 7.5],
      ['Feiertage', 7, 24],
    ]);
  });

  it('leave a gap where none has hours', () => {
    const night = { ...weekly, hours: [{ days: [1], from: '22:00', until: '06:00' }] };
    const given = shifts(plan(night), [], utc('2026-06-01T12:00'), utc('2026-06-02T12:00'), holidays);
    expect(given.map(({ userId }) => userId)).toEqual([null, 1, null]);
  });
});

describe('changes', () => {
  const week = [utc('2026-06-08T06:00'), utc('2026-06-15T06:00')] as const;
  const change = (given: Partial<RotaChange>): RotaChange => ({
    id: 5,
    from: utc('2026-06-09T06:00'),
    until: utc('2026-06-10T06:00'),
    userId: 9,
    insteadOfId: null,
    ...given,
  });

  it('put somebody else on call for their time', () => {
    const given = shifts(plan(weekly), [change({})], ...week, holidays);
    expect(given.map(({ userId, changeId }) => [userId, changeId])).toEqual([
      [2, null],
      [9, 5],
      [2, null],
    ]);
  });

  it('in the place of one person leave others alone', () => {
    expect(shifts(plan(weekly), [change({ insteadOfId: 3 })], ...week, holidays)).toHaveLength(1);
    expect(shifts(plan(weekly), [change({ insteadOfId: 2 })], ...week, holidays)).toHaveLength(3);
  });

  it('swap two people whose weeks lie in the time of both', () => {
    const time = { from: utc('2026-06-08T06:00'), until: utc('2026-06-22T06:00') };
    const swap = [
      change({ ...time, id: 5, userId: 3, insteadOfId: 2 }),
      change({ ...time, id: 6, userId: 2, insteadOfId: 3 }),
    ];
    const given = shifts(plan(weekly), swap, time.from, time.until, holidays);
    expect(given.map(({ userId }) => userId)).toEqual([3, 2]);
  });

  it('fill a gap', () => {
    const given = shifts(plan(), [change({})], ...week, holidays);
    expect(given.map(({ userId }) => userId)).toEqual([null, 9, null]);
  });
});

describe('whatever the plan', () => {
  const time = fc
    .tuple(fc.nat(23), fc.constantFrom(0, 15, 30, 45, 59))
    .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
  // Many plans hand over at night, where clocks change.
  const nightTime = fc.oneof(time, fc.constantFrom('00:00', '01:59', '02:00', '02:30', '02:59', '03:00'));
  const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
  const hours = fc.array(fc.record({ days, from: nightTime, until: nightTime }), {
    minLength: 1,
    maxLength: 3,
  });
  const layer = fc.record({
    name: fc.constantFrom('A', 'B', 'C'),
    people: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 }),
    from: fc.constantFrom('2026-03-20', '2026-03-28', '2026-03-29', '2025-12-29', '2026-10-20', '2026-10-25'),
    until: fc.constantFrom(null, null, '2026-03-29', '2026-10-25', '2026-12-31'),
    turn: fc.record({
      every: fc.constantFrom('day', 'week'),
      count: fc.integer({ min: 1, max: 3 }),
      weekday: fc.integer({ min: 1, max: 7 }),
      at: nightTime,
    }),
    hours: fc.option(hours),
    holidays: fc.constantFrom('all', 'only', 'not'),
  });
  const zones = ['Europe/Berlin', 'Europe/London', 'Australia/Lord_Howe', 'America/New_York'] as const;
  const anyPlan = fc
    .record({
      timeZone: fc.constantFrom(...zones),
      holidays: fc.constantFrom('DE-NW', null),
      layers: fc.array(layer, { maxLength: 3 }),
    })
    .map((given) => RotaPlan.parse(given));
  // Around the changes of 2026 in Berlin, London, New York and Lord Howe, and Easter.
  const start = fc
    .constantFrom(
      '2026-03-08T00:00',
      '2026-03-28T00:00',
      '2026-04-04T06:00',
      '2026-10-03T06:00',
      '2026-10-24T00:00',
      '2026-11-01T00:00',
    )
    .chain((text) => fc.integer({ min: -90, max: 90 }).map((shift) => utc(text) + shift * 60_000));
  const anyChange = (from: number) =>
    fc
      .record({
        begin: fc.integer({ min: -600, max: 3000 }),
        length: fc.integer({ min: 1, max: 2000 }),
        userId: fc.integer({ min: 6, max: 9 }),
        insteadOfId: fc.option(fc.integer({ min: 1, max: 5 })),
      })
      .map(({ begin, length, ...rest }) => ({
        ...rest,
        from: from + begin * 60_000,
        until: from + (begin + length) * 60_000,
      }));
  const story = start.chain((from) =>
    fc.record({
      plan: anyPlan,
      from: fc.constant(from),
      changes: fc.array(anyChange(from), { maxLength: 2 }).map((all) => all.map((c, id) => ({ ...c, id }))),
    }),
  );

  it('shifts are whole, in order, and say at every moment what somebody with a clock would', () => {
    fc.assert(
      fc.property(story, ({ plan: given, from, changes }) => {
        const until = from + 50 * hour;
        const all = shifts(given, changes, from, until, holidays);
        expect(all[0]?.from).toBe(from);
        expect(all.at(-1)?.until).toBe(until);
        for (const [index, shift] of all.entries()) {
          expect(shift.until).toBeGreaterThan(shift.from);
          if (index > 0) expect(shift.from).toBe(all[index - 1]?.until);
        }
        const who = whoByLookingAtTheClock(given, changes, from, until);
        // At the edges of every shift, and in between.
        const moments = new Set(all.flatMap((s) => [s.from, s.until - 60_000]));
        for (let at = from; at < until; at += 29 * 60_000) moments.add(at);
        for (const at of moments) {
          if (at < from) continue;
          const shift = all.find((s) => s.from <= at && at < s.until);
          expect([new Date(at).toISOString(), shift?.userId]).toEqual([new Date(at).toISOString(), who(at)]);
        }
      }),
      { numRuns: 150 },
    );
  });
});
