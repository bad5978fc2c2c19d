import { entityKinds, metricIds, readingKey } from '@rackhaus/config/contract';
import { LineProtocolError, LineScanner, lineLimits, readSeriesKey } from '@rackhaus/config/line-protocol';
import { BatchBuilder, type EntityNumbers, type ReadingBatch } from '../measurements/index.ts';
import { FieldNames } from './field-names.ts';
import type { Leases } from './leases/leases.ts';
import { type PlausibleValue, plausibleValues } from './plausible-values.ts';
import { type Series, SeriesTable } from './series-table.ts';

const agentKind = entityKinds.indexOf('agent');

/** What of a batch was not taken over. */
export interface LeftOut {
  /** Lines and values that could not be read or are not in the catalogue: an agent newer than this server may send them. */
  unreadable: number;
  /** Of devices that are not this agent's at the time of the reading. */
  foreign: number;
  /** Of them, those of devices that it has never had: no hand-over explains them. */
  intruding: number;
  /** From the future, values outside what the metric allows, or more entities than a device can have. */
  implausible: number;
}

/** Who may say something of a device: see Leases. */
export type Responsible = Pick<Leases, 'covers' | 'everCovered'>;

export interface ReadBatch {
  readonly batch: ReadingBatch;
  readonly leftOut: LeftOut;
  /** The first line that could not be read, when none could. */
  readonly problem: LineProtocolError | null;
  /** Places in the batch of what the agent says of itself. */
  readonly own: readonly number[];
}

/**
 * Reads what agents send from bytes into columns, and leaves out what is not theirs to say or cannot be true. Nothing is made of
 * what was seen before: what a line is about is found by its bytes, and so are metrics.
 */
export class BatchReader {
  readonly #entities: EntityNumbers;
  readonly #builder: BatchBuilder;
  readonly #responsible: Responsible;
  readonly #series = new SeriesTable();
  readonly #names = new FieldNames();
  readonly #plausible: PlausibleValue = plausibleValues();
  /** The values of the line that is being read, and by metric in which line it was seen last and where it is. */
  readonly #metrics = new Uint16Array(lineLimits.fields);
  readonly #values = new Float64Array(lineLimits.fields);
  readonly #seenIn = new Float64Array(metricIds.length);
  readonly #places = new Uint16Array(metricIds.length);
  #lines = 0;

  constructor(options: {
    entities: EntityNumbers;
    responsible: Responsible;
  }) {
    this.#entities = options.entities;
    this.#builder = new BatchBuilder(options.entities);
    this.#responsible = options.responsible;
  }

  /** @param latest readings from later than this are not believed (ms since 1970) */
  read(bytes: Uint8Array, agentId: number, latest: number): ReadBatch {
    const scanner = new LineScanner(bytes, 'ms');
    const builder = this.#builder;
    // What an error left behind.
    builder.clear();
    const leftOut: LeftOut = { unreadable: 0, foreign: 0, intruding: 0, implausible: 0 };
    const own: number[] = [];
    let problem: LineProtocolError | null = null;
    let [understood, readings] = [0, 0];
    while (scanner.nextLine()) {
      const { bytes: from, keyStart, keyEnd, keyHash } = scanner;
      const about = this.#series.find(from, keyStart, keyEnd, keyHash) ?? readAbout(scanner);
      const count = typeof about === 'string' ? 0 : this.#readFields(scanner, about.kind, leftOut);
      const wrong = typeof about === 'string' ? about : (scanner.problem ?? problemOf(scanner, count));
      if (typeof about === 'string' || wrong !== null) {
        leftOut.unreadable++;
        if (problem === null && understood === 0) problem = new LineProtocolError(scanner.line, wrong ?? '');
        continue;
      }
      understood++;
      const isOwn = about.kind === agentKind;
      // What an agent says of itself is heard however wrong its clock is: that is what it says.
      const time = isOwn ? Math.min(scanner.time, latest) : scanner.time;
      if (isOwn ? about.deviceId !== 0 : !this.#responsible.covers(agentId, about.deviceId, time)) {
        leftOut.foreign++;
        if (isOwn || !this.#responsible.everCovered(agentId, about.deviceId)) leftOut.intruding++;
        continue;
      }
      if (time > latest) {
        leftOut.implausible++;
        continue;
      }
      const series = 'name' in about ? this.#keep(scanner, about) : about;
      if (series === null) {
        leftOut.implausible++;
        continue;
      }
      const entity =
        // Agents all speak of "themselves" with an empty name; here it says which.
        series.entity === -1 ? this.#entities.numberOf(0, 'agent', String(agentId)) : series.entity;
      if (!this.#add(builder, entity, time, count, leftOut)) continue;
      if (isOwn) own.push(readings);
      readings++;
    }
    return { batch: builder.finish(), leftOut, problem: understood === 0 ? problem : null, own };
  }

  /** Reads the fields of a line into the scratch columns. @returns how many */
  #readFields(scanner: LineScanner, kind: number, leftOut: LeftOut): number {
    const line = ++this.#lines;
    let [count, before] = [0, -1];
    while (scanner.nextField()) {
      const metric = this.#names.find(kind, before, scanner.bytes, scanner.nameStart, scanner.nameEnd);
      const isNumber = scanner.valueType !== 'string' && scanner.valueType !== 'boolean';
      if (metric === -1 || !isNumber) {
        leftOut.unreadable++;
        continue;
      }
      before = metric;
      // Of a field that is there twice the last one counts.
      const place = this.#seenIn[metric] === line ? (this.#places[metric] ?? 0) : count++;
      this.#seenIn[metric] = line;
      this.#places[metric] = place;
      this.#metrics[place] = metric;
      this.#values[place] = scanner.number;
    }
    return count;
  }

  /** @returns false when none of the values can be true */
  #add(builder: BatchBuilder, entity: number, time: number, count: number, leftOut: LeftOut): boolean {
    let any = false;
    for (let place = 0; place < count; place++) {
      const metric = this.#metrics[place] ?? 0;
      const value = this.#plausible(metric, this.#values[place] ?? Number.NaN);
      if (Number.isNaN(value)) {
        leftOut.implausible++;
        continue;
      }
      if (!any) builder.begin(entity, time);
      any = true;
      builder.value(metric, value);
    }
    return any;
  }

  /** @returns null when the device has too many already */
  #keep(scanner: LineScanner, { deviceId, kind, name }: About): Series | null {
    const entity =
      kind === agentKind ? -1 : this.#entities.admit(deviceId, entityKinds[kind] ?? 'device', name);
    if (entity === null) return null;
    const series: Series = { deviceId, kind, entity };
    this.#series.add(scanner.bytes, scanner.keyStart, scanner.keyEnd, scanner.keyHash, series);
    return series;
  }
}

interface About {
  readonly deviceId: number;
  readonly kind: number;
  readonly name: string;
}

/** @returns what is wrong when the line is about nothing of the catalogue */
function readAbout({ bytes, keyStart, keyEnd }: LineScanner): About | string {
  const key = readSeriesKey(bytes, keyStart, keyEnd);
  if (typeof key === 'string') return key;
  const about = readingKey(key);
  if (typeof about === 'string') return about;
  return { deviceId: about.deviceId, kind: entityKinds.indexOf(about.kind), name: about.entity };
}

/** What is wrong with a line that is line protocol. */
function problemOf(scanner: LineScanner, values: number): string | null {
  if (values === 0) return 'has no value that is a number and in the metric catalogue';
  if (!scanner.hasTime || scanner.time < 0) return 'must end with its time in milliseconds since 1970';
  return null;
}
