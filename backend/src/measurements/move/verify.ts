import type { AggregateColumns } from '../buckets.ts';
import { keptColumnsOf } from '../kept.ts';
import type { EntityKey } from '../reading-batch.ts';
import { fiveMinutes, oneHour } from '../steps.ts';
import type { KeptColumns } from '../store.ts';
import type { Move } from './move.ts';
import { patiently } from './patiently.ts';
import { firstWidth, inOrder, nextWidth } from './plan.ts';

/** Entities that are compared. */
const sampleSize = 100;
/** A server may show what was written only after some seconds. */
const looks = 5;
const betweenLooksMs = 2000;

export interface Verified {
  readonly entities: number;
  /** Of readings and of buckets. */
  readonly values: number;
  /** Of whom the target has less, or something else. */
  readonly wrong: readonly string[];
}

type Comparison = Pick<Move, 'from' | 'to' | 'since' | 'until' | 'wait' | 'signal' | 'onWait'>;

/**
 * Compares source and target by a sample of entities, evenly taken, bucket by bucket of every metric: of readings the count, sum,
 * minimum and maximum, of roll-ups the mean, minimum and maximum. The target may have more, because readings may have come to
 * it meanwhile. `onCompared` is told how many are compared. Ends early when the signal comes. @throws StoreUnavailable
 */
export async function verify(
  options: Comparison & { readonly onCompared?: (done: number, of: number) => void },
): Promise<Verified> {
  const all = inOrder(await patiently(options, () => options.from.listEntities()));
  const step = Math.max(1, all.length / sampleSize);
  const sample = Array.from(
    { length: Math.min(sampleSize, all.length) },
    (_, i) => all[Math.floor(i * step)],
  ).flatMap((entity) => entity ?? []);
  const wrong: string[] = [];
  let values = 0;
  for (const [done, entity] of sample.entries()) {
    const found = await compare(options, entity);
    if (options.signal?.aborted) break;
    values += found.values;
    if (found.difference !== undefined)
      wrong.push(`device ${entity.deviceId}, ${entity.kind} "${entity.entity}": ${found.difference}`);
    options.onCompared?.(done + 1, sample.length);
  }
  return { entities: sample.length, values, wrong };
}

async function compare(
  options: Comparison,
  entity: EntityKey,
): Promise<{ values: number; difference?: string }> {
  const wait = options.wait ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  let values = 0;
  let width = firstWidth;
  for (let from = options.since; from < options.until && !options.signal?.aborted; ) {
    const [start, to] = [from, Math.min(options.until, from + width)];
    const source = await patiently(options, () => keptColumnsOf(options.from, entity, start, to));
    const look = async () => {
      const target = await patiently(options, () => keptColumnsOf(options.to, entity, start, to));
      return differenceOf(source, target);
    };
    let difference = isEmpty(source) ? undefined : await look();
    for (let again = 1; difference !== undefined && again < looks && !options.signal?.aborted; again++) {
      await wait(betweenLooksMs);
      difference = await look();
    }
    values += countOf(source);
    if (difference !== undefined) return { values, difference };
    width = nextWidth(
      width,
      source.raw.times.length + source.fiveMinutes.times.length + source.hours.times.length,
    );
    from = to;
  }
  return { values };
}

function isEmpty({ raw, fiveMinutes: fine, hours }: KeptColumns): boolean {
  return raw.times.length + fine.times.length + hours.times.length === 0;
}

function countOf({ raw, fiveMinutes: fine, hours }: KeptColumns): number {
  let count = 0;
  for (const column of raw.values) for (const value of column) if (!Number.isNaN(value)) count++;
  for (const { n } of [fine, hours]) for (const column of n) for (const one of column) if (one > 0) count++;
  return count;
}

interface Bucket {
  n: number;
  sum: number;
  /** Of the values without their sign, to judge how exact a sum can be. */
  size: number;
  min: number;
  max: number;
  readonly rolledUp: boolean;
}

/** By the beginning of a bucket; those of an hour as a whole have half a millisecond more, so that they are apart. */
type Buckets = Map<number, Bucket>;
const asHour = 0.5;

function differenceOf(source: KeptColumns, target: KeptColumns): string | undefined {
  const wholeHours = new Set(source.hours.times);
  for (const [m, metric] of source.metrics.entries()) {
    const place = target.metrics.indexOf(metric);
    const found: Buckets = place < 0 ? new Map() : bucketsOf(target, place, wholeHours);
    for (const [start, expected] of bucketsOf(source, m, wholeHours)) {
      const difference = bucketDifference(expected, found.get(start));
      if (difference !== undefined) return `${metric} at ${new Date(start).toISOString()}: ${difference}`;
    }
  }
  return undefined;
}

function bucketDifference(expected: Bucket, found: Bucket | undefined): string | undefined {
  if (!found) return `none of ${expected.n} values is there`;
  // Of roll-ups, a target may have fewer readings that say the same.
  if (!expected.rolledUp && found.n < expected.n) return `${found.n} of ${expected.n} values are there`;
  if (found.min > expected.min || found.max < expected.max)
    return `from ${found.min} to ${found.max} instead of ${expected.min} to ${expected.max}`;
  const [is, should] = [found.sum / found.n, expected.sum / expected.n];
  if (found.n <= expected.n && Math.abs(is - should) > 1e-9 * Math.max(1, expected.size / expected.n))
    return `the mean is ${is} instead of ${should}`;
  return undefined;
}

function bucketsOf(kept: KeptColumns, m: number, wholeHours: ReadonlySet<number>): Buckets {
  const buckets: Buckets = new Map();
  const add = (time: number, rolledUp: boolean, row: Omit<Bucket, 'rolledUp' | 'size'>) => {
    const hour = Math.floor(time / oneHour) * oneHour;
    const start = wholeHours.has(hour) ? hour + asHour : Math.floor(time / fiveMinutes) * fiveMinutes;
    const bucket = buckets.get(start);
    if (!bucket) {
      buckets.set(start, { ...row, size: Math.abs(row.sum), rolledUp });
      return;
    }
    bucket.n += row.n;
    bucket.sum += row.sum;
    bucket.size += Math.abs(row.sum);
    bucket.min = Math.min(bucket.min, row.min);
    bucket.max = Math.max(bucket.max, row.max);
  };
  const { raw } = kept;
  const values = raw.values[m];
  for (const [i, time] of raw.times.entries()) {
    const value = values?.[i] ?? Number.NaN;
    if (!Number.isNaN(value)) add(time, false, { n: 1, sum: value, min: value, max: value });
  }
  const addRows = ({ times, n, sum, min, max }: AggregateColumns) => {
    for (const [i, time] of times.entries()) {
      const count = n[m]?.[i] ?? 0;
      if (count > 0)
        add(time, true, { n: count, sum: sum[m]?.[i] ?? 0, min: min[m]?.[i] ?? 0, max: max[m]?.[i] ?? 0 });
    }
  };
  addRows(kept.fiveMinutes);
  addRows(kept.hours);
  return buckets;
}
