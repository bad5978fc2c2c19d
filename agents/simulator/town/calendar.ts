/** Where the town hall's day stands: 0 Monday … 6 Sunday, and the hour with its fraction, in central European time. */
export function localTime(timeMs: number): { weekday: number; hour: number } {
  const local = timeMs + (isSummerTime(timeMs) ? 7_200_000 : 3_600_000);
  const days = Math.floor(local / 86_400_000);
  // 1970-01-01 was a Thursday.
  return { weekday: (days + 3) % 7, hour: (local - days * 86_400_000) / 3_600_000 };
}

/** Summer time of the European Union: from the last Sunday of March to that of October, 01:00 UTC (directive 2000/84/EC). */
function isSummerTime(timeMs: number): boolean {
  const year = new Date(timeMs).getUTCFullYear();
  return timeMs >= lastSunday(year, 2) && timeMs < lastSunday(year, 9);
}

function lastSunday(year: number, month: number): number {
  const lastDay = new Date(Date.UTC(year, month + 1, 0, 1));
  return lastDay.getTime() - lastDay.getUTCDay() * 86_400_000;
}

/** How busy the offices are, 0..1: weekdays from eight, long Thursdays, short Fridays, quiet nights. */
export function officeActivity(timeMs: number): number {
  const { weekday, hour } = localTime(timeMs);
  if (weekday >= 5) return 0.05;
  const end = weekday === 4 ? 13 : weekday === 3 ? 18.5 : 17;
  const morning = ramp(hour, 6.75, 8.75);
  const evening = 1 - ramp(hour, end - 1.25, end + 1);
  const lunch = 1 - 0.35 * ramp(hour, 11.75, 12.25) * (1 - ramp(hour, 13, 13.75));
  return 0.05 + 0.95 * morning * evening * lunch;
}

/** How busy the nightly backup is, 0..1: from ten in the evening to two. */
export function backupActivity(timeMs: number): number {
  const { hour } = localTime(timeMs);
  const sinceTen = (hour + 2) % 24;
  return ramp(sinceTen, 0, 0.25) * (1 - ramp(sinceTen, 3.25, 4));
}

/** How warm the season and hour are, -1 (winter night) .. 1 (summer afternoon). */
export function season(timeMs: number): number {
  const yearPart = (timeMs / 86_400_000 / 365.25) % 1;
  const { hour } = localTime(timeMs);
  return -0.75 * Math.cos((yearPart - 0.05) * 2 * Math.PI) - 0.25 * Math.cos(((hour - 3) / 24) * 2 * Math.PI);
}

function ramp(value: number, from: number, to: number): number {
  const part = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return part * part * (3 - 2 * part);
}
