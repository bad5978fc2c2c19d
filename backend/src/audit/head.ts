import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writePrivateFile } from '../access/private-file.ts';

const Head = z.strictObject({ number: z.int().nonnegative(), hash: z.string() });
/** How far the log has come, kept in a file outside the database: rows that are cut off at its end are missed by that. */
export type Head = z.infer<typeof Head>;

export function writeHead(file: string, head: Head): Promise<void> {
  return writePrivateFile(file, `${JSON.stringify(head)}\n`);
}

/** null: there is none yet. @throws Error when the file holds something else */
export async function readHead(file: string): Promise<Head | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return Head.parse(JSON.parse(text));
}
