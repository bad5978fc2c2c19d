import { metricIds, metric as metricOf } from '@rackhaus/config/contract';
import { BatchBuilder, type EntityKey, metricNumber } from '../reading-batch.ts';
import type { KeptColumns, MeasurementStore, Rollups } from '../store.ts';
import { addReadings } from './expand.ts';
import { type Patience, patiently } from './patiently.ts';
import { rollupsOf } from './rollups.ts';

/** What is written to the target together. */
export class Load {
  readonly #to: MeasurementStore;
  readonly #builder: BatchBuilder;
  readonly #rollups: Rollups[] = [];
  #values = 0;
  #rollupNumbers = 0;

  constructor(to: MeasurementStore) {
    this.#to = to;
    this.#builder = new BatchBuilder(to.entities);
  }

  /** Values of the source that are in it: one for each metric of a reading or of a bucket. */
  get values(): number {
    return this.#values;
  }

  /** Numbers to write. */
  get size(): number {
    return this.#builder.values + this.#rollupNumbers;
  }

  add(entity: EntityKey, kept: KeptColumns): void {
    const { raw, fiveMinutes, hours } = kept;
    const ids = kept.metrics.map((name) => `${entity.kind}.${name}`);
    const numbers = ids.map((id) => metricNumber(id));
    const number = this.#builder.entities.numberOf(entity.deviceId, entity.kind, entity.entity);
    const columns = numbers.flatMap((metric, m) => {
      const values = raw.values[m];
      return metric === undefined || !values ? [] : [{ metric, values }];
    });
    for (let i = 0; i < raw.times.length; i++) {
      this.#builder.begin(number, raw.times[i] ?? 0);
      for (const { metric, values } of columns) {
        const value = values[i] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        this.#builder.value(metric, value);
        this.#values++;
      }
    }
    for (const { n } of [fiveMinutes, hours])
      for (const column of n) for (const count of column) if (count > 0) this.#values++;
    if (this.#to.putRollups) {
      for (const rollups of rollupsOf(entity, kept)) {
        this.#rollups.push(rollups);
        this.#rollupNumbers += rollups.rows.times.length * rollups.metrics.length * 4;
      }
      return;
    }
    const decimals = ids.map((id) => decimalsOf(id));
    for (const [resolution, rows] of [
      ['five-minutes', fiveMinutes],
      ['hour', hours],
    ] as const)
      addReadings(this.#builder, {
        entity: number,
        rows,
        resolution,
        numbers,
        decimals,
      });
  }

  /** @throws StoreUnavailable when the target stays away */
  async store(options: Patience): Promise<void> {
    const to = this.#to;
    const rollups = this.#rollups;
    const batch = this.#builder.finish();
    if (batch.count > 0) await patiently(options, () => to.write(batch));
    if (rollups.length > 0) await patiently(options, async () => await to.putRollups?.(rollups));
  }
}

function decimalsOf(id: string): number {
  const known = metricIds.find((one) => one === id);
  return known === undefined ? 0 : metricOf(known).decimals;
}
