import type { Logger } from 'pino';
import type { Database } from '../database/tables.ts';
import { Audit } from './audit.ts';
import { openAuditKey } from './key.ts';

/** The log of an installation, for commands that write beside the server. */
export async function openAudit(options: {
  db: Database;
  files: { readonly auditKey: string };
  log: Logger;
}): Promise<Audit> {
  const { db, files, log } = options;
  return new Audit({ db, key: await openAuditKey(files.auditKey), now: Date.now, log });
}
