import type { DeviceTypeFile } from '@rackhaus/config/device-types';
import type { InventoryFile } from '@rackhaus/config/inventory-file';
import { sitesOfEvents } from '../access/scope/event-sites.ts';
import { refuseOutOfReach } from '../access/scope/writes.ts';
import type { SecretBox } from '../access/secret-box.ts';
import type { Audit } from '../audit/audit.ts';
import { noteChange } from '../audit/note-change.ts';
import { connectRoutes } from '../cabling/connect/routes.ts';
import { impactRoutes } from '../cabling/graph/routes.ts';
import { Sites } from '../cabling/graph/sites.ts';
import { sheetRoutes } from '../cabling/sheets/routes.ts';
import { tracingRoutes } from '../cabling/tracing/routes.ts';
import type { SeenBehindPorts } from '../cabling/tracing/seen-macs.ts';
import type { Database } from '../database/tables.ts';
import { type Cause, Changes } from '../history/changes.ts';
import { historyRoutes } from '../history/routes.ts';
import type { Route } from '../http/route.ts';
import { Outgoing } from '../outgoing/outgoing.ts';
import { recordRoutes } from './api/routes.ts';
import { Credentials } from './credentials/credentials.ts';
import { credentialRoutes } from './credentials/routes.ts';
import type { AskDevice } from './credentials/test-device.ts';
import { documentRoutes } from './documents/routes.ts';
import { InventoryEvents } from './events.ts';
import { identityRoutes } from './identity/routes.ts';
import { type ImportReport, importInventory } from './import/import.ts';
import { ImportJobs } from './import-jobs/jobs.ts';
import { importRoutes } from './import-jobs/routes.ts';
import { MonitoredDevices } from './monitored.ts';
import { networkRoutes } from './network/routes.ts';
import { OtherWriters } from './other-writers.ts';
import { pastRoutes } from './past/routes.ts';
import { planRoutes } from './plans/routes.ts';
import type { LatestObservation } from './port-detail.ts';
import { recordSpecs } from './records/index.ts';
import { withKnownProfiles } from './records/known-profiles.ts';
import { roomEditingRoutes } from './room-editing/routes.ts';
import { inventoryRoutes } from './routes.ts';
import { SearchNames } from './search/names.ts';
import { Search } from './search/search.ts';
import { serviceRoutes } from './services/routes.ts';
import { keepInFolder } from './types/keep-document.ts';
import { bringShippedTypes, createTypes } from './types/types.ts';

export interface Inventory {
  /** Begins to notice what other processes write into the database. */
  start(): Promise<void>;
  /** Stops imports that are under way; they leave nothing behind. */
  stop(): Promise<void>;
  readonly events: InventoryEvents;
  readonly monitored: MonitoredDevices;
  /** The one way to write. */
  readonly changes: Changes;
  readonly search: Search;
  /** What fails when something is gone. */
  readonly sites: Sites;
  /** See {@link importInventory}. */
  import(
    file: InventoryFile,
    types: ReadonlyMap<string, DeviceTypeFile>,
    cause: Cause,
  ): Promise<ImportReport>;
  /** See {@link bringShippedTypes}. */
  bringShippedTypes(): Promise<void>;
  routes(deps: {
    latestObservation: LatestObservation;
    /** What a profile is called; undefined: there is none of this id. */
    profileTitle: (id: string) => string | undefined;
    documentsFolder: string;
    /** Has an agent ask a device. */
    ask: AskDevice;
    sightings: SeenBehindPorts;
  }): Route[];
}

/** What stands where, how it is joined, and what of it is polled. */
export function createInventory(options: {
  db: Database;
  secretBox: SecretBox;
  now: () => number;
  /** Where changes are noted; left out in tests of parts. */
  audit?: Audit;
  /** For NetBox; left out, public addresses only. */
  outside?: Pick<Outgoing, 'fetch' | 'check'>;
  /** Told what goes wrong where nobody is waiting for an answer. */
  onError?: (message: string, error: unknown) => void;
  /** Whether a device profile of this id comes with Rackhaus; left out in tests of parts: any may be set. */
  isShippedProfile?: (id: string) => boolean;
}): Inventory {
  const { db, secretBox, now, audit, onError = console.error, isShippedProfile } = options;
  const { outside = new Outgoing({ allowed: () => [] }) } = options;
  const events = new InventoryEvents();
  const changes = new Changes({
    db,
    specs: isShippedProfile ? withKnownProfiles(recordSpecs, isShippedProfile) : recordSpecs,
    now,
    committed: (done) => events.changed(done),
    refuseOutOfReach,
    sitesOfEvents,
    ...(audit === undefined ? {} : { noted: (tx, id, cause) => noteChange(audit, tx, id, cause) }),
  });
  const search = new Search({ db, names: new SearchNames({ db, events }) });
  const imports = new ImportJobs({
    outside,
    db,
    changes,
    secretBox,
    now,
    onError: (error) => onError('an import failed', error),
  });
  const others = new OtherWriters({
    db,
    events,
    onError: (error) => onError('the inventory could not be looked at', error),
  });
  const sites = new Sites({ db });
  return {
    events,
    changes,
    start: () => others.start(),
    stop: async () => {
      others.stop();
      await imports.close();
    },
    search,
    sites,
    monitored: new MonitoredDevices({ db, secretBox, events }),
    import: (file, types, cause) => importInventory({ changes, cause, secretBox, file, types }),
    bringShippedTypes: () => bringShippedTypes({ db, changes, now }),
    routes: ({ latestObservation, profileTitle, documentsFolder, ask, sightings }) => [
      ...inventoryRoutes({ db, search, latestObservation, profileTitle }),
      ...recordRoutes({ db, changes, now }),
      ...credentialRoutes({ credentials: new Credentials({ db, secretBox }), changes, ask }),
      ...identityRoutes({ db, changes, latestObservation }),
      ...documentRoutes({ db, changes, folder: documentsFolder }),
      ...createTypes({ db, changes, now, keepDocument: keepInFolder(documentsFolder) }),
      ...networkRoutes({ db }),
      ...connectRoutes({ db, changes }),
      ...tracingRoutes({ db, specs: recordSpecs, search, sightings }),
      ...sheetRoutes({ db, now }),
      ...roomEditingRoutes({ db }),
      ...planRoutes({ db }),
      ...serviceRoutes({ db }),
      ...impactRoutes({ db, sites }),
      ...historyRoutes({ db, specs: recordSpecs, changes, now }),
      ...pastRoutes({ db, specs: recordSpecs }),
      ...importRoutes({ jobs: imports }),
    ],
  };
}
