import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDeviceTypes } from '@rackhaus/config/device-types';
import { type InventoryFile, loadInventory } from '@rackhaus/config/inventory-file';
import { sampleTownHallFolder } from '@rackhaus/config/sample-town-hall';
import { keepFixedNetworks } from '../access/polled-networks.ts';
import { openSecretBox, type SecretBox } from '../access/secret-box.ts';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import type { Cause } from '../history/changes.ts';
import type { ImportReport } from './import/import.ts';
import { createInventory, type Inventory } from './inventory.ts';

/** A database in memory with a key of its own. For tests. */
export async function emptyInventory(): Promise<{
  db: Database;
  secretBox: SecretBox;
  inventory: Inventory;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-inventory-'));
  const db = await openDatabase(':memory:');
  await keepFixedNetworks(db, ['127.0.0.0/8']);
  const secretBox = await openSecretBox(join(folder, 'secrets.key'));
  return { db, secretBox, inventory: createInventory({ db, secretBox, now: Date.now }) };
}

export const types = await loadDeviceTypes();
/** The sample town hall; each call gives a copy to change. */
export const sampleTownHall = (): Promise<InventoryFile> => loadInventory(sampleTownHallFolder);

/** Who changes things in tests. */
export const tester: Cause = { user: { id: null, name: 'test' }, source: 'import' };

/** A database that holds the sample town hall. */
export async function townHallInventory(): Promise<{
  db: Database;
  secretBox: SecretBox;
  inventory: Inventory;
  report: ImportReport;
}> {
  const { db, secretBox, inventory } = await emptyInventory();
  const report = await inventory.import(await sampleTownHall(), types, tester);
  return { db, secretBox, inventory, report };
}
