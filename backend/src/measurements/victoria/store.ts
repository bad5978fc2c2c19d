import { answer } from '../buckets.ts';
import { finestKept } from '../kept.ts';
import { LineBodies } from '../line-body.ts';
import { metricsOf } from '../metrics-of.ts';
import {
  BatchBuilder,
  type EntityKey,
  EntityNumbers,
  metricNumber,
  type ReadingBatch,
} from '../reading-batch.ts';
import { fiveMinutes, oneHour } from '../steps.ts';
import {
  defaultRetention,
  type Kept,
  type MeasurementStore,
  type Retention,
  type Series,
  type SeriesRequest,
  StoreUnavailable,
} from '../store.ts';
import { VictoriaClient, type VictoriaSettings } from './client.ts';
import { listEntities, newestReadings } from './newest.ts';
import { countsOnce, writeTwice } from './repeats.ts';
import { bucketRows, readingRows } from './rows.ts';

/** Until what was written shows in answers. */
const showsAfterMs = 5000;
const tryAgainMs = 60_000;

/**
 * Measurements in a VictoriaMetrics, single node or cluster: series `<kind>_<metric>{d="<device>",e="<entity>"}`, written as
 * line protocol and read with PromQL. All answers are made from the readings themselves; how long these are kept is the
 * server's own setting. What was written shows after a second or two, and survives a crash of the server only after
 * as long: VictoriaMetrics acknowledges before it is on its disk.
 */
export class VictoriaStore implements MeasurementStore {
  readonly entities = new EntityNumbers();
  readonly #client: VictoriaClient;
  readonly #lines = new LineBodies({ entities: this.entities, dialect: 'victoria' });
  readonly #retention: Retention;
  readonly #log: (message: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: VictoriaSettings & { log: (message: string) => void; retention?: Retention }) {
    this.#client = new VictoriaClient(options);
    this.#retention = options.retention ?? defaultRetention;
    this.#log = options.log;
  }

  /** Looks whether the server counts repeats once, and tells the log when not. A server that is away is told there too. */
  start(): void {
    this.#lookForRepeats(undefined);
  }

  async write(batch: ReadingBatch): Promise<void> {
    this.#assertOpen();
    for (const body of this.#lines.bodies(batch)) await this.#client.write(body);
  }

  async latest(): Promise<ReadingBatch> {
    this.#assertOpen();
    const now = Date.now();
    const builder = new BatchBuilder(this.entities);
    for (const { key, time, values } of await newestReadings(
      this.#client,
      now,
      now - this.#retention.rawMs,
    )) {
      builder.begin(this.entities.numberOf(key.deviceId, key.kind, key.entity), time);
      for (const [name, value] of values) {
        const metric = metricNumber(`${key.kind}.${name}`);
        if (metric !== undefined) builder.value(metric, value);
      }
    }
    return builder.finish();
  }

  query(request: SeriesRequest): Promise<Series> {
    return answer(request, async (grid, resolution) => {
      this.#assertOpen();
      const { metrics } = request;
      const part = { entity: request, metrics, from: grid.start, to: grid.start + grid.step * grid.length };
      if (metrics.length === 0) return [];
      if (resolution === 'raw') return await readingRows(this.#client, part);
      const bucketMs = resolution === 'hour' ? oneHour : fiveMinutes;
      return await bucketRows(this.#client, { ...part, bucketMs });
    });
  }

  async listEntities(): Promise<EntityKey[]> {
    this.#assertOpen();
    return await listEntities(this.#client, 0);
  }

  async kept(entity: EntityKey, from: number, to: number): Promise<Kept> {
    this.#assertOpen();
    const metrics = metricsOf(entity.kind);
    const raw = await readingRows(this.#client, { entity, metrics, from, to });
    return finestKept(metrics, { raw, fiveMinutes: [], hours: [] });
  }

  async check(): Promise<void> {
    this.#assertOpen();
    await this.#client.query('1', Date.now());
    await this.#client.write(new Uint8Array());
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** `written`: when a value was written twice that has not shown yet. */
  #lookForRepeats(written: number | undefined): void {
    const again = (waitMs: number, time: number | undefined) => {
      if (!this.#closed) this.#timer = setTimeout(() => this.#lookForRepeats(time), waitMs);
    };
    const look = async () => {
      if (written === undefined) {
        const now = Date.now();
        await writeTwice(this.#client, now);
        return again(showsAfterMs, now);
      }
      const once = await countsOnce(this.#client, written);
      if (once === undefined) return again(tryAgainMs, written);
      if (!once)
        this.#log(
          'VictoriaMetrics keeps readings that are sent again beside the first ones, so that these count twice in means: ' +
            'please start it with -dedup.minScrapeInterval=1ms (in a cluster vmselect and vmstorage).',
        );
    };
    look().catch((error: unknown) => {
      if (this.#closed) return;
      this.#log(error instanceof Error ? error.message : String(error));
      again(tryAgainMs, written);
    });
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreUnavailable('the measurement store is closed');
  }
}
