import { type EntityKind, entityKinds } from '@rackhaus/config/contract';
import { metricsOf } from '../metrics-of.ts';
import { oneHour } from '../steps.ts';
import { type InfluxClient, identifier, type Point } from './client.ts';
import { aggregates, type RollupPolicy, rawPolicy, rollupFields, rollupPolicies } from './rollups.ts';
import { rowsOf } from './rows.ts';

/** Numbers in one answer, unless one field of all entities of a kind has more already. */
const numbersPerAnswer = 100_000;
/** Of a kind, while nothing is known about how many entities it has. */
const fieldsAtFirst = 4;

interface Clients {
  readonly raw: InfluxClient;
  readonly rolled: InfluxClient;
}

/**
 * Makes the roll-ups of one hour again from its readings. Aggregates are read and written back, because no InfluxDB from
 * 2.0 on knows `SELECT … INTO`. Doing it twice changes nothing; `hour` is its start in milliseconds since 1970.
 * @throws StoreUnavailable | InfluxRefusal
 */
export async function rollUpHour({ hour, ...clients }: Clients & { hour: number }): Promise<void> {
  const [fine, coarse] = rollupPolicies;
  for (const kind of entityKinds) {
    const present: string[] = [];
    let entities = 0;
    let rest = metricsOf(kind);
    for (let size = fieldsAtFirst; rest.length > 0; size = fieldsPerAnswer(entities)) {
      const fields = rest.slice(0, size);
      rest = rest.slice(size);
      const points = await copy(clients, { kind, fields, hour, policy: coarse });
      entities = Math.max(entities, points.length);
      present.push(...fields.filter((field) => points.some((point) => `n_${field}` in (point.fields ?? {}))));
    }
    const size = fieldsPerAnswer(entities * (oneHour / fine.bucketMs));
    for (let i = 0; i < present.length; i += size)
      await copy(clients, { kind, fields: present.slice(i, i + size), hour, policy: fine });
  }
}

/** By fields and not by time, because that is what an answer costs the server: each function of each field of each series. */
function fieldsPerAnswer(rows: number): number {
  return Math.max(1, Math.floor(numbersPerAnswer / (4 * Math.max(1, rows))));
}

interface Part {
  readonly kind: EntityKind;
  readonly fields: readonly string[];
  readonly hour: number;
  readonly policy: RollupPolicy;
}

/** Points of some of the fields join those of the others that have been written before. */
async function copy({ raw, rolled }: Clients, { kind, fields, hour, policy }: Part): Promise<Point[]> {
  const source = [raw.database, rawPolicy, kind].map(identifier).join('.');
  const series = await raw.query(
    `SELECT ${aggregates(fields)} FROM ${source} WHERE time >= ${hour}ms AND time < ${hour + oneHour}ms ` +
      `GROUP BY time(${policy.bucketMs}ms), "d", "e" fill(none)`,
  );
  const points = series.flatMap((one) => {
    const { d = '', e = '' } = one.tags ?? {};
    const tags = { d, ...(e === '' ? {} : { e }) };
    return rowsOf([one]).flatMap(({ time, values }): Point[] => {
      const numbers = fields
        .filter((field) => (values[`n_${field}`] ?? 0) > 0)
        .flatMap((field) => Object.keys(rollupFields(field)))
        .map((name): [string, number] => [name, values[name] ?? 0]);
      if (numbers.length === 0) return [];
      return [{ measurement: kind, tags, fields: Object.fromEntries(numbers), timestamp: time }];
    });
  });
  await rolled.write(points, policy.name);
  return points;
}
