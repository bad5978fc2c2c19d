import { type Language, localeOf } from './scale.ts';

/** What the steps of a time axis are: it decides where ticks may lie and how they are written. */
type Step =
  | { readonly unit: 'minute'; readonly size: number }
  | { readonly unit: 'hour'; readonly size: number }
  | { readonly unit: 'day'; readonly size: number }
  | { readonly unit: 'month'; readonly size: number };

const minuteMs = 60_000;
const approximateMs: Readonly<Record<Step['unit'], number>> = {
  minute: minuteMs,
  hour: 60 * minuteMs,
  day: 24 * 60 * minuteMs,
  month: 30 * 24 * 60 * minuteMs,
};

const steps: readonly Step[] = [
  ...[1, 2, 5, 10, 15, 30].map((size) => ({ unit: 'minute', size }) as const),
  ...[1, 2, 3, 6, 12].map((size) => ({ unit: 'hour', size }) as const),
  ...[1, 2, 7, 14].map((size) => ({ unit: 'day', size }) as const),
  ...[1, 2, 3, 6].map((size) => ({ unit: 'month', size }) as const),
];

export interface TimeTick {
  readonly ms: number;
  readonly label: string;
}

/**
 * Ticks at round local times (whole hours, midnights, Mondays, firsts of months), at most about `most` of them.
 * Local midnight is found by the calendar, so the days on which clocks change keep their ticks at 00:00.
 */
export function timeTicks(from: number, to: number, most: number, language: Language): TimeTick[] {
  if (!(to > from) || most < 1) return [];
  const wanted = (to - from) / most;
  const step =
    steps.find(({ unit, size }) => approximateMs[unit] * size >= wanted) ??
    ({ unit: 'month', size: 12 } as const);
  const ticks: TimeTick[] = [];
  for (let date = firstTick(from, step); date.getTime() <= to; date = nextTick(date, step)) {
    if (date.getTime() >= from) ticks.push({ ms: date.getTime(), label: tickLabel(date, step, language) });
  }
  return ticks;
}

function firstTick(from: number, step: Step): Date {
  const date = new Date(from);
  const [year, month, day, hour] = [date.getFullYear(), date.getMonth(), date.getDate(), date.getHours()];
  switch (step.unit) {
    case 'minute':
      // Clock changes move whole or half hours: within an hour, minutes may be counted from the hour.
      return new Date(year, month, day, hour, Math.floor(date.getMinutes() / step.size) * step.size);
    case 'hour':
      return new Date(year, month, day, Math.floor(hour / step.size) * step.size);
    case 'day': {
      const back = step.size === 7 || step.size === 14 ? (date.getDay() + 6) % 7 : 0;
      return new Date(year, month, day - back);
    }
    case 'month':
      return new Date(year, Math.floor(month / step.size) * step.size, 1);
  }
}

function nextTick(date: Date, step: Step): Date {
  switch (step.unit) {
    case 'minute':
      return new Date(date.getTime() + step.size * minuteMs);
    case 'hour': {
      const next = new Date(date.getFullYear(), date.getMonth(), date.getDate(), date.getHours() + step.size);
      // In the hour that is repeated in autumn the calendar would name the same instant again.
      return next.getTime() > date.getTime()
        ? next
        : new Date(date.getTime() + approximateMs.hour * step.size);
    }
    case 'day':
      return new Date(date.getFullYear(), date.getMonth(), date.getDate() + step.size);
    case 'month':
      return new Date(date.getFullYear(), date.getMonth() + step.size, 1);
  }
}

function tickLabel(date: Date, step: Step, language: Language): string {
  const midnight = date.getHours() === 0 && date.getMinutes() === 0;
  if (step.unit === 'minute' || (step.unit === 'hour' && !midnight)) {
    return new Intl.DateTimeFormat(localeOf[language], { hour: '2-digit', minute: '2-digit' }).format(date);
  }
  if (step.unit === 'hour' || (step.unit === 'day' && step.size < 7)) {
    return new Intl.DateTimeFormat(localeOf[language], {
      weekday: 'short',
      day: 'numeric',
      month: 'numeric',
    }).format(date);
  }
  if (step.unit === 'day') {
    return new Intl.DateTimeFormat(localeOf[language], { day: 'numeric', month: 'short' }).format(date);
  }
  const january = date.getMonth() === 0;
  return new Intl.DateTimeFormat(
    localeOf[language],
    january ? { month: 'short', year: 'numeric' } : { month: 'short' },
  ).format(date);
}

/** A bucket's time in words: with the day where the shown period is longer than a day, with seconds where buckets are. */
export function formatMoment(ms: number, stepMs: number, spanMs: number, language: Language): string {
  const dayMs = approximateMs.day;
  return new Intl.DateTimeFormat(localeOf[language], {
    ...(spanMs > dayMs / 2 ? { weekday: 'short', day: 'numeric', month: 'numeric' } : {}),
    ...(spanMs > 90 * dayMs ? { year: 'numeric' } : {}),
    ...(stepMs < dayMs ? { hour: '2-digit', minute: '2-digit' } : {}),
    ...(stepMs < minuteMs ? { second: '2-digit' } : {}),
  }).format(ms);
}
