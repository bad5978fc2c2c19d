import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writePrivateFile } from '../private-file.ts';

const Key = z.string().min(1);

/** What an agent keeps of its keys. */
export const KeptKeys = z.strictObject({
  /** The key in use, and the SHA-256 of the secret that was given when it joined or began; null: it has none of its own yet. */
  own: z.strictObject({ key: Key, origin: z.string() }).nullable(),
  /** The key that follows, before the server has been told of it or while it is not known whether it has. */
  next: Key.nullable(),
  /** The key with which the agent is joining. */
  joining: z.strictObject({ key: Key, origin: z.string() }).nullable(),
});
export type KeptKeys = z.infer<typeof KeptKeys>;

/** The agent's keys on disk (mode 0600): every key is there before the server hears of it. */
export class KeyFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** What is kept; without a file nothing. @throws Error that names the file, and nothing of what is in it */
  load(): KeptKeys {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      // A folder that cannot be used is told of by the outbox.
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
        return { own: null, next: null, joining: null };
      throw error;
    }
    try {
      return KeptKeys.parse(JSON.parse(text));
    } catch {
      throw new Error(
        `${this.path} does not hold the keys of an agent. Delete it and have the agent join with a new token.`,
      );
    }
  }

  save(keys: KeptKeys): void {
    writePrivateFile(this.path, JSON.stringify(keys));
  }
}
