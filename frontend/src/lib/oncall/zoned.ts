/** A day as `2026-11-23`; a clock as `07:30`. Both are those of a time zone, which need not be the browser's. */

const formats = new Map<string, Intl.DateTimeFormat>();
function format(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, found);
  }
  return found;
}

/** What a clock on the wall of that zone shows, read as if it were UTC. */
function wall(time: number, zone: string): number {
  const part = Object.fromEntries(
    format(zone)
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  );
  return Date.UTC(
    Number(part.year),
    Number(part.month) - 1,
    Number(part.day),
    Number(part.hour),
    Number(part.minute),
    Number(part.second),
  );
}

/** The day on which a time falls there. */
export function dayAt(time: number, zone: string): string {
  return new Date(wall(time, zone)).toISOString().slice(0, 10);
}

/** What the clock there shows. */
export function clockAt(time: number, zone: string): string {
  return new Date(wall(time, zone)).toISOString().slice(11, 16);
}

/** When a clock there shows this. A time that the change to summer time leaves out is the one an hour later. */
export function timeAt(day: string, clock: string, zone: string): number {
  const wanted = Date.parse(`${day}T${clock}:00Z`);
  const before = wanted - (wall(wanted - 86_400_000, zone) - (wanted - 86_400_000));
  if (wall(before, zone) === wanted) return before;
  const after = wanted - (wall(wanted + 86_400_000, zone) - (wanted + 86_400_000));
  return wall(after, zone) === wanted ? after : before;
}

/** The day that many days later; negative: earlier. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** 1 is Monday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** The Monday of a day's week. */
export function mondayOf(day: string): string {
  return addDays(day, 1 - weekdayOf(day));
}

/** For a field in which day and clock are chosen: `2026-11-23T07:30`; "" for none. */
export function toField(time: number | null, zone: string): string {
  return time === null ? '' : `${dayAt(time, zone)}T${clockAt(time, zone)}`;
}

/** What was chosen there; null for none. */
export function fromField(text: string, zone: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(text);
  return match?.[1] && match[2] ? timeAt(match[1], match[2], zone) : null;
}
