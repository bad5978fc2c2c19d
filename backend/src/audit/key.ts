import { createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writePrivateFile } from '../access/private-file.ts';

const keyBytes = 32;

export interface AuditKey {
  /** For the chain. */
  readonly chain: Buffer;
  /** For pseudonyms. */
  readonly pseudonyms: Buffer;
  /** It has been made just now. */
  readonly made: boolean;
}

/**
 * The key of the log, from a file of mode 0600 beside the database, which is made when it is missing.
 * @throws Error when the file is not a key.
 */
export async function openAuditKey(file: string): Promise<AuditKey> {
  const made = !existsSync(file);
  if (made) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writePrivateFile(file, `${randomBytes(keyBytes).toString('base64')}\n`);
  }
  await chmod(file, 0o600);
  const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'base64');
  if (key.length !== keyBytes)
    throw new Error(`${file} is not a key of ${keyBytes} bytes. Please restore it from the backup.`);
  return keysFrom(key, made);
}

/** Different keys for different things, from one file. */
export function keysFrom(key: Buffer, made = false): AuditKey {
  const derived = (purpose: string): Buffer => createHmac('sha256', key).update(purpose).digest();
  return { chain: derived('rackhaus audit chain'), pseudonyms: derived('rackhaus audit pseudonyms'), made };
}
