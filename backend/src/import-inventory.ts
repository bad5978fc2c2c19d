import { basename } from 'node:path';
import { loadDeviceTypes } from '@rackhaus/config/device-types';
import { loadInventory } from '@rackhaus/config/inventory-file';
import { loadBackendSettings } from '@rackhaus/config/settings';
import { keepFixedNetworks } from './access/polled-networks.ts';
import { openSecretBox } from './access/secret-box.ts';
import { openAudit } from './audit/open.ts';
import { dataFiles } from './data-files.ts';
import { openDatabase } from './database/open.ts';
import type { Cause } from './history/changes.ts';
import { DocumentStore } from './inventory/documents/store.ts';
import { isExchangeFolder, readExchangeFolder } from './inventory/exchange/folder.ts';
import type { ImportReport } from './inventory/import/import.ts';
import { createInventory, type Inventory } from './inventory/inventory.ts';
import { createLog } from './log.ts';

/**
 * Brings a YAML file, or those of a folder, into the inventory: all of them or, when anything is wrong, nothing.
 * @throws Error that names everything that is wrong.
 */
export async function importFolder(inventory: Inventory, folder: string): Promise<ImportReport> {
  const report = await inventory.import(
    await loadInventory(folder),
    await loadDeviceTypes(),
    importCause(folder),
  );
  if (report.problems.length > 0)
    throw new Error(
      `${folder} was not imported:\n${report.problems.map(({ path, message }) => `${path}: ${message}`).join('\n')}`,
    );
  return report;
}

function importCause(folder: string): Cause {
  return { user: { id: null, name: 'import' }, source: 'import', reason: basename(folder) };
}

/**
 * `node backend/src/import-inventory.ts PATH`, with DATA_DIR: a YAML file, a folder of them, or one that an export has written. A
 * backend that runs meanwhile notices.
 */
async function main(folder: string | undefined): Promise<void> {
  if (folder === undefined)
    throw new Error('Please name a YAML file, a folder of them, or an exported folder.');
  const settings = await loadBackendSettings(process.env);
  const files = dataFiles(settings.dataDir);
  const db = await openDatabase(files.database);
  try {
    await keepFixedNetworks(db, settings.polledNetworks);
    const secretBox = await openSecretBox(files.secretKey);
    const audit = await openAudit({ db, files, log: createLog('warn') });
    const inventory = createInventory({ db, secretBox, now: Date.now, audit });
    if (await isExchangeFolder(folder)) {
      const documents = new DocumentStore(files.documents);
      const cause = importCause(folder);
      const done = await readExchangeFolder({ changes: inventory.changes, documents, folder, cause });
      for (const { path, message } of done.remarks) process.stderr.write(`${path}: ${message}\n`);
      process.stdout.write(`${done.created} created, ${done.updated} changed\n`);
    } else {
      const { created, changed } = await importFolder(inventory, folder);
      process.stdout.write(`${created} created, ${changed} changed\n`);
    }
  } finally {
    await db.destroy();
  }
}

if (import.meta.main)
  main(process.argv[2]).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
