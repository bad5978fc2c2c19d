import { createHash } from 'node:crypto';
import { Temporal } from '../temporal.ts';

/** Whose nights these are, as with maintenance windows. */
const timeZone = 'Europe/Berlin';
/** Devices are read at night, spread over so many minutes from one o'clock on. */
const beginHour = 1;
const spreadMinutes = 240;
const hourMs = 3_600_000;
/** What failed is tried again by day too, but not so often that an account gets locked. */
const againMs = 6 * hourMs;

/** When a device has its turn in a night: minutes after one o'clock. The same each night, and spread evenly. */
export function minuteOf(deviceId: number): number {
  return createHash('sha256').update(`configuration ${deviceId}`).digest().readUInt32BE(0) % spreadMinutes;
}

/** The device's turn on the day of `time`. */
function turnOn(deviceId: number, date: Temporal.PlainDate): number {
  // Counted from midnight on the clock that nobody sets, so that the nights of the clock change have one turn, too.
  return (
    date.toZonedDateTime({ timeZone }).epochMilliseconds + beginHour * hourMs + minuteOf(deviceId) * 60_000
  );
}

function dayOf(time: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** The last turn of a device that was not later than `time`. */
function lastTurn(deviceId: number, time: number): number {
  const today = turnOn(deviceId, dayOf(time));
  return today <= time ? today : turnOn(deviceId, dayOf(time).subtract({ days: 1 }));
}

/** What is known of the tries of a device. */
export interface Tried {
  readonly deviceId: number;
  readonly triedAt: number | null;
  /** The last try failed in a way that may pass by itself. */
  readonly again: boolean;
}

/** When it is due: at once where it was never tried. */
export function nextAt({ deviceId, triedAt, again }: Tried, now: number): number {
  if (triedAt === null) return now;
  // The clock was set back: what was tried in the future was not.
  if (triedAt > now + hourMs) return now;
  if (lastTurn(deviceId, now) > triedAt) return now;
  const next = turnOn(deviceId, dayOf(now));
  const turn = next > now ? next : turnOn(deviceId, dayOf(now).add({ days: 1 }));
  return again ? Math.min(turn, triedAt + againMs) : turn;
}
