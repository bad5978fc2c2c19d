import type { Reading } from '@rackhaus/config/contract';
import type { Point } from '@rackhaus/config/line-protocol';
import type { HandField, Meaning, RateOf } from './meaning.ts';

/**
 * What lines about one device become. `alive`: nothing polls it, so that lines which give values say that it is there, where
 * none of them says otherwise.
 */
export function readingsOfPoints(
  points: readonly Point[],
  options: {
    deviceId: number;
    meaning: Meaning;
    hand: readonly HandField[];
    rate: RateOf;
    alive: boolean;
  },
): Reading[] {
  const { deviceId, meaning, hand, rate } = options;
  const readings = new Map<string, Reading & { values: Record<string, number> }>();
  const readingOf = (kind: Reading['kind'], entity: string, time: number) => {
    const key = `${time}\n${kind}\n${entity}`;
    let reading = readings.get(key);
    if (!reading) {
      reading = { deviceId, kind, entity, time, values: {} };
      readings.set(key, reading);
    }
    return reading;
  };
  const spoke = new Set<number>();
  const judgedTimes = new Set<number>();
  for (const point of points) {
    const { values, judged } = meaning.valuesOf(point, hand, rate);
    for (const { kind, entity, name, value } of values)
      readingOf(kind, entity, point.time).values[name] = value;
    if (judged) judgedTimes.add(point.time);
    else if (values.length > 0) spoke.add(point.time);
  }
  if (options.alive)
    for (const time of spoke) if (!judgedTimes.has(time)) readingOf('device', '', time).values.reachable = 1;
  return [...readings.values()];
}
