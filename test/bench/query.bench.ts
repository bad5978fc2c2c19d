import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedStore } from '@rackhaus/backend/measurements';
import { type Figure, median } from './figure.ts';
import { portKey, portMetrics, portReadings, roundMs } from './port-readings.ts';

const day = 86_400_000;
/** A value of a port is a series: 10,000 of them. */
const ports = 1000;
const times = 21;

/**
 * CPU of the whole process (main thread and the store's) for one query of all ten values of a port, each with min, mean and max, while
 * readings of all ports are written between any two queries. The port that is asked has a year of history.
 */
export async function run(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-query-'));
  const store = new EmbeddedStore({
    file: join(folder, 'measurements.sqlite'),
    log: (message) => process.stderr.write(`${message}\n`),
  });
  await store.start();
  const now = Math.floor(Date.now() / day) * day;
  const rounds = (365 * day) / roundMs;
  const begin = now - rounds * roundMs;
  const { entities } = store;
  let writes: Promise<void>[] = [];
  for (let round = 0; round < rounds; round++) {
    writes.push(store.write(portReadings({ entities, count: 1 }, 0, 1, begin, round)));
    if (round % 10_000 !== 9_999) continue;
    await Promise.all(writes);
    writes = [];
    await store.tidy(begin + round * roundMs);
  }
  await Promise.all(writes);
  for (let round = rounds - 180; round < rounds; round++)
    await store.write(portReadings({ entities, count: ports }, 1, ports, begin, round));
  await store.tidy(now);

  let round = rounds;
  const ask = async (query: () => Promise<unknown>): Promise<number> => {
    const used: number[] = [];
    for (let i = 0; i < times; i++) {
      await store.write(portReadings({ entities, count: ports }, 0, ports, begin, round++));
      const before = process.cpuUsage();
      await query();
      const { user, system } = process.cpuUsage(before);
      used.push((user + system) / 1000);
    }
    return median(used);
  };
  const series = (span: number, points: number) => () =>
    store.query({ ...portKey(0), metrics: portMetrics, from: now - span, to: now, points });
  const figures: Figure[] = [];
  for (const [name, span, points] of [
    ['24h-raw', day, 1441],
    ['7d', 7 * day, 2017],
    // The most that the interface may ask for: buckets of six hours, from hourly roll-ups.
    ['1y', 365 * day, 2000],
  ] as const)
    figures.push({ name: `query.${name}`, value: await ask(series(span, points)), unit: 'ms', atMost: 10 });
  figures.push({
    name: 'query.last-of-10000',
    value: await ask(() => store.latest()),
    unit: 'ms',
    atMost: 5,
  });
  await store.close();
  await rm(folder, { recursive: true });
  return figures;
}
