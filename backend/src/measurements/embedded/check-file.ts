import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { bytesOf, isFromSqlite, numberOf, schemaVersion } from './database.ts';
import { checkPart } from './open-rows.ts';
import { rowAt, type Table } from './table.ts';
import {
  dayOf,
  entityOfRow,
  fiveMinuteTier,
  hourTier,
  rawTier,
  rollUp,
  rowidOf,
  type Tier,
  tiers,
  windowOf,
  windowOfRow,
  windowsPerDay,
} from './tiers.ts';
import { unpack } from './unpack.ts';
import { DamagedBytes } from './varint.ts';

/** Of this many raw packs one is rolled up again and compared. */
const sampleEvery = 10;
/** More than these tell nothing new. */
const maxFindings = 100;

/**
 * Checks a measurement file, one in use or a copy: SQLite's own check, checksums of the journal, every pack, and roll-ups
 * against readings on samples. Blocks its thread while it reads the whole file: for commands.
 * @returns what is wrong, one sentence each; nothing when all is well.
 */
export async function checkFile(file: string): Promise<readonly string[]> {
  if (!existsSync(file)) return [`${file} does not exist.`];
  const findings: string[] = [];
  const find = (text: string) => {
    if (findings.length < maxFindings) findings.push(text);
  };
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    try {
      checkDatabase(database, find);
    } finally {
      database.close();
    }
  } catch (error) {
    if (!isFromSqlite(error) && !(error instanceof DamagedBytes)) throw error;
    find(`The file cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
  return findings;
}

function checkDatabase(database: DatabaseSync, find: (text: string) => void): void {
  for (const row of database.prepare(`PRAGMA integrity_check(${maxFindings})`).all())
    if (row.integrity_check !== 'ok') find(`SQLite: ${String(row.integrity_check)}.`);
  const version = numberOf(database.prepare('PRAGMA user_version').get() ?? {}, 'user_version');
  if (version !== schemaVersion) {
    find(`The file has version ${version}; this Rackhaus checks version ${schemaVersion}.`);
    return;
  }
  for (const row of database.prepare('SELECT id, part FROM journal').iterate()) {
    const problem = problemOf(() => checkPart(bytesOf(row, 'part')));
    if (problem) find(`Row ${numberOf(row, 'id')} of journal: ${problem}.`);
  }
  for (const tier of tiers) checkPacks(database, tier, tier.table, find);
  checkPacks(database, rawTier, 'growing', find);
  checkRollups(database, find);
  const aside = numberOf(database.prepare('SELECT count(*) AS n FROM damaged').get() ?? {}, 'n');
  if (aside > 0) find(`${aside} damaged ${aside === 1 ? 'row was' : 'rows were'} put aside earlier.`);
}

function checkPacks(database: DatabaseSync, tier: Tier, table: string, find: (text: string) => void): void {
  for (const row of database.prepare(`SELECT id, pack FROM ${table}`).iterate()) {
    const id = numberOf(row, 'id');
    const problem = problemOf(() => {
      const { times, count } = unpack(bytesOf(row, 'pack'));
      const window = windowOfRow(id);
      for (let i = 0; i < count; i++) {
        if (windowOf(tier, times[i] ?? 0) !== window)
          throw new DamagedBytes('it holds times of another window');
        if (i > 0 && (times[i] ?? 0) <= (times[i - 1] ?? 0))
          throw new DamagedBytes('its times do not ascend');
      }
    });
    if (problem) find(`Row ${id} of ${table}: ${problem}.`);
  }
}

/** Rolls samples of the raw packs up again: what is there must be the same. */
function checkRollups(database: DatabaseSync, find: (text: string) => void): void {
  const row = database.prepare("SELECT value FROM state WHERE name = 'rolled'").get();
  if (!row) return;
  const rolled = numberOf(row, 'value');
  const samples = database
    .prepare('SELECT id, pack FROM raw WHERE id < ? AND id % ? = 0')
    .iterate(rowidOf((windowOfRow(rolled) + 1) * windowsPerDay, 0), sampleEvery);
  for (const row of samples) {
    const id = numberOf(row, 'id');
    if (rowidOf(dayOf(windowOfRow(id)), entityOfRow(id)) >= rolled) continue;
    problemOf(() => {
      const readings = unpack(bytesOf(row, 'pack'));
      for (const tier of [fiveMinuteTier, hourTier]) {
        const stored = rolledUp(database, tier, entityOfRow(id), windowOfRow(id));
        const problem = stored && firstDifference(rollUp(readings, tier.bucketMs), stored);
        if (problem !== undefined) find(`Row ${id} of raw and ${tier.table} differ: ${problem}.`);
      }
    });
  }
}

function rolledUp(database: DatabaseSync, tier: Tier, entity: number, rawWindow: number): Table | undefined {
  const id = rowidOf(windowOf(tier, rawWindow * rawTier.windowMs), entity);
  const row = database.prepare(`SELECT pack FROM ${tier.table} WHERE id = ?`).get(id);
  return row && unpack(bytesOf(row, 'pack'));
}

function firstDifference(expected: Table, stored: Table): string | undefined {
  for (let i = 0; i < expected.count; i++) {
    const time = expected.times[i] ?? 0;
    const at = rowAt(stored, time);
    if (stored.times[at] !== time) return `nothing is stored for ${new Date(time).toISOString()}`;
    for (const [index, field] of expected.fields.entries()) {
      const value = expected.columns[index]?.[i] ?? Number.NaN;
      const other = stored.columns[stored.fields.indexOf(field)]?.[at] ?? Number.NaN;
      if (!Number.isNaN(value) && value !== other)
        return `column ${field} at ${new Date(time).toISOString()} is ${other} instead of ${value}`;
    }
  }
  return undefined;
}

function problemOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof DamagedBytes) return error.message;
    throw error;
  }
}
