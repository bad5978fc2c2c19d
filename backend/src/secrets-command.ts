import { loadBackendSettings } from '@rackhaus/config/settings';
import { rotateKey } from './access/rotate.ts';
import { bySystem } from './audit/note.ts';
import { openAudit } from './audit/open.ts';
import { dataFiles } from './data-files.ts';
import { openDatabase } from './database/open.ts';
import { createLog } from './log.ts';

const usage = `npm run secrets -- rotate

Makes a new key for the secrets in the database (credentials, tokens, passwords of channels), seals all of them anew and throws the
old key away. The server has to be stopped. Backups that were made before need the key file that belongs to them.
`;

/** `node backend/src/secrets-command.ts rotate`, with DATA_DIR. */
async function main(args: readonly string[]): Promise<void> {
  if (args.length !== 1 || args[0] !== 'rotate') throw new Error(usage);
  const files = dataFiles((await loadBackendSettings(process.env)).dataDir);
  const count = await rotateKey({ database: files.database, keyFile: files.secretKey });
  const db = await openDatabase(files.database);
  try {
    const audit = await openAudit({ db, files, log: createLog('warn') });
    await audit.note({
      action: 'secrets.rotated',
      outcome: 'done',
      by: bySystem,
      address: null,
      detail: { sealed: count },
    });
    await audit.check();
  } finally {
    await db.destroy();
  }
  process.stdout.write(
    `${count} sealed texts have a new key; the old one is gone. Please back up ${files.secretKey} together with the database. If the old key was in wrong hands, please change the secrets themselves too.\n`,
  );
}

if (import.meta.main)
  main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
