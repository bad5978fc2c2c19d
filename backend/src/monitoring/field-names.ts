import { entityKinds, metric, metricIds } from '@rackhaus/config/contract';
import { metricName } from '../measurements/index.ts';

/**
 * Finds metrics by the bytes of their names. Agents write the fields of a kind in the same order again and again: what followed
 * a metric last time is looked at first.
 */
export class FieldNames {
  readonly #names: readonly Uint8Array[] = metricIds.map((_, number) =>
    new TextEncoder().encode(metricName(number)),
  );
  readonly #ofKind: readonly (readonly number[])[] = entityKinds.map((kind) =>
    [...metricIds.keys()].filter((number) => metric(metricIds[number] ?? 'device.reachable').kind === kind),
  );
  /** By the metric before, and by kind behind all metrics: which one came next. */
  readonly #next = new Int32Array(metricIds.length + entityKinds.length).fill(-1);

  /** @param before the metric of the field before; -1: it is the first. @returns the metric's number; -1: the kind has none of this name */
  find(kind: number, before: number, bytes: Uint8Array, start: number, end: number): number {
    const place = before === -1 ? this.#names.length + kind : before;
    const likely = this.#next[place] ?? -1;
    if (likely !== -1 && this.#isNamed(likely, bytes, start, end)) return likely;
    for (const number of this.#ofKind[kind] ?? []) {
      if (!this.#isNamed(number, bytes, start, end)) continue;
      this.#next[place] = number;
      return number;
    }
    return -1;
  }

  #isNamed(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const name = this.#names[number];
    if (name === undefined || name.length !== end - start) return false;
    for (let at = 0; at < name.length; at++) if (name[at] !== bytes[start + at]) return false;
    return true;
  }
}
