import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Temporal } from '../../temporal.ts';
import { isOn, presentOrNext, type Span, timeZone, type Window } from './windows.ts';

const at = (text: string) => Temporal.ZonedDateTime.from(`${text}[${timeZone}]`).epochMilliseconds;
const shown = (span: Span | null) =>
  span === null
    ? null
    : [span.from, span.until].map((time) =>
        Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone).toString().slice(0, 22),
      );
const window = (from: string, until: string, recurrence: Window['recurrence'] = null): Window => ({
  from: at(from),
  until: at(until),
  recurrence,
});

it('is on once, from its beginning until its end', () => {
  const once = window('2026-11-03T18:00', '2026-11-03T20:00');
  expect(isOn(once, at('2026-11-03T17:59'))).toBe(false);
  expect(isOn(once, at('2026-11-03T18:00'))).toBe(true);
  expect(isOn(once, at('2026-11-03T20:00'))).toBe(false);
  expect(presentOrNext(once, at('2026-11-01T00:00'))).toEqual({ from: once.from, until: once.until });
  expect(presentOrNext(once, once.until)).toBeNull();
});

it('comes again every other week on its days, counted from the week of the first', () => {
  const every = window('2026-11-03T22:00', '2026-11-04T02:00', { every: 'week', weeks: 2, days: [2, 4] });
  const next = (text: string) => shown(presentOrNext(every, at(text)))?.[0];
  expect(next('2026-11-04T01:59')).toBe('2026-11-03T22:00:00+01');
  expect(next('2026-11-04T02:00')).toBe('2026-11-05T22:00:00+01');
  expect(next('2026-11-06T02:00')).toBe('2026-11-17T22:00:00+01');
  expect(next('2027-11-06T12:00')).toBe('2027-11-16T22:00:00+01');
});

it('comes again on the nth weekday of the month; the fifth is the last', () => {
  const second = window('2026-11-10T20:00', '2026-11-10T23:00', { every: 'month', nth: 2, day: 2 });
  expect(shown(presentOrNext(second, at('2026-11-11T00:00')))?.[0]).toBe('2026-12-08T20:00:00+01');
  const last = window('2026-11-27T20:00', '2026-11-27T23:00', { every: 'month', nth: 5, day: 5 });
  expect(shown(presentOrNext(last, at('2026-11-28T00:00')))?.[0]).toBe('2026-12-25T20:00:00+01');
  expect(shown(presentOrNext(last, at('2027-01-01T00:00')))?.[0]).toBe('2027-01-29T20:00:00+01');
  expect(shown(presentOrNext(last, at('2027-02-01T00:00')))?.[0]).toBe('2027-02-26T20:00:00+01');
});

it('keeps the time on the wall when clocks change', () => {
  const nightly = window('2026-03-22T01:00', '2026-03-22T04:00', { every: 'week', weeks: 1, days: [7] });
  const spring = presentOrNext(nightly, at('2026-03-28T12:00'));
  expect(shown(spring)).toEqual(['2026-03-29T01:00:00+01', '2026-03-29T04:00:00+02']);
  const autumn = presentOrNext(nightly, at('2026-10-24T12:00'));
  expect(shown(autumn)).toEqual(['2026-10-25T01:00:00+02', '2026-10-25T04:00:00+01']);
  const swallowed = window('2026-03-22T02:30', '2026-03-22T03:00', { every: 'week', weeks: 1, days: [7] });
  const span = presentOrNext(swallowed, at('2026-03-28T12:00'));
  expect((span?.until ?? 0) - (span?.from ?? 0)).toBe(30 * 60_000);
});

const recurrences = fc.oneof(
  fc.record({
    every: fc.constant('week' as const),
    weeks: fc.integer({ min: 1, max: 6 }),
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
  }),
  fc.record({
    every: fc.constant('month' as const),
    nth: fc.integer({ min: 1, max: 5 }),
    day: fc.integer({ min: 1, max: 7 }),
  }),
);
const minute = 60_000;
const windows = fc
  .record({
    from: fc.integer({ min: at('2024-01-01T00:00') / minute, max: at('2028-01-01T00:00') / minute }),
    minutes: fc.integer({ min: 1, max: 20 * 60 }),
    recurrence: recurrences,
  })
  .map(
    ({ from, minutes, recurrence }): Window => ({
      from: from * minute,
      until: (from + minutes) * minute,
      recurrence,
    }),
  );

it('gives one time after the other: none is left out, each begins at the same time of day on a wanted day', () => {
  fc.assert(
    fc.property(windows, fc.integer({ min: 0, max: 900 }), (given, days) => {
      const start = given.until + days * 86_400_000;
      const clock = (time: number) =>
        Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone);
      let before: Span | null = null;
      let time = start;
      for (let n = 0; n < 4; n++) {
        const span = presentOrNext(given, time);
        expect(span).not.toBeNull();
        if (span === null) return;
        expect(span.until).toBeGreaterThan(time);
        expect(span.until).toBeGreaterThan(span.from);
        // Wherever one asks before it ends, and after the one before it, the answer is the same.
        if (before !== null) {
          expect(span.from).toBeGreaterThan(before.from);
          expect(presentOrNext(given, Math.max(before.until, span.from - minute))).toEqual(span);
        }
        const began = clock(span.from);
        const wanted = clock(given.from).toPlainTime();
        const { recurrence } = given;
        if (recurrence?.every === 'week') expect(recurrence.days).toContain(began.dayOfWeek);
        if (recurrence?.every === 'month') expect(began.dayOfWeek).toBe(recurrence.day);
        // Only in the hour that a night of spring leaves out can it be another.
        if (began.hoursInDay !== 23) expect(began.toPlainTime().equals(wanted)).toBe(true);
        before = span;
        time = span.until;
      }
    }),
    { numRuns: 150 },
  );
});
