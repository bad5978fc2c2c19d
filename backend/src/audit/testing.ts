import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { Database } from '../database/tables.ts';
import { Audit } from './audit.ts';
import { keysFrom } from './key.ts';

/** A log with a key of its own, for tests that build parts by hand. */
export function testAudit(db: Database, now: () => number = Date.now): Audit {
  return new Audit({ db, now, key: keysFrom(randomBytes(32)), log: pino({ level: 'silent' }) });
}
