import type { Reading } from '@rackhaus/config/contract';
import { fiveMinutes, oneHour } from '../steps.ts';
import { tagValueOf } from '../tag-value.ts';
import { identifier, type Point } from './client.ts';

/** A retention policy that holds roll-ups: of each field f its n_f, sum_f, min_f and max_f. */
export interface RollupPolicy {
  readonly name: 'rackhaus_5m' | 'rackhaus_1h';
  readonly bucketMs: number;
}

export const rollupPolicies: readonly [RollupPolicy, RollupPolicy] = [
  { name: 'rackhaus_5m', bucketMs: fiveMinutes },
  { name: 'rackhaus_1h', bucketMs: oneHour },
];
export const rawPolicy = 'rackhaus_raw';

export const rollupFields = (field: string): Record<string, 'float' | 'integer'> => ({
  [`n_${field}`]: 'integer',
  [`sum_${field}`]: 'float',
  [`min_${field}`]: 'float',
  [`max_${field}`]: 'float',
});

/** The InfluxQL columns that yield the roll-ups of these fields from readings, named as they are kept. */
export function aggregates(fields: readonly string[]): string {
  return fields
    .map((name) => {
      const field = identifier(name);
      const [n, sum, min, max] = Object.keys(rollupFields(name)).map(identifier);
      return `count(${field}) AS ${n}, sum(${field}) AS ${sum}, min(${field}) AS ${min}, max(${field}) AS ${max}`;
    })
    .join(', ');
}

export function tagsOf(deviceId: number, entity: string): Record<string, string> {
  // An empty tag cannot be written; a missing one is the empty string to InfluxQL.
  const tag = tagValueOf(entity);
  return { d: String(deviceId), ...(tag === '' ? {} : { e: tag }) };
}

/** Rolls readings up as points, for those that are older than the readings themselves are kept. */
export function rolledUpPoints(readings: readonly Reading[], bucketMs: number): Point[] {
  const points = new Map<string, { reading: Reading; time: number; fields: Record<string, number> }>();
  for (const reading of readings) {
    const time = Math.floor(reading.time / bucketMs) * bucketMs;
    const key = `${time}/${reading.deviceId}/${reading.kind}/${reading.entity}`;
    let point = points.get(key);
    if (!point) {
      point = { reading, time, fields: {} };
      points.set(key, point);
    }
    const { fields } = point;
    for (const [name, value] of Object.entries(reading.values)) {
      fields[`n_${name}`] = (fields[`n_${name}`] ?? 0) + 1;
      fields[`sum_${name}`] = (fields[`sum_${name}`] ?? 0) + value;
      fields[`min_${name}`] = Math.min(fields[`min_${name}`] ?? value, value);
      fields[`max_${name}`] = Math.max(fields[`max_${name}`] ?? value, value);
    }
  }
  return Array.from(points.values(), ({ reading, time, fields }) => ({
    measurement: reading.kind,
    tags: tagsOf(reading.deviceId, reading.entity),
    fields,
    timestamp: time,
  }));
}
