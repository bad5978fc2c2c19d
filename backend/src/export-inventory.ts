import { resolve } from 'node:path';
import { loadBackendSettings } from '@rackhaus/config/settings';
import { dataFiles } from './data-files.ts';
import { openDatabase } from './database/open.ts';
import { DocumentStore } from './inventory/documents/store.ts';
import { writeExchangeFolder } from './inventory/exchange/folder.ts';

/** `node backend/src/export-inventory.ts FOLDER`, with DATA_DIR. A backend may run meanwhile: what is written is of one moment. */
async function main(folder: string | undefined): Promise<void> {
  if (folder === undefined) throw new Error('Please name a new folder for the export.');
  const files = dataFiles((await loadBackendSettings(process.env)).dataDir);
  const db = await openDatabase(files.database);
  try {
    const documents = new DocumentStore(files.documents);
    const done = await writeExchangeFolder({ db, documents, folder: resolve(folder) });
    process.stdout.write(`${done.records} records and ${done.documents} files in ${resolve(folder)}\n`);
  } finally {
    await db.destroy();
  }
}

if (import.meta.main)
  main(process.argv[2]).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
