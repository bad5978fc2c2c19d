import type { Reading } from '@rackhaus/config/contract';
import { batchOf, readingsOf } from './reading-batch.ts';
import type { MeasurementStore } from './store.ts';

/** For tests: writes readings given as objects. */
export function writeReadings(store: MeasurementStore, readings: readonly Reading[]): Promise<void> {
  return store.write(batchOf(store.entities, readings));
}

/** For tests: the newest readings as objects. */
export async function latestReadings(store: MeasurementStore): Promise<Reading[]> {
  return readingsOf(await store.latest());
}
