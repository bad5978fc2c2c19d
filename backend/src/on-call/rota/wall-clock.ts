import { Temporal } from '../../temporal.ts';

const minutesPerDay = 1440;

/**
 * A place on the clock on the wall: minutes since 1970-01-01 00:00 of that clock, whatever the zone. Plans are made of these;
 * only {@link instantOf} knows of daylight saving.
 */
export type WallMinute = number;

/** `date` as 2026-03-29, `time` as 07:30. */
export function wallMinute(date: string, time = '00:00'): WallMinute {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return dayOf(date) * minutesPerDay + hours * 60 + minutes;
}

/** Days since 1970-01-01. */
export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000;
}

export function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** From 1 (Monday) to 7. */
export function weekdayOf(day: number): number {
  // 1970-01-01 was a Thursday.
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

export const dayOfWall = (wall: WallMinute): number => Math.floor(wall / minutesPerDay);
export const minuteOfDay = (wall: WallMinute): number => wall - dayOfWall(wall) * minutesPerDay;
export const startOfDay = (day: number): WallMinute => day * minutesPerDay;

/** What the clock on the wall shows, seconds left out. */
export function wallOf(timeZone: string, instant: number): WallMinute {
  const { year, month, day, hour, minute } =
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
  return Date.UTC(year, month - 1, day, hour, minute) / 60_000;
}

/**
 * The first moment (ms) at which the clock on the wall shows this minute or a later one: of an hour that comes twice the first,
 * of an hour that is left out the moment of the change. Never goes back, so that what follows each other on the wall does so
 * in truth.
 */
export function instantOf(timeZone: string, wall: WallMinute): number {
  const shown = new Date(wall * 60_000).toISOString().slice(0, 16);
  const zoned = Temporal.PlainDateTime.from(shown).toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const leftOut = zoned.toPlainDateTime().toString({ smallestUnit: 'minute' }) !== shown;
  if (!leftOut) return zoned.epochMilliseconds;
  return zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? zoned.epochMilliseconds;
}

/** Whether it is one of the IANA time zones that are known here: `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
