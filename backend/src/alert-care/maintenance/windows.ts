import type { Recurrence } from '@rackhaus/config/contract';
import { Temporal } from '../../temporal.ts';

/** A stretch of time, ms since 1970; `until` is not part of it. */
export interface Span {
  readonly from: number;
  readonly until: number;
}
/** The first time of a maintenance window, and how it comes again. */
export interface Window extends Span {
  readonly recurrence: Recurrence | null;
}

/** Whose clock on the wall recurring windows follow. */
export const timeZone = 'Europe/Berlin';

/**
 * The present time of a window, or the next one: the earliest that ends after `time`; null when it is over. Recurring
 * windows keep the time of day on the wall and their length there, also over the nights when clocks change.
 */
export function presentOrNext(window: Window, time: number): Span | null {
  if (window.until > time) return { from: window.from, until: window.until };
  for (const span of recurrences(window, time)) if (span.until > time) return span;
  return null;
}

/** Whether the window is on. */
export function isOn(window: Window, time: number): boolean {
  const span = presentOrNext(window, time);
  return span !== null && span.from <= time;
}

/** Times after the first, in order, beginning shortly before what ends after `time`. */
function* recurrences(window: Window, time: number): Generator<Span> {
  const { recurrence } = window;
  if (recurrence === null) return;
  const first = wall(window.from);
  const last = wall(window.until);
  const dates = recurrence.every === 'week' ? weekly : monthly;
  // A time that is still on began at most its length ago; a day more for the nights when clocks change.
  const begin = wall(Math.max(window.from, time - (window.until - window.from) - 86_400_000)).toPlainDate();
  for (const date of dates(recurrence, first.toPlainDate(), begin)) {
    const from = at(date, first.toPlainTime());
    const wanted = at(date.add({ days: daysBetween(first, last) }), last.toPlainTime());
    // Where the night of the clock change swallows the end, it is as long as the first time.
    yield { from, until: wanted > from ? wanted : from + (window.until - window.from) };
  }
}

/** Dates of a weekly window after its first, from `begin` on. Weeks are counted from the Monday of the first. */
function* weekly(
  recurrence: Recurrence,
  first: Temporal.PlainDate,
  begin: Temporal.PlainDate,
): Generator<Temporal.PlainDate> {
  if (recurrence.every !== 'week') return;
  const days = [...new Set(recurrence.days)].sort((a, b) => a - b);
  const monday = mondayOf(first);
  const weeksGone = Math.floor(monday.until(mondayOf(begin), { largestUnit: 'days' }).days / 7);
  for (let week = weeksGone - (weeksGone % recurrence.weeks); ; week += recurrence.weeks)
    for (const day of days) {
      const date = monday.add({ days: week * 7 + day - 1 });
      if (isAfter(date, first) && !isAfter(begin, date)) yield date;
    }
}

/** Dates of a monthly window after its first, from `begin` on. The fifth of a weekday is the last one of the month. */
function* monthly(
  recurrence: Recurrence,
  first: Temporal.PlainDate,
  begin: Temporal.PlainDate,
): Generator<Temporal.PlainDate> {
  if (recurrence.every !== 'month') return;
  for (let month = begin.toPlainYearMonth(); ; month = month.add({ months: 1 })) {
    const start = month.toPlainDate({ day: 1 });
    const day = 1 + ((recurrence.day - start.dayOfWeek + 7) % 7) + (recurrence.nth - 1) * 7;
    const date = start.add({ days: (day > start.daysInMonth ? day - 7 : day) - 1 });
    if (isAfter(date, first) && !isAfter(begin, date)) yield date;
  }
}

function wall(time: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone);
}

function at(date: Temporal.PlainDate, plainTime: Temporal.PlainTime): number {
  return date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
}

function daysBetween(first: Temporal.ZonedDateTime, last: Temporal.ZonedDateTime): number {
  return first.toPlainDate().until(last.toPlainDate(), { largestUnit: 'days' }).days;
}

function mondayOf(date: Temporal.PlainDate): Temporal.PlainDate {
  return date.subtract({ days: date.dayOfWeek - 1 });
}

function isAfter(a: Temporal.PlainDate, b: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(a, b) > 0;
}
