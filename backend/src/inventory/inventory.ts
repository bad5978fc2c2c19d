import type { DeviceTypeFile } from '@rackhaus/config/device-types';
import type { InventoryFile } from '@rackhaus/config/inventory-file';
import type { SecretBox } from '../access/secret-box.ts';
import type { Database } from '../database/tables.ts';
import type { Route } from '../http/route.ts';
import { InventoryEvents } from './events.ts';
import { type ImportReport, importInventory } from './import/import.ts';
import { MonitoredDevices } from './monitored.ts';
import type { LatestObservation } from './port-detail.ts';
import { inventoryRoutes } from './routes.ts';

export interface Inventory {
  readonly events: InventoryEvents;
  readonly monitored: MonitoredDevices;
  /** See {@link importInventory}; tells listeners when something has changed. */
  import(file: InventoryFile, types: ReadonlyMap<string, DeviceTypeFile>): Promise<ImportReport>;
  routes(deps: { latestObservation: LatestObservation }): Route[];
}

/** What stands where, how it is joined, and what of it is polled. */
export function createInventory(options: { db: Database; secretBox: SecretBox }): Inventory {
  const { db, secretBox } = options;
  const events = new InventoryEvents();
  return {
    events,
    monitored: new MonitoredDevices({ db, secretBox, events }),
    async import(file, types) {
      const report = await importInventory(db, secretBox, file, types);
      if (report.created + report.changed + report.removed > 0) events.changed();
      return report;
    },
    routes: ({ latestObservation }) => inventoryRoutes({ db, latestObservation }),
  };
}
