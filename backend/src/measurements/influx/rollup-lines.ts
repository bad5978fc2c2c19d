import type { AggregateRow } from '../buckets.ts';
import { bodyBytes, headOf, putNumber } from '../line-body.ts';
import type { Rollups } from '../store.ts';
import { rollupFields } from './rollups.ts';

/** More than the text of any four numbers. */
const numbersRoom = 4 * 32;

/**
 * Roll-ups as line protocol, `port,d=7,e=1 n_rx=5i,sum_rx=…,min_rx=…,max_rx=… <time>`, in bodies of at most 4 MB of whole lines.
 * Left out are buckets of before `oldest`, and metric by metric those of which `there` has something.
 */
export function* rollupBodies(
  { entity, metrics, rows }: Rollups,
  { oldest, there }: { oldest: number; there: readonly AggregateRow[] },
): Generator<Uint8Array<ArrayBuffer>> {
  const taken = new Map(there.map((row) => [row.time, row]));
  const head = Buffer.from(headOf(entity, 'influx'));
  const columns = metrics.map((metric, m) => {
    const [n = '', sum = '', min = '', max = ''] = Object.keys(rollupFields(metric));
    const names = { n: `${n}=`, sum: `i,${sum}=`, min: `,${min}=`, max: `,${max}=` };
    return {
      numbers: { n: rows.n[m], sum: rows.sum[m], min: rows.min[m], max: rows.max[m] },
      names: {
        n: Buffer.from(names.n),
        sum: Buffer.from(names.sum),
        min: Buffer.from(names.min),
        max: Buffer.from(names.max),
      },
      room: Object.values(names).join('').length + numbersRoom,
    };
  });
  const lineRoom = head.length + columns.reduce((sum, { room }) => sum + room, 0) + 32;
  const bytes = Buffer.allocUnsafe(Math.max(bodyBytes, lineRoom));
  let at = 0;
  const put = (name: Buffer, value: number) => {
    bytes.set(name, at);
    at = putNumber(bytes, at + name.length, value);
  };
  for (const [i, time] of rows.times.entries()) {
    if (time < oldest) continue;
    if (at + lineRoom > bytes.length) {
      yield Buffer.from(bytes.subarray(0, at));
      at = 0;
    }
    const start = at;
    const row = taken.get(time);
    bytes.set(head, at);
    at += head.length;
    const first = at;
    for (const [m, { numbers, names }] of columns.entries()) {
      const n = numbers.n?.[i] ?? 0;
      const sum = numbers.sum?.[i] ?? Number.NaN;
      if (!(n > 0) || !Number.isFinite(sum) || (row?.n[m] ?? 0) > 0) continue;
      if (at > first) bytes[at++] = 0x2c;
      put(names.n, n);
      put(names.sum, sum);
      put(names.min, numbers.min?.[i] ?? 0);
      put(names.max, numbers.max?.[i] ?? 0);
    }
    if (at === first) at = start;
    else at += bytes.write(` ${time}\n`, at, 'latin1');
  }
  if (at > 0) yield Buffer.from(bytes.subarray(0, at));
}
