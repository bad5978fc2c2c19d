import { type EntityKind, entityKinds, metric, metricIds } from '@rackhaus/config/contract';
import { metricName, type ReadingBatch } from '../measurements/index.ts';
import type { EntityState } from '../rules/device-rules.ts';

/** By metric number, its place among those of its kind; and how many each kind has. */
const placeOf = new Uint16Array(metricIds.length);
const countOf = new Map<EntityKind, number>(entityKinds.map((kind) => [kind, 0]));
for (const [number, id] of metricIds.entries()) {
  const { kind } = metric(id);
  const place = countOf.get(kind) ?? 0;
  placeOf[number] = place;
  countOf.set(kind, place + 1);
}

/** The newest value of each metric of one entity: not every round of polling reads all of them. */
export class LiveEntity implements EntityState {
  readonly kind: EntityKind;
  readonly entity: string;
  /** `<kind>/<entity>` */
  readonly key: string;
  /** When it was last read. */
  time = 0;
  readonly values: Record<string, number> = {};
  /** At most the time of the oldest value. */
  oldest: number;
  /** By the metric's place: its value once more, so that an unchanged one costs no look-up by name, and when it was read (0: never). */
  readonly #known: number[];
  readonly #readAt: number[];

  constructor(kind: EntityKind, entity: string, time: number) {
    this.kind = kind;
    this.entity = entity;
    this.key = `${kind}/${entity}`;
    this.oldest = time;
    const count = countOf.get(kind) ?? 0;
    // NaN and not 0: numbers with a fraction will follow, and such an array keeps them without a box each.
    this.#known = new Array<number>(count).fill(Number.NaN);
    this.#readAt = new Array<number>(count).fill(Number.NaN);
  }

  /**
   * Takes over the values of reading `at` that are not older than what is known. What is from after `latest` came from a clock
   * that has been set right since, and counts as older. @returns whether anything was taken over
   */
  take(batch: ReadingBatch, at: number, latest: number): boolean {
    const { metric: metrics, value: numbers, first } = batch;
    const time = batch.time[at] ?? 0;
    const end = first[at + 1] ?? 0;
    let fresh = false;
    for (let k = first[at] ?? 0; k < end; k++) {
      const number = metrics[k] ?? 0;
      const place = placeOf[number] ?? 0;
      const before = this.#readAt[place] ?? 0;
      if (before > time && before <= latest) continue;
      const value = numbers[k] ?? Number.NaN;
      if (this.#known[place] !== value) {
        this.#known[place] = value;
        this.values[metricName(number)] = value;
      }
      this.#readAt[place] = time;
      fresh = true;
    }
    return fresh;
  }

  /** Forgets values that were read before. */
  dropBefore(oldest: number): void {
    this.oldest = this.time;
    for (const [number, id] of metricIds.entries()) {
      if (metric(id).kind !== this.kind) continue;
      const place = placeOf[number] ?? 0;
      const readAt = this.#readAt[place] ?? Number.NaN;
      if (readAt >= oldest) this.oldest = Math.min(this.oldest, readAt);
      if (!(readAt < oldest)) continue;
      this.#known[place] = Number.NaN;
      this.#readAt[place] = Number.NaN;
      delete this.values[metricName(number)];
    }
  }
}
