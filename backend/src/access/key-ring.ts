import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from './private-file.ts';

const keyBytes = 32;
/** The key of files from before rotation, which hold nothing but that key. */
export const firstKeyId = 'first';

const Key = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === keyBytes);
const RingFile = z.strictObject({
  version: z.literal(2),
  current: z.string().regex(/^[a-z0-9]{1,20}$/),
  keys: z.record(z.string().regex(/^[a-z0-9]{1,20}$/), Key),
});

/** Keys by their names; what is sealed from now on is sealed with the current one. */
export interface KeyRing {
  readonly current: string;
  readonly keys: ReadonlyMap<string, Buffer>;
}

/**
 * The keys of a file of mode 0600, which is made with a new key when it is missing.
 * @throws Error when the file holds no keys
 */
export async function openKeyRing(file: string): Promise<KeyRing> {
  if (!existsSync(file)) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeKeyRing(file, ringOf(newKey()));
  }
  await chmod(file, 0o600);
  const text = (await readFile(file, 'utf8')).trim();
  const broken = new Error(`${file} is not a key of ${keyBytes} bytes. Please restore it from the backup.`);
  if (!text.startsWith('{')) {
    const key = Key.safeParse(text);
    if (!key.success) throw broken;
    return { current: firstKeyId, keys: new Map([[firstKeyId, key.data]]) };
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw broken;
  }
  const ring = RingFile.safeParse(content);
  if (!ring.success || ring.data.keys[ring.data.current] === undefined) throw broken;
  return { current: ring.data.current, keys: new Map(Object.entries(ring.data.keys)) };
}

/** Whole or not at all, and on disk when this resolves. */
export function writeKeyRing(file: string, ring: KeyRing): Promise<void> {
  const keys = Object.fromEntries([...ring.keys].map(([id, key]) => [id, key.toString('base64')]));
  return writePrivateFile(file, `${JSON.stringify({ version: 2, current: ring.current, keys }, null, 1)}\n`);
}

export function newKey(): { id: string; key: Buffer } {
  return { id: randomBytes(5).toString('hex'), key: randomBytes(keyBytes) };
}

export function ringOf({ id, key }: { id: string; key: Buffer }): KeyRing {
  return { current: id, keys: new Map([[id, key]]) };
}
