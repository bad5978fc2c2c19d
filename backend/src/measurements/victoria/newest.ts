import type { EntityKey } from '../reading-batch.ts';
import { type ResultSeries, type VictoriaClient, VictoriaRefusal } from './client.ts';
import { allNames, entityIsOneOf, namesOfKind, seriesOf } from './selectors.ts';

/** Far back enough for whatever is read regularly; what is not is asked for by name. */
const usualMs = 15 * 60_000;
/** Devices that are asked for at once; halved when the server finds that too many series. */
const devicesAtOnce = 20;
/** Names in one condition; the server takes queries of 16 KB. */
const namesAtOnce = 25;

export interface NewestReading {
  readonly key: EntityKey;
  readonly time: number;
  readonly values: ReadonlyMap<string, number>;
}

/** Everything that has values since about `from`. @throws StoreUnavailable | VictoriaRefusal */
export async function listEntities(client: VictoriaClient, from: number): Promise<EntityKey[]> {
  const found = new Map<string, EntityKey>();
  await byDevices(await devicesSince(client, from), async (devices) => {
    for (const labels of await client.series(`{${allNames},${deviceIsOneOf(devices)}}`, from)) {
      const series = seriesOf(labels);
      if (series) found.set(textOf(series.key), series.key);
    }
  });
  return [...found.values()];
}

/**
 * The newest reading of every entity that has one since `oldest`. Looks through the last minutes of everything, and further back
 * only for what has none there: a month of every value would be too much to look through.
 * @throws StoreUnavailable | VictoriaRefusal
 */
export async function newestReadings(
  client: VictoriaClient,
  now: number,
  oldest: number,
): Promise<NewestReading[]> {
  const newest = new Newest();
  await byDevices(await devicesSince(client, oldest), async (devices) => {
    const where = deviceIsOneOf(devices);
    newest.take(await last(client, `{${allNames},${where}}`, { now, from: Math.max(oldest, now - usualMs) }));
    const silent: EntityKey[] = [];
    for (const labels of await client.series(`{${allNames},${where}}`, oldest)) {
      const series = seriesOf(labels);
      if (series && !newest.has(series.key)) silent.push(series.key);
    }
    for (const [, keys] of Map.groupBy(silent, ({ deviceId, kind }) => `${deviceId}/${kind}`)) {
      const [one] = keys;
      const names = [...new Set(keys.map(({ entity }) => entity))];
      for (let i = 0; one && i < names.length; i += namesAtOnce) {
        const some = entityIsOneOf(names.slice(i, i + namesAtOnce));
        const selector = `{${namesOfKind(one.kind)},d="${one.deviceId}",${some}}`;
        newest.take(await last(client, selector, { now, from: oldest }));
      }
    }
  });
  return newest.readings();
}

/** The last value of each series in [from, now + a day), and its time: readings of clocks that are fast are readings too. */
async function last(
  client: VictoriaClient,
  selector: string,
  { now, from }: { now: number; from: number },
): Promise<ResultSeries[]> {
  const end = now + 86_400_000;
  return await client.query(
    `aggr_over_time(("last_over_time","tlast_over_time"),${selector}[${end - from}ms]) keep_metric_names`,
    end,
  );
}

async function devicesSince(client: VictoriaClient, from: number): Promise<string[]> {
  const devices = await client.labelValues('d', `{${allNames}}`, from);
  return devices.filter((device) => /^\d+$/.test(device));
}

function deviceIsOneOf(devices: readonly string[]): string {
  return `d=~"${devices.join('|')}"`;
}

async function byDevices(
  devices: readonly string[],
  ask: (some: readonly string[]) => Promise<void>,
  atOnce = devicesAtOnce,
): Promise<void> {
  for (let i = 0; i < devices.length; i += atOnce) {
    const some = devices.slice(i, i + atOnce);
    try {
      await ask(some);
    } catch (error) {
      if (!(error instanceof VictoriaRefusal) || some.length === 1) throw error;
      await byDevices(some, ask, Math.ceil(some.length / 2));
    }
  }
}

/** Values of the newest time of each entity; values that it had only before are not part of its newest reading. */
class Newest {
  readonly #readings = new Map<string, { key: EntityKey; time: number; values: Map<string, number> }>();

  has(key: EntityKey): boolean {
    return this.#readings.has(textOf(key));
  }

  take(result: readonly ResultSeries[]): void {
    const values = new Map<string, number>();
    const idOf = ({ __name__ = '', d = '', e = '' }: ResultSeries['labels']) => `${__name__} ${d} ${e}`;
    for (const { labels, points } of result)
      if (labels.rollup === 'last_over_time') values.set(idOf(labels), points[0]?.value ?? Number.NaN);
    for (const { labels, points } of result) {
      const series = seriesOf(labels);
      const value = values.get(idOf(labels));
      if (labels.rollup !== 'tlast_over_time' || !series || value === undefined) continue;
      this.#put(series.key, series.metric, Math.round((points[0]?.value ?? 0) * 1000), value);
    }
  }

  #put(key: EntityKey, metric: string, time: number, value: number): void {
    const text = textOf(key);
    let reading = this.#readings.get(text);
    if (reading && reading.time > time) return;
    if (!reading || reading.time < time) {
      reading = { key, time, values: new Map() };
      this.#readings.set(text, reading);
    }
    reading.values.set(metric, value);
  }

  readings(): NewestReading[] {
    return [...this.#readings.values()];
  }
}

function textOf({ deviceId, kind, entity }: EntityKey): string {
  return `${deviceId}/${kind}/${entity}`;
}
