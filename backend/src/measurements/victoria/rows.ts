import type { AggregateRow } from '../buckets.ts';
import type { EntityKey } from '../reading-batch.ts';
import type { VictoriaClient } from './client.ts';
import { selectorOf, seriesOf } from './selectors.ts';

/** Points of a series in one answer; the server's own limit is 30,000 (-search.maxPointsPerTimeseries). */
const pointsPerAnswer = 10_000;

const aggregates = {
  sum: 'sum_over_time',
  n: 'count_over_time',
  min: 'min_over_time',
  max: 'max_over_time',
} as const;
const everyAggregate = Object.values(aggregates)
  .map((name) => `"${name}"`)
  .join(',');

interface Part {
  readonly entity: EntityKey;
  readonly metrics: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** Each reading as a row of its own. A repeat that the server keeps beside the first is left out. */
export async function readingRows(client: VictoriaClient, part: Part): Promise<AggregateRow[]> {
  const rows = new RowTable(part.metrics);
  for (const { metric, timestamps, values } of await client.export(
    selectorOf(part.entity, part.metrics),
    part.from,
    part.to,
  )) {
    const column = part.metrics.indexOf(seriesOf(metric)?.metric ?? '');
    if (column < 0) continue;
    for (const [i, time] of timestamps.entries()) {
      const value = values[i];
      if (value === null || value === undefined) continue;
      const row = rows.at(time);
      row.n[column] = 1;
      row.sum[column] = row.min[column] = row.max[column] = value;
    }
  }
  return rows.inOrder();
}

/** A row for each bucket that has readings, made by the server from these; `from` and `to` are multiples of the bucket. */
export async function bucketRows(
  client: VictoriaClient,
  { bucketMs, ...part }: Part & { bucketMs: number },
): Promise<AggregateRow[]> {
  const rows = new RowTable(part.metrics);
  const query = `aggr_over_time((${everyAggregate}),${selectorOf(part.entity, part.metrics)}[${bucketMs}ms]) keep_metric_names`;
  const step = bucketMs * pointsPerAnswer;
  for (let from = part.from; from < part.to; from += step) {
    // A window is (t - bucket, t]: asked for the last millisecond of a bucket, it is just the bucket.
    const start = from + bucketMs - 1;
    const end = Math.min(from + step, part.to) - 1;
    for (const { labels, points } of await client.queryRange(query, { start, end, step: bucketMs })) {
      const column = part.metrics.indexOf(seriesOf(labels)?.metric ?? '');
      if (column < 0) continue;
      for (const { time, value } of points) {
        const row = rows.at(time + 1 - bucketMs);
        for (const [name, aggregate] of [
          ['n', aggregates.n],
          ['sum', aggregates.sum],
          ['min', aggregates.min],
          ['max', aggregates.max],
        ] as const)
          if (labels.rollup === aggregate) row[name][column] = value;
      }
    }
  }
  return rows.inOrder();
}

interface Row {
  readonly time: number;
  readonly n: number[];
  readonly sum: number[];
  readonly min: number[];
  readonly max: number[];
}

/** Rows that are filled metric by metric. */
class RowTable {
  readonly #width: number;
  readonly #rows = new Map<number, Row>();

  constructor(metrics: readonly string[]) {
    this.#width = metrics.length;
  }

  at(time: number): Row {
    let row = this.#rows.get(time);
    if (!row) {
      const none = () => new Array<number>(this.#width).fill(0);
      row = { time, n: none(), sum: none(), min: none(), max: none() };
      this.#rows.set(time, row);
    }
    return row;
  }

  inOrder(): AggregateRow[] {
    return [...this.#rows.values()].sort((a, b) => a.time - b.time);
  }
}
