import { addDays, dayAt, timeAt, weekdayOf } from '../oncall/zoned.ts';

export interface Times {
  readonly from: number;
  readonly until: number;
}

const minute = 60_000;

/** An hour from now, rounded to the next five minutes at its end. */
export function nextHour(now: number): Times {
  const from = Math.floor(now / minute) * minute;
  return { from, until: Math.ceil((from + 60 * minute) / (5 * minute)) * 5 * minute };
}

/** This evening from 20:00 until 06:00; after midnight and before six the night that is going on. */
export function tonight(now: number, zone: string): Times {
  const today = dayAt(now, zone);
  const morning = timeAt(today, '06:00', zone);
  if (now < morning) return { from: Math.floor(now / minute) * minute, until: morning };
  return {
    from: Math.max(timeAt(today, '20:00', zone), Math.floor(now / minute) * minute),
    until: timeAt(addDays(today, 1), '06:00', zone),
  };
}

/** From Saturday 00:00 until Monday 06:00; on a weekend from now. */
export function weekend(now: number, zone: string): Times {
  const today = dayAt(now, zone);
  const saturday = addDays(today, 6 - Math.min(6, weekdayOf(today)) - (weekdayOf(today) === 7 ? 1 : 0));
  const from = Math.max(timeAt(saturday, '00:00', zone), Math.floor(now / minute) * minute);
  return { from, until: timeAt(addDays(saturday, 2), '06:00', zone) };
}
