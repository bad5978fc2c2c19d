import type { AlertSettings } from '@rackhaus/config/contract';
import { hoursHold } from '../rota/turns.ts';
import { dayOfWall, instantOf, startOfDay, wallMinute, wallOf } from '../rota/wall-clock.ts';

type Quiet = Pick<AlertSettings, 'quiet' | 'timeZone'>;

const everyDay = [1, 2, 3, 4, 5, 6, 7];

/** Whether it is a time in which people sleep. */
export function isQuiet({ quiet, timeZone }: Quiet, time: number): boolean {
  return quiet !== null && hoursHold([{ days: everyDay, ...quiet }], wallOf(timeZone, time));
}

/** When the quiet hours that hold at `time`, or the next ones, end (ms); null: there are none. */
export function quietEnd({ quiet, timeZone }: Quiet, time: number): number | null {
  if (quiet === null) return null;
  const today = dayOfWall(wallOf(timeZone, time));
  const end = wallMinute('1970-01-01', quiet.until);
  for (const day of [today, today + 1]) {
    const at = instantOf(timeZone, startOfDay(day) + end);
    if (at > time) return at;
  }
  return instantOf(timeZone, startOfDay(today + 2) + end);
}
