import type { Shift } from '@rackhaus/config/contract';
import { addDays, dayAt, mondayOf, timeAt } from './zoned.ts';

/** Weeks from Monday to Sunday that a month touches (`2026-11`). */
export function weeksOf(month: string): string[][] {
  const weeks: string[][] = [];
  for (let day = mondayOf(`${month}-01`); day.slice(0, 7) <= month; day = addDays(day, 7))
    weeks.push(Array.from({ length: 7 }, (_, index) => addDays(day, index)));
  return weeks;
}

/** The month that many months later. */
export function addMonths(month: string, by: number): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year ?? 1970, (number ?? 1) - 1 + by, 1)).toISOString().slice(0, 7);
}

/** A stretch in which the same person is on call, or nobody. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly userId: number | null;
  readonly name: string | null;
  /** Somebody covers here, or has swapped. */
  readonly covered: boolean;
}

/** Shifts of the same person that follow on each other are one. */
export function stretches(shifts: readonly Shift[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const { from, until, userId, name, changeId } of shifts) {
    const last = merged.at(-1);
    const covered = changeId !== null;
    if (last && last.until === from && last.userId === userId && last.covered === covered)
      merged[merged.length - 1] = { ...last, until };
    else merged.push({ from, until, userId, name, covered });
  }
  return merged;
}

/** Part of a row of days that something takes: from 0 to 1. */
export interface Bar {
  readonly stretch: Stretch;
  readonly start: number;
  readonly width: number;
  /** It comes from the row before, or goes on in the next. */
  readonly before: boolean;
  readonly after: boolean;
}

/** Where stretches lie in a week. Days have the same width, also those of 23 and 25 hours. */
export function barsOf(week: readonly string[], of: readonly Stretch[], zone: string): Bar[] {
  const first = week[0];
  if (first === undefined) return [];
  const edges = [...week, addDays(first, week.length)].map((day) => timeAt(day, '00:00', zone));
  const begin = edges[0] ?? 0;
  const end = edges.at(-1) ?? 0;
  const place = (time: number): number => {
    const index = Math.max(
      0,
      edges.findLastIndex((edge) => edge <= time),
    );
    const from = edges[index] ?? begin;
    const until = edges[index + 1];
    return (index + (until === undefined ? 0 : (time - from) / (until - from))) / week.length;
  };
  return of.flatMap((stretch) => {
    if (stretch.until <= begin || stretch.from >= end) return [];
    const start = place(Math.max(begin, stretch.from));
    const stop = place(Math.min(end, stretch.until));
    return [
      {
        stretch,
        start,
        width: stop - start,
        before: stretch.from < begin,
        after: stretch.until > end,
      },
    ];
  });
}

/** What is shown of a month: from the first Monday to the day after the last Sunday. */
export function spanOf(month: string, zone: string): { from: number; until: number } {
  const weeks = weeksOf(month);
  const first = weeks[0]?.[0] ?? `${month}-01`;
  const last = weeks.at(-1)?.[6] ?? first;
  return { from: timeAt(first, '00:00', zone), until: timeAt(addDays(last, 1), '00:00', zone) };
}

/** Stretches in which nobody is on call, within a time. */
export function gapsOf(shifts: readonly Shift[], from: number, until: number): Stretch[] {
  return stretches(shifts)
    .filter((one) => one.userId === null && one.until > from && one.from < until)
    .map((one) => ({ ...one, from: Math.max(one.from, from), until: Math.min(one.until, until) }));
}

export const monthOf = (time: number, zone: string): string => dayAt(time, zone).slice(0, 7);
