import type { MaintenanceList, Recurrence } from '@rackhaus/config/contract';
import { listWords, weekdayWord } from '../oncall/words.ts';
import { m } from '../paraglide/messages.js';

export type Window = MaintenanceList['windows'][number];

/** "jede Woche am Dienstag", "am 2. Dienstag des Monats"; "" for once. */
export function recurrenceWords(recurrence: Recurrence | null): string {
  if (recurrence === null) return '';
  if (recurrence.every === 'month')
    return recurrence.nth === 5
      ? m.maintenance_monthly_last({ day: weekdayWord(recurrence.day) })
      : m.maintenance_monthly({ nth: recurrence.nth, day: weekdayWord(recurrence.day) });
  const days = listWords(recurrence.days.map((day) => weekdayWord(day)));
  return recurrence.weeks === 1
    ? m.maintenance_weekly({ days })
    : m.maintenance_weeks({ count: recurrence.weeks, days });
}

/** Windows that hold now, that come, and that are over. */
export function parts(windows: readonly Window[]): { now: Window[]; coming: Window[]; over: Window[] } {
  const begin = ({ next, from }: Window) => next?.from ?? from;
  return {
    now: windows.filter(({ active }) => active),
    coming: windows
      .filter(({ active, next }) => !active && next !== null)
      .toSorted((a, b) => begin(a) - begin(b)),
    over: windows
      .filter(({ active, next }) => !active && next === null)
      .toSorted((a, b) => b.until - a.until),
  };
}
