import type { Hours, RotaLayer } from '@rackhaus/config/contract';
import {
  dateOf,
  dayOf,
  dayOfWall,
  minuteOfDay,
  startOfDay,
  type WallMinute,
  wallMinute,
  weekdayOf,
} from './wall-clock.ts';

/** Whose turn it is, and which turn since the layer began: the next one is another shift even of the same person. */
export interface Turn {
  readonly userId: number;
  readonly number: number;
}

const minutes = (time: string): number => wallMinute('1970-01-01', time);

/** Whether hours of a week hold at this minute of the clock on the wall. */
export function hoursHold(hours: readonly Hours[], wall: WallMinute): boolean {
  const day = dayOfWall(wall);
  const minute = minuteOfDay(wall);
  const [today, yesterday] = [weekdayOf(day), weekdayOf(day - 1)];
  return hours.some(({ days, from, until }) => {
    const [begin, end] = [minutes(from), minutes(until)];
    if (end > begin) return days.includes(today) && minute >= begin && minute < end;
    return (days.includes(today) && minute >= begin) || (days.includes(yesterday) && minute < end);
  });
}

/** The turn at this minute; null: before the layer begins, after it ends, or nobody takes turns. */
export function turnAt(layer: RotaLayer, wall: WallMinute): Turn | null {
  const { people, turn, from, until } = layer;
  const at = minutes(turn.at);
  // Days of the rota go from hand-over to hand-over.
  const day = dayOfWall(wall - at);
  const first = dayOf(from);
  if (people.length === 0 || day < first || (until !== null && day > dayOf(until))) return null;
  const length = turn.every === 'week' ? 7 * turn.count : turn.count;
  // A weekly turn that begins in the middle of its week is the shorter for it.
  const anchor = turn.every === 'week' ? first - ((weekdayOf(first) - turn.weekday + 7) % 7) : first;
  const number = Math.floor((day - anchor) / length);
  const userId = people[number % people.length];
  return userId === undefined ? null : { userId, number };
}

/** Whether the layer has hours at this minute. `isHoliday` is asked for the date on the wall. */
export function layerHolds(
  layer: RotaLayer,
  wall: WallMinute,
  isHoliday: (date: string) => boolean,
): boolean {
  const inHours = layer.hours === null || hoursHold(layer.hours, wall);
  if (layer.holidays === 'all') return inHours;
  const holiday = isHoliday(dateOf(dayOfWall(wall)));
  return layer.holidays === 'only' ? holiday : inHours && !holiday;
}

/** Minutes of that day at which something may change in this layer. */
export function boundariesOf(layer: RotaLayer, day: number): WallMinute[] {
  const start = startOfDay(day);
  return [
    start,
    start + minutes(layer.turn.at),
    ...(layer.hours ?? []).flatMap(({ from, until }) => [start + minutes(from), start + minutes(until)]),
  ];
}
