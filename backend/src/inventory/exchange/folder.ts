import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../database/tables.ts';
import type { Cause, Changes } from '../../history/changes.ts';
import { AppError } from '../../problem.ts';
import type { DocumentStore } from '../documents/store.ts';
import { type BroughtIn, bringIn } from './bring.ts';
import { exportInventory } from './export.ts';
import { ExchangeFile } from './file.ts';

const recordsFile = 'inventory.json';
const documentsFolder = 'documents';

/**
 * Writes the whole inventory into a new folder: `inventory.json` and the files of its documents. The records come last, so that
 * a folder that has them is whole. @returns how many records and files were written
 * @throws Error when the folder exists already
 */
export async function writeExchangeFolder(options: {
  db: Database;
  documents: DocumentStore;
  folder: string;
}): Promise<{ readonly records: number; readonly documents: number }> {
  const { db, documents, folder } = options;
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (hasCode(error, 'EEXIST')) throw new Error(`${folder} exists already. Please name a new folder.`);
    throw error;
  });
  const file = await exportInventory(db);
  const hashes = (file.records.document ?? []).map((document) => String(document.hash));
  if (hashes.length > 0) await mkdir(join(folder, documentsFolder), { mode: 0o700 });
  for (const hash of hashes) await copyFile(documents.fileOf(hash), join(folder, documentsFolder, hash));
  const temporary = join(folder, `${recordsFile}.part`);
  await writeFile(temporary, `${JSON.stringify(file, null, 1)}\n`, { mode: 0o600 });
  await rename(temporary, join(folder, recordsFile));
  const records = Object.values(file.records).reduce((sum, list) => sum + list.length, 0);
  return { records, documents: hashes.length };
}

/** Whether a folder was written by {@link writeExchangeFolder}. */
export async function isExchangeFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(join(folder, recordsFile))).isFile();
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return false;
    throw error;
  }
}

/**
 * Brings such a folder in, as one change. Files come first: one that no record names does no harm.
 * @throws AppError invalid: what is wrong where; nothing is written then
 */
export async function readExchangeFolder(options: {
  changes: Changes;
  documents: DocumentStore;
  folder: string;
  cause: Cause;
}): Promise<BroughtIn & { readonly changeId: number | null }> {
  const { changes, documents, folder, cause } = options;
  const file = await readRecords(join(folder, recordsFile));
  for (const { hash } of file.records.document ?? []) {
    const path = join(folder, documentsFolder, String(hash));
    const bytes = await readFile(path);
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== hash) throw new AppError('invalid', `${path} is not what it was when it was exported.`);
    await documents.keep(bytes);
  }
  const { changeId, result } = await changes.run(cause, (change) => bringIn(change, file));
  return { ...result, changeId };
}

async function readRecords(path: string): Promise<ExchangeFile> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new AppError('invalid', `${path} is not JSON: ${error.message}`);
  }
  const parsed = ExchangeFile.safeParse(json);
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map(({ path: at, message }) => `${at.map(String).join('.')}: ${message}`);
  throw new AppError('invalid', `${path}: ${said.join('; ')}`);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
