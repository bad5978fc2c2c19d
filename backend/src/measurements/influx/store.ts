import { entityKinds, type Reading } from '@rackhaus/config/contract';
import { type AggregateRow, answer } from '../buckets.ts';
import { finestKept } from '../kept.ts';
import { LineBodies } from '../line-body.ts';
import { metricsOf } from '../metrics-of.ts';
import { batchOf, type EntityKey, EntityNumbers, type ReadingBatch, readingsOf } from '../reading-batch.ts';
import { oneHour } from '../steps.ts';
import {
  defaultRetention,
  type Kept,
  type MeasurementStore,
  type Retention,
  type Rollups,
  type Series,
  type SeriesRequest,
  StoreUnavailable,
} from '../store.ts';
import { nameOfTag } from '../tag-value.ts';
import {
  fieldTypes,
  InfluxClient,
  identifier,
  type Point,
  type ResultSeries,
  stringLiteral,
} from './client.ts';
import { ensurePolicies } from './policies.ts';
import { rollUpHour } from './roll-up-hour.ts';
import { rollupBodies } from './rollup-lines.ts';
import {
  aggregates,
  type RollupPolicy,
  rawPolicy,
  rolledUpPoints,
  rollupFields,
  rollupPolicies,
  tagsOf,
} from './rollups.ts';
import { type Row, rowsOf } from './rows.ts';

export interface InfluxSettings {
  readonly url: string;
  readonly database: string;
  readonly user?: string;
  readonly password?: string;
}

const settleEveryMs = 60_000;
/** How long after its end an hour is left as it is, because most late readings come soon. */
const graceMs = 5 * 60_000;
/** Hours that have readings which are not rolled up yet; noted in the database, so that a restart forgets none. */
const dueMeasurement = 'rackhaus_due';
const kindPattern = `/^(${entityKinds.join('|')})$/`;

/**
 * Measurements in an InfluxDB 1.x, or in a later one by its 1.x interface: one measurement per kind with tags `d` (device)
 * and `e` (entity). Readings are kept in one retention policy, roll-ups of 5 minutes and an hour in two more, made again
 * for every hour that got readings.
 */
export class InfluxStore implements MeasurementStore {
  readonly entities = new EntityNumbers();
  readonly #lines = new LineBodies({ entities: this.entities, dialect: 'influx' });
  readonly #raw: InfluxClient;
  readonly #rolled: InfluxClient;
  readonly #retention: Retention;
  readonly #log: (message: string) => void;
  /** Starts of hours with readings that are not rolled up, and how often each got some. */
  readonly #due = new Map<number, number>();
  /** The same a minute ago. */
  #dueBefore: ReadonlyMap<number, number> = new Map();
  #ready: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: InfluxSettings & { log: (message: string) => void; retention?: Retention }) {
    this.#raw = new InfluxClient({ ...options, schema: fieldTypes((field) => ({ [field]: 'float' })) });
    this.#rolled = new InfluxClient({ ...options, schema: fieldTypes(rollupFields) });
    this.#retention = options.retention ?? defaultRetention;
    this.#log = options.log;
  }

  /**
   * Begins to roll up. A server that is away or not set up is told to the log and no error here: each write tries again.
   */
  start(): void {
    this.#prepare().catch((error: unknown) =>
      this.#log(error instanceof Error ? error.message : String(error)),
    );
    this.#timer = setInterval(() => {
      this.#settleQuiet(Date.now()).catch((error: unknown) =>
        this.#log(
          `readings could not be rolled up yet: ${error instanceof Error ? error.message : String(error)}`,
        ),
      );
    }, settleEveryMs);
  }

  async write(batch: ReadingBatch): Promise<void> {
    if (batch.count === 0) return;
    await this.#prepare();
    const now = Date.now();
    // By whole hours, because an hour's roll-up is made of readings or written beside them, never both.
    const oldest = hourOf(now - this.#retention.rawMs) + oneHour;
    await this.#noteDue(batch, oldest);
    for (const body of this.#lines.bodies(batch, (i) => (batch.time[i] ?? 0) >= oldest))
      await this.#raw.writeLines(body, rawPolicy);
    if (!batch.time.some((time) => time < oldest)) return;
    const older = readingsOf(batch).filter(
      ({ time }) => time < oldest && time >= now - this.#retention.rollupMs,
    );
    for (const { name, bucketMs } of rollupPolicies)
      await this.#rolled.write(rolledUpPoints(older, bucketMs), name);
  }

  async latest(): Promise<ReadingBatch> {
    await this.#prepare();
    const series = await this.#raw.query(
      `SELECT * FROM ${this.#source(rawPolicy, kindPattern)} GROUP BY * ORDER BY time DESC LIMIT 1`,
    );
    return batchOf(
      this.entities,
      series.flatMap((one) => toReading(one) ?? []),
    );
  }

  async query(request: SeriesRequest): Promise<Series> {
    await this.#prepare();
    return await answer(request, async (grid, resolution) => {
      const from = grid.start;
      const to = grid.start + grid.step * grid.length;
      const [fine, coarse] = rollupPolicies;
      if (resolution === 'raw') {
        const rows = await this.#readings(request, from, to);
        return rows.length > 0 ? rows : await this.#rolledUp(request, from, to, fine);
      }
      return await this.#rolledUp(request, from, to, resolution === 'hour' ? coarse : fine);
    });
  }

  async listEntities(): Promise<EntityKey[]> {
    await this.#prepare();
    const entities = new Map<string, EntityKey>();
    for (const policy of [rawPolicy, ...rollupPolicies.map(({ name }) => name)]) {
      const series = await this.#raw.query(
        `SELECT * FROM ${this.#source(policy, kindPattern)} GROUP BY "d", "e" LIMIT 1`,
      );
      for (const one of series) {
        const key = toKey(one);
        if (key) entities.set(`${key.deviceId}/${key.kind}/${key.entity}`, key);
      }
    }
    return [...entities.values()];
  }

  async kept(entity: EntityKey, from: number, to: number): Promise<Kept> {
    await this.#prepare();
    const metrics = metricsOf(entity.kind);
    const request = { ...entity, metrics };
    const [fine, coarse] = rollupPolicies;
    return finestKept(metrics, {
      raw: await this.#readings(request, from, to),
      fiveMinutes: await this.#rolledUp(request, from, to, fine),
      hours: await this.#rolledUp(request, from, to, coarse),
    });
  }

  async putRollups(rollups: readonly Rollups[]): Promise<void> {
    await this.#prepare();
    const oldest = hourOf(Date.now() - this.#retention.rollupMs) + oneHour;
    const [fine, coarse] = rollupPolicies;
    for (const each of rollups) {
      const { times } = each.rows;
      const policy = each.resolution === 'hour' ? coarse : fine;
      const from = Math.max(oldest, times[0] ?? 0);
      const to = (times[times.length - 1] ?? 0) + policy.bucketMs;
      if (to <= from) continue;
      const there = await this.#rolledUp({ ...each.entity, metrics: each.metrics }, from, to, policy);
      for (const body of rollupBodies(each, { oldest, there })) await this.#raw.writeLines(body, policy.name);
    }
  }

  async check(): Promise<void> {
    await this.#prepare();
    await this.#raw.query(`SELECT * FROM ${this.#source(rawPolicy, identifier(dueMeasurement))} LIMIT 1`);
  }

  /**
   * Rolls up every hour that has got readings and is over; by itself that happens every minute to those that get no more, because
   * a move or a replay writes the same hours again and again. Until then, answers are made from the readings.
   */
  async settle(now: number): Promise<void> {
    await this.#prepare();
    await this.#rollUp(now, () => true);
  }

  async #settleQuiet(now: number): Promise<void> {
    await this.#prepare();
    const before = this.#dueBefore;
    this.#dueBefore = new Map(this.#due);
    await this.#rollUp(now, (hour, times) => before.get(hour) === times);
  }

  async #rollUp(now: number, wanted: (hour: number, times: number) => boolean): Promise<void> {
    for (const [hour, times] of this.#due) {
      if (!wanted(hour, times)) continue;
      if (hour + oneHour + graceMs > now || this.#closed) continue;
      await rollUpHour({ raw: this.#raw, rolled: this.#rolled, hour });
      // Readings may have come for this hour in the meantime: then it is done once more.
      if (this.#due.get(hour) !== times) continue;
      await this.#raw.write([duePoint(hour, 0)], rawPolicy);
      if (this.#due.get(hour) === times) this.#due.delete(hour);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  /** Makes database and retention policies where they are missing, once. */
  #prepare(): Promise<void> {
    if (this.#closed) return Promise.reject(new StoreUnavailable('the measurement store is closed'));
    this.#ready ??= this.#makeReady().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  async #makeReady(): Promise<void> {
    await ensurePolicies(this.#raw, this.#retention);
    const due = await this.#raw.query(
      `SELECT "due" FROM ${this.#source(rawPolicy, identifier(dueMeasurement))} WHERE "due" = 1`,
    );
    for (const row of rowsOf(due)) if (!this.#due.has(row.time)) this.#due.set(row.time, 0);
  }

  async #noteDue(batch: ReadingBatch, oldest: number): Promise<void> {
    const hours = new Set<number>();
    let last = Number.NaN;
    for (const time of batch.time) {
      const hour = hourOf(time);
      if (hour === last || time < oldest) continue;
      last = hour;
      hours.add(hour);
    }
    const unknown = [...hours].filter((hour) => !this.#due.has(hour));
    // Before the readings: an hour noted in vain costs one needless roll-up, one forgotten would cost a gap.
    await this.#raw.write(
      unknown.map((hour) => duePoint(hour, 1)),
      rawPolicy,
    );
    for (const hour of hours) this.#due.set(hour, (this.#due.get(hour) ?? 0) + 1);
  }

  async #readings(request: Wanted, from: number, to: number): Promise<AggregateRow[]> {
    const series = await this.#raw.query(
      `SELECT ${request.metrics.map(identifier).join(', ')} FROM ${this.#source(rawPolicy, identifier(request.kind))} ` +
        `WHERE ${entityIs(request)} AND time >= ${from}ms AND time < ${to}ms`,
    );
    return rowsOf(series).map(({ time, values }) => {
      const row = request.metrics.map((metric) => values[metric] ?? null);
      const numbers = row.map((value) => value ?? 0);
      return {
        time,
        n: row.map((value) => (value === null ? 0 : 1)),
        sum: numbers,
        min: numbers,
        max: numbers,
      };
    });
  }

  async #rolledUp(request: Wanted, from: number, to: number, policy: RollupPolicy): Promise<AggregateRow[]> {
    const names = request.metrics.flatMap((metric) => Object.keys(rollupFields(metric)));
    const source = this.#source(policy.name, identifier(request.kind));
    const stored = await this.#rolled.query(
      `SELECT ${names.map(identifier).join(', ')} FROM ${source} ` +
        `WHERE ${entityIs(request)} AND time >= ${from}ms AND time < ${to}ms`,
    );
    const rows = new Map<number, AggregateRow>();
    for (const row of rowsOf(stored)) rows.set(row.time, toAggregate(request, row));
    // Hours with readings that are not rolled up yet are asked for as they are now.
    for (const [start, end] of spans(
      [...this.#due.keys()].filter((hour) => hour < to && hour + oneHour > from),
    )) {
      const fresh = await this.#raw.query(
        `SELECT ${aggregates(request.metrics)} FROM ${this.#source(rawPolicy, identifier(request.kind))} ` +
          `WHERE ${entityIs(request)} AND time >= ${start}ms AND time < ${end}ms ` +
          `GROUP BY time(${policy.bucketMs}ms) fill(none)`,
      );
      for (const row of rowsOf(fresh)) rows.set(row.time, toAggregate(request, row));
    }
    return [...rows.values()]
      .filter((row) => row.time >= from && row.time < to && row.n.some((n) => n > 0))
      .sort((a, b) => a.time - b.time);
  }

  #source(policy: string, measurement: string): string {
    return `${identifier(this.#raw.database)}.${identifier(policy)}.${measurement}`;
  }
}

type Wanted = EntityKey & Pick<SeriesRequest, 'metrics'>;

function toAggregate(request: Wanted, { time, values }: Row): AggregateRow {
  const pick = (prefix: string) => request.metrics.map((metric) => values[`${prefix}_${metric}`] ?? 0);
  return { time, n: pick('n'), sum: pick('sum'), min: pick('min'), max: pick('max') };
}

function toKey(series: ResultSeries): EntityKey | undefined {
  const kind = entityKinds.find((known) => known === series.name);
  const deviceId = Number(series.tags?.d);
  if (!kind || !Number.isInteger(deviceId)) return undefined;
  return { deviceId, kind, entity: nameOfTag(series.tags?.e ?? '') };
}

function toReading(series: ResultSeries): Reading | undefined {
  const key = toKey(series);
  const [row] = rowsOf([series]);
  if (!key || !row) return undefined;
  const values: Record<string, number> = {};
  for (const [name, value] of Object.entries(row.values)) if (value !== null) values[name] = value;
  return { ...key, time: row.time, values };
}

function entityIs({ deviceId, entity }: EntityKey): string {
  const tags = tagsOf(deviceId, entity);
  return `"d" = ${stringLiteral(tags.d ?? '')} AND "e" = ${stringLiteral(tags.e ?? '')}`;
}

function duePoint(hour: number, due: 0 | 1): Point {
  return { measurement: dueMeasurement, fields: { due }, timestamp: hour };
}

function hourOf(time: number): number {
  return Math.floor(time / oneHour) * oneHour;
}

/** Joins neighbouring hours to [start, end) spans. */
function spans(hours: readonly number[]): [number, number][] {
  const joined: [number, number][] = [];
  for (const hour of [...hours].sort((a, b) => a - b)) {
    const last = joined[joined.length - 1];
    if (last && last[1] === hour) last[1] = hour + oneHour;
    else joined.push([hour, hour + oneHour]);
  }
  return joined;
}
