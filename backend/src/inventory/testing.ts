import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDeviceTypes } from '@rackhaus/config/device-types';
import { type InventoryFile, loadInventory } from '@rackhaus/config/inventory-file';
import { sampleTownHallFolder } from '@rackhaus/config/sample-town-hall';
import { openSecretBox, type SecretBox } from '../access/secret-box.ts';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import { type ImportReport, importInventory } from './import/import.ts';

/** A database in memory with a key of its own. For tests. */
export async function emptyInventory(): Promise<{ db: Database; secretBox: SecretBox }> {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-inventory-'));
  return { db: await openDatabase(':memory:'), secretBox: await openSecretBox(join(folder, 'secrets.key')) };
}

export const types = await loadDeviceTypes();
/** The sample town hall; each call gives a copy to change. */
export const sampleTownHall = (): Promise<InventoryFile> => loadInventory(sampleTownHallFolder);

/** A database that holds the sample town hall. */
export async function townHallInventory(): Promise<{
  db: Database;
  secretBox: SecretBox;
  report: ImportReport;
}> {
  const { db, secretBox } = await emptyInventory();
  const report = await importInventory(db, secretBox, await sampleTownHall(), types);
  return { db, secretBox, report };
}
