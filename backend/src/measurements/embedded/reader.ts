import {
  type AggregateColumns,
  answerColumns,
  noRows,
  type Resolution,
  rowsOfColumns,
  type SeriesColumns,
} from '../buckets.ts';
import { finestColumns, finestKept } from '../kept.ts';
import { metricsOf } from '../metrics-of.ts';
import type { EntityKey } from '../reading-batch.ts';
import type { Kept, KeptColumns, Retention, SeriesRequest } from '../store.ts';
import type { Dictionary, Field } from './dictionary.ts';
import type { OpenRows } from './open-rows.ts';
import type { Packs } from './packs.ts';
import type { State } from './state.ts';
import { emptyTable, mergeTables, sliceTable, type Table } from './table.ts';
import { TableBuilder } from './table-builder.ts';
import {
  entityOfRow,
  fiveMinuteTier,
  hourTier,
  rawTier,
  rollUp,
  rollupColumn,
  rowidOf,
  type Tier,
  windowOf,
  windowOfRow,
  windowsOf,
  windowsPerDay,
} from './tiers.ts';
import { lastRowOf, tableOf } from './unpack.ts';

/** Answers what is asked of what is packed and what is not yet. */
export class Reader {
  readonly #dictionary: Dictionary;
  readonly #rows: OpenRows;
  readonly #packs: Packs;
  readonly #state: State;
  readonly #retention: Retention;
  readonly #builder = new TableBuilder();

  constructor(options: {
    dictionary: Dictionary;
    rows: OpenRows;
    packs: Packs;
    state: State;
    retention: Retention;
  }) {
    this.#dictionary = options.dictionary;
    this.#rows = options.rows;
    this.#packs = options.packs;
    this.#state = options.state;
    this.#retention = options.retention;
  }

  query(request: SeriesRequest): SeriesColumns {
    const entity = this.#dictionary.entity(request);
    const fields = request.metrics.map((name) => this.#dictionary.field(request.kind, name));
    const ids = idsOf(fields);
    return answerColumns(request, (grid, resolution) => {
      if (!entity) return noRows(fields.length);
      const from = grid.start;
      const to = grid.start + grid.step * grid.length;
      if (resolution === 'raw') {
        const raw = readingColumns(this.#readings(entity.id, ids, from, to), fields);
        if (raw.times.length > 0) return raw;
      }
      // What is older than the readings are kept is shown as coarse as it still is.
      const coarse = resolution === 'raw' ? 'five-minutes' : resolution;
      return rolledUpColumns(this.#rolledUp(entity.id, ids, from, to, coarse), fields);
    });
  }

  kept(key: EntityKey, from: number, to: number): Kept {
    const entity = this.#dictionary.entity(key);
    if (!entity) return { metrics: [], rows: [] };
    const metrics = metricsOf(key.kind);
    const fields = metrics.map((one) => this.#dictionary.field(key.kind, one));
    const ids = idsOf(fields);
    const coarse = (resolution: Exclude<Resolution, 'raw'>) =>
      rowsOfColumns(rolledUpColumns(this.#rolledUp(entity.id, ids, from, to, resolution), fields));
    return finestKept(metrics, {
      raw: rowsOfColumns(readingColumns(this.#readings(entity.id, ids, from, to), fields)),
      fiveMinutes: coarse('five-minutes'),
      hours: coarse('hour'),
    });
  }

  /** The same as columns. */
  keptColumns(key: EntityKey, from: number, to: number): KeptColumns {
    const entity = this.#dictionary.entity(key);
    const fields = metricsOf(key.kind).flatMap((name) => this.#dictionary.field(key.kind, name) ?? []);
    const ids = idsOf(fields);
    const metrics = fields.map(({ metric }) => metric.slice(key.kind.length + 1));
    const wanted = ids.flatMap((id) => Object.values(rollupColumn).map((of) => of(id)));
    // What is not rolled up yet has its readings still.
    const rolled = (tier: Tier) => {
      const packed = entity ? this.#packs.segments(tier, entity.id, from, to) : [];
      return rolledUpColumns(sliceTable(tableOf(packed, wanted), from, to), fields);
    };
    const { times, n, sum } = readingColumns(
      entity ? this.#readings(entity.id, ids, from, to) : emptyTable,
      fields,
    );
    const none = new Float64Array(times.length).fill(Number.NaN);
    return finestColumns(metrics, {
      raw: { times, values: sum.map((values, m) => (n[m]?.includes(1) ? values : none)) },
      fiveMinutes: rolled(fiveMinuteTier),
      hours: rolled(hourTier),
    });
  }

  /** Entities of which anything is kept. */
  listEntities(now: number): EntityKey[] {
    const oldest = windowOf(rawTier, now - this.#retention.rollupMs);
    return [...this.#dictionary.entities]
      .filter(({ id, newest }) => (newest > 0 && newest >= oldest) || this.#rows.openOf(id) > 0)
      .map(({ deviceId, kind, entity }) => ({ deviceId, kind, entity }));
  }

  /** Looks the newest packed reading of an entity up, if it may be newer than `time` and is not known yet. */
  findNewest(entity: number, time: number): void {
    const newest = this.#dictionary.byId(entity)?.newest ?? 0;
    if (newest === 0 || newest < windowOf(rawTier, time)) return;
    const id = rowidOf(newest, entity);
    const pack = this.#packs.get(rawTier, id);
    const row = pack && this.#packs.readable(rawTier, id, pack, lastRowOf);
    if (row) this.#rows.keepNewest(entity, row.time, row.values);
  }

  /** All readings in [from, to), of these fields. */
  #readings(entity: number, fields: readonly number[], from: number, to: number): Table {
    const packed = tableOf(this.#packs.segments(rawTier, entity, from, to), fields);
    return sliceTable(mergeTables(packed, this.#open(entity, fields, from, to)), from, to);
  }

  #open(entity: number, fields: readonly number[], from: number, to: number): Table {
    if (this.#rows.read(entity, this.#builder) === 0) return emptyTable;
    return tableOf([sliceTable(this.#builder.finish(), from, to)], fields);
  }

  #rolledUp(
    entity: number,
    fields: readonly number[],
    from: number,
    to: number,
    resolution: Exclude<Resolution, 'raw'>,
  ): Table {
    const tier = resolution === 'hour' ? hourTier : fiveMinuteTier;
    const packed = this.#packs.segments(tier, entity, from, to);
    // What is not rolled up yet is rolled up as it is now.
    const { rolled } = this.#state;
    const day = windowOfRow(rolled) + (entity < entityOfRow(rolled) ? 1 : 0);
    const done = day * windowsPerDay * rawTier.windowMs;
    const fresh = rollUp(this.#readings(entity, fields, Math.max(from, done), to), tier.bucketMs);
    const wanted = fields.flatMap((field) => Object.values(rollupColumn).map((of) => of(field)));
    const last = packed[packed.length - 1]?.last ?? 0;
    let table =
      fresh.count === 0 || last < (fresh.times[0] ?? 0)
        ? tableOf([...packed, fresh], wanted)
        : mergeTables(tableOf(packed, wanted), fresh);
    // Readings that came late, and wait to be packed.
    const late = this.#open(entity, fields, from, Math.min(to, done));
    for (const { window } of windowsOf(late, rawTier)) {
      const start = window * rawTier.windowMs;
      const rows = sliceTable(late, start, start + rawTier.windowMs);
      const before = this.#packs.table(rawTier, rowidOf(window, entity));
      const rolledAgain = rollUp(mergeTables(before ?? emptyTable, rows), tier.bucketMs);
      table = before ? mergeTables(table, rolledAgain) : mergeTables(rolledAgain, table);
    }
    return sliceTable(table, from, to);
  }
}

/** The ids of fields that there are, each once. */
function idsOf(fields: readonly (Field | undefined)[]): number[] {
  return [...new Set(fields.flatMap((field) => (field ? [field.id] : [])))];
}

/** Turns the whole numbers of a column into values, in place. */
function toValues(column: Float64Array, decimals: number): Float64Array {
  if (decimals > 0) {
    const scale = 10 ** decimals;
    for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? Number.NaN) / scale;
  } else if (decimals < 0) {
    const scale = 10 ** -decimals;
    for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? Number.NaN) * scale;
  }
  return column;
}

/** Columns of the fields, each made once; of those that there are none of, `none`. */
function columnsOf<T>(fields: readonly (Field | undefined)[], none: T, make: (field: Field) => T): T[] {
  const made = new Map<number, T>();
  return fields.map((field) => {
    if (!field) return none;
    const known = made.get(field.id) ?? make(field);
    made.set(field.id, known);
    return known;
  });
}

/** Each reading as a row of its own. Takes the table's arrays. */
function readingColumns(table: Table, fields: readonly (Field | undefined)[]): AggregateColumns {
  const nothing = new Float64Array(table.count);
  const columns = columnsOf(fields, { n: nothing, values: nothing }, ({ id, decimals }) => {
    const values = table.columns[table.fields.indexOf(id)]?.subarray(0, table.count);
    if (!values) return { n: nothing, values: nothing };
    const n = new Float64Array(table.count);
    for (let i = 0; i < n.length; i++) if (!Number.isNaN(values[i])) n[i] = 1;
    return { n, values: toValues(values, decimals) };
  });
  const values = columns.map((column) => column.values);
  const n = columns.map((column) => column.n);
  return withoutEmpty({
    times: table.times.subarray(0, table.count),
    n,
    sum: values,
    min: values,
    max: values,
  });
}

/** The rows of a roll-up. Takes the table's arrays. */
function rolledUpColumns(table: Table, fields: readonly (Field | undefined)[]): AggregateColumns {
  const nothing = new Float64Array(table.count);
  const none = { n: nothing, sum: nothing, min: nothing, max: nothing };
  const columns = columnsOf(fields, none, ({ id, decimals }) => {
    const column = (field: number) =>
      table.columns[table.fields.indexOf(field)]?.subarray(0, table.count) ?? nothing;
    const scaled = (field: number) => toValues(column(field), decimals);
    return {
      n: column(rollupColumn.n(id)),
      sum: scaled(rollupColumn.sum(id)),
      min: scaled(rollupColumn.min(id)),
      max: scaled(rollupColumn.max(id)),
    };
  });
  return withoutEmpty({
    times: table.times.subarray(0, table.count),
    n: columns.map(({ n }) => n),
    sum: columns.map(({ sum }) => sum),
    min: columns.map(({ min }) => min),
    max: columns.map(({ max }) => max),
  });
}

/** Rows in which none of the metrics has a value tell nothing of how often these are read. */
function withoutEmpty(rows: AggregateColumns): AggregateColumns {
  const { times, n } = rows;
  const has = new Uint8Array(times.length);
  let count = 0;
  for (const column of n) {
    if (count === times.length) return rows;
    for (let i = 0; i < has.length; i++)
      if (has[i] === 0 && (column[i] ?? 0) > 0) {
        has[i] = 1;
        count++;
      }
  }
  if (count === times.length) return rows;
  const filled = (column: Float64Array) => column.filter((_, i) => has[i] === 1);
  const pick = (columns: readonly Float64Array[]) => columns.map(filled);
  return {
    times: filled(times),
    n: pick(n),
    sum: pick(rows.sum),
    min: pick(rows.min),
    max: pick(rows.max),
  };
}
