const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Zones that devices in Europe are set to, in minutes east of Greenwich. Others are found by the time of receipt. */
const zones: Readonly<Record<string, number>> = {
  Z: 0,
  UTC: 0,
  GMT: 0,
  WET: 0,
  WEST: 60,
  BST: 60,
  CET: 60,
  MET: 60,
  CEST: 120,
  MEST: 120,
  EET: 120,
  EEST: 180,
};

/** A time as it stands at the beginning of a message. */
export interface WrittenTime {
  /** Milliseconds since 1970; null: the sender says that its clock is not set, or no clock shows this. */
  readonly time: number | null;
  /** How many letters it takes. */
  readonly length: number;
  /** It ends in a colon, after which no name of a host follows. */
  readonly closed: boolean;
}

interface Parts {
  readonly year: number | null;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
}

const iso =
  /^(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?(Z|UTC|[+-]\d\d:?\d\d)(?![A-Za-z0-9]))?(:)?(?= |$)/;
/** Seconds since 1970 with a fraction, as in no other number at that place. */
const seconds = /^(\d{10})\.(\d{1,9})(?= )/;
const weekday = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?=[A-Z])/;
const named =
  /^([*.])?(?:(\d{4}) )?([A-Z][a-z]{2}) {1,2}(\d{1,2})(?: (\d{4}))? (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: (\d{4})(?=:| |$))?(?: ([A-Z]{1,5}|[+-]\d\d:?\d\d)(?=:(?: |$)))?(:)?(?= |$)/;

/**
 * Reads a time at the beginning of a text: of RFC 3164, with a year before or after the day or at the end, fractions, a zone, marks
 * for a clock that is not set (`*`), a day of the week before it, ISO 8601, or seconds since 1970. null: there is none.
 * @param received when it came, ms since 1970: decides about the year and the zone where they are missing
 */
export function timeAtStart(text: string, received: number): WrittenTime | null {
  const asIso = iso.exec(text);
  if (asIso !== null) {
    const [all, year, month, day, hour, minute, second, fraction, zone, colon] = asIso;
    const parts = {
      year: Number(year),
      month: Number(month) - 1,
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
      ms: milliseconds(fraction),
    };
    return { time: instant(parts, zone, received), length: all.length, closed: colon !== undefined };
  }
  const counted = seconds.exec(text);
  if (counted !== null) {
    const time = Number(counted[1]) * 1000 + milliseconds(counted[2]);
    return { time, length: counted[0].length, closed: false };
  }
  const day = weekday.exec(text)?.[0].length ?? 0;
  const written = namedTime(text.slice(day), received);
  return written === null ? null : { ...written, length: day + written.length };
}

function namedTime(text: string, received: number): WrittenTime | null {
  const match = named.exec(text);
  if (match === null) return null;
  const [
    all,
    mark,
    yearBefore,
    month = '',
    day,
    yearAfter,
    hour,
    minute,
    second,
    fraction,
    yearLast,
    zone,
    colon,
  ] = match;
  const index = months.indexOf(month.toLowerCase());
  if (index < 0) return null;
  const year = yearBefore ?? yearAfter ?? yearLast;
  const parts = {
    year: year === undefined ? null : Number(year),
    month: index,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    ms: milliseconds(fraction),
  };
  const time = mark === '*' ? null : instant(parts, zone, received);
  return { time, length: all.length, closed: colon !== undefined };
}

/**
 * The time of RFC 5424: with a zone, always; but senders leave it out, or its colon, or write more figures. null: it is none.
 * @param received as in {@link timeAtStart}
 */
export function strictTime(text: string, received: number): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const parts = {
    year: Number(year),
    month: Number(month) - 1,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    ms: milliseconds(fraction),
  };
  return instant(parts, zone, received);
}

/**
 * Without a zone it is the time of this machine's zone or UTC, whichever is nearer to when it came; without a year the same of the years
 * around.
 */
function instant(parts: Parts, zone: string | undefined, received: number): number | null {
  const offset = zone === undefined ? undefined : (zones[zone] ?? minutesOf(zone));
  const year = new Date(received).getUTCFullYear();
  const years = parts.year === null ? [year - 1, year, year + 1] : [parts.year];
  let nearest: number | null = null;
  for (const one of years) {
    const utc = utcOf(parts, one);
    if (utc === null) continue;
    const candidates = offset === undefined ? [utc, localOf(parts, one)] : [utc - offset * 60_000];
    for (const time of candidates)
      if (nearest === null || Math.abs(time - received) < Math.abs(nearest - received)) nearest = time;
  }
  return nearest;
}

function utcOf(parts: Parts, year: number): number | null {
  const { month, day, hour, minute, second, ms } = parts;
  // Date.UTC would take years below 100 for ones of the last century, and turn February 30th into March. A leap second is 60.
  if (year < 1970 || year > 9999 || month < 0 || month > 11 || hour > 23 || minute > 59 || second > 60)
    return null;
  if (new Date(Date.UTC(year, month, day)).getUTCDate() !== day) return null;
  return Date.UTC(year, month, day, hour, minute, second, ms);
}

function localOf({ month, day, hour, minute, second, ms }: Parts, year: number): number {
  return new Date(year, month, day, hour, minute, second, ms).getTime();
}

function minutesOf(zone: string): number | undefined {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (match === null) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

function milliseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
}
