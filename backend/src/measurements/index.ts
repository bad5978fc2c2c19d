import { EmbeddedStore } from './embedded/store.ts';
import { InfluxStore } from './influx/store.ts';
import type { MeasurementStore, Retention } from './store.ts';
import type { VictoriaSettings } from './victoria/client.ts';
import { VictoriaStore } from './victoria/store.ts';

export { checkFile } from './embedded/check-file.ts';
export { EmbeddedStore } from './embedded/store.ts';
export {
  BatchBuilder,
  batchOf,
  type EntityKey,
  EntityNumbers,
  metricName,
  metricNumber,
  type ReadingBatch,
  readingAt,
  readingsOf,
} from './reading-batch.ts';
export type {
  Kept,
  KeptRow,
  MeasurementStore,
  Retention,
  Series,
  SeriesColumn,
  SeriesRequest,
} from './store.ts';
export { defaultRetention, StoreUnavailable } from './store.ts';

/** Which store, and where. One setting chooses (`STORE`). */
export type StoreSettings =
  | { readonly store: 'embedded'; readonly file: string }
  | {
      readonly store: 'influx';
      readonly url: string;
      readonly database: string;
      readonly user?: string;
      readonly password?: string;
    }
  | ({ readonly store: 'victoria' } & VictoriaSettings);

/**
 * Opens the measurement store that the settings name. `log` is told what an operator should know.
 * @throws StoreUnavailable when the embedded file cannot be opened. A server that is away is waited for with each write.
 */
export async function openStore(
  settings: StoreSettings,
  options: { log: (message: string) => void; retention?: Retention },
): Promise<MeasurementStore> {
  if (settings.store === 'influx') {
    const { store: _, ...server } = settings;
    const influx = new InfluxStore({ ...server, ...options });
    influx.start();
    return influx;
  }
  if (settings.store === 'victoria') {
    const { store: _, ...server } = settings;
    const victoria = new VictoriaStore({ ...server, ...options });
    victoria.start();
    return victoria;
  }
  const store = new EmbeddedStore({ file: settings.file, ...options });
  await store.start();
  return store;
}
