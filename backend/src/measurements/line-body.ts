import { metricIds } from '@rackhaus/config/contract';
import { type EntityKey, type EntityNumbers, metricName, type ReadingBatch } from './reading-batch.ts';
import { tagValueOf } from './tag-value.ts';

/**
 * `influx` takes a backslash as it is unless it stands before a comma, an equals sign or a space; `victoria` takes it for
 * the sign that the next character is meant as it is, also before another backslash.
 */
export type LineDialect = 'influx' | 'victoria';

/** Bytes of one request. Servers take 25 MB (InfluxDB) and more; below, a repeat after a failure is soon done. */
export const bodyBytes = 4 * 1024 * 1024;
/** More than the text of any number and any metric's name with what stands around it. */
const valueRoom = 96;

/**
 * Writes batches as line protocol with times in milliseconds: `<kind>,d=<device>[,e=<entity>] <metric>=<value>,… <time>`. What
 * every line of an entity begins with is made once, numbers go straight into the bytes. One for all batches of a store.
 */
export class LineBodies {
  readonly #entities: EntityNumbers;
  readonly #dialect: LineDialect;
  readonly #heads: Buffer[] = [];
  /** `name=`, by metric. */
  readonly #names: readonly Buffer[] = metricIds.map((_, number) => Buffer.from(`${metricName(number)}=`));
  readonly #bytes = Buffer.allocUnsafe(bodyBytes);
  #time = -1;
  #timeText = Buffer.alloc(0);

  constructor(options: { entities: EntityNumbers; dialect: LineDialect }) {
    this.#entities = options.entities;
    this.#dialect = options.dialect;
  }

  /**
   * The readings of a batch that `wanted` names by their place, as bodies of at most 4 MB of whole lines. What is no finite
   * number is left out.
   */
  *bodies(
    batch: ReadingBatch,
    wanted: (reading: number) => boolean = () => true,
  ): Generator<Uint8Array<ArrayBuffer>> {
    let at = 0;
    for (let i = 0; i < batch.count; i++) {
      if (!wanted(i)) continue;
      const head = this.#headOf(batch.entity[i] ?? 0);
      const from = batch.first[i] ?? 0;
      const to = batch.first[i + 1] ?? 0;
      if (at + head.length + (to - from + 1) * valueRoom > bodyBytes) {
        if (at > 0) yield Buffer.from(this.#bytes.subarray(0, at));
        at = 0;
      }
      at = this.#line(at, head, batch, i);
    }
    if (at > 0) yield Buffer.from(this.#bytes.subarray(0, at));
  }

  /** @returns where the next line begins */
  #line(start: number, head: Buffer, batch: ReadingBatch, reading: number): number {
    const bytes = this.#bytes;
    let at = start;
    bytes.set(head, at);
    at += head.length;
    const firstValue = at;
    const to = batch.first[reading + 1] ?? 0;
    for (let k = batch.first[reading] ?? 0; k < to; k++) {
      const value = batch.value[k] ?? Number.NaN;
      const name = this.#names[batch.metric[k] ?? 0];
      if (!Number.isFinite(value) || !name) continue;
      if (at > firstValue) bytes[at++] = comma;
      for (let c = 0; c < name.length; c++) bytes[at++] = name[c] ?? 0;
      at = putNumber(bytes, at, value);
    }
    if (at === firstValue) return start;
    const time = batch.time[reading] ?? 0;
    if (time !== this.#time) {
      this.#time = time;
      this.#timeText = Buffer.from(` ${time}\n`);
    }
    bytes.set(this.#timeText, at);
    return at + this.#timeText.length;
  }

  #headOf(entity: number): Buffer {
    const known = this.#heads[entity];
    if (known) return known;
    const head = Buffer.from(headOf(this.#entities.at(entity), this.#dialect));
    this.#heads[entity] = head;
    return head;
  }
}

const comma = 0x2c;
const minus = 0x2d;
const zero = 0x30;

/** Writes a finite number as text. @returns where the next byte goes */
export function putNumber(bytes: Buffer, start: number, value: number): number {
  // Most values are whole and small; the rest is as JavaScript writes it, which reads back as the same number.
  if (!Number.isInteger(value) || value > 0x7fffffff || value < -0x7fffffff)
    return start + bytes.write(String(value), start, 'latin1');
  let at = start;
  let rest = value | 0;
  if (rest < 0) {
    bytes[at++] = minus;
    rest = -rest;
  }
  let digits = 1;
  for (let limit = 10; digits < 10 && rest >= limit; limit *= 10) digits++;
  const end = at + digits;
  for (let place = end - 1; place >= at; place--) {
    const tenth = (rest / 10) | 0;
    bytes[place] = zero + rest - tenth * 10;
    rest = tenth;
  }
  return end;
}

/** What every line of an entity begins with. */
export function headOf({ deviceId, kind, entity }: EntityKey, dialect: LineDialect): string {
  // An empty tag cannot be written; to both servers a missing one is the empty text.
  const special = dialect === 'victoria' ? /[\\, =]/g : /[, =]/g;
  const name = tagValueOf(entity).replace(special, '\\$&');
  return `${kind},d=${deviceId}${name === '' ? '' : `,e=${name}`} `;
}
