import type { BackendSettings } from '@rackhaus/config/settings';
import { dataFiles } from './data-files.ts';
import type { StoreSettings } from './measurements/index.ts';

/** The measurement store that the backend's settings name. */
export function storeSettings(settings: BackendSettings): StoreSettings {
  if (settings.store === 'influx' && settings.influxUrl !== null)
    return {
      store: 'influx',
      url: settings.influxUrl,
      database: settings.influxDatabase,
      ...(settings.influxUser === '' ? {} : { user: settings.influxUser }),
      ...(settings.influxPassword === null ? {} : { password: settings.influxPassword.reveal() }),
    };
  if (settings.store === 'victoria' && settings.victoriaUrl !== null)
    return {
      store: 'victoria',
      url: settings.victoriaUrl,
      ...(settings.victoriaInsertUrl === null ? {} : { insertUrl: settings.victoriaInsertUrl }),
      ...(settings.victoriaAccount === null ? {} : { account: settings.victoriaAccount }),
      ...(settings.victoriaUser === '' ? {} : { user: settings.victoriaUser }),
      ...(settings.victoriaPassword === null ? {} : { password: settings.victoriaPassword.reveal() }),
    };
  return { store: 'embedded', file: dataFiles(settings.dataDir).measurements };
}
