import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Recordings of real devices, kept beside the repository. */
export const usualRecordings = resolve(import.meta.dirname, '..', '..', '..', '..', 'shared', 'recordings');

export interface RecordingFiles {
  readonly name: string;
  readonly recording: string;
  /** What is expected of it; null when nobody has said. */
  readonly expected: string | null;
}

/** The recordings of a folder by name, without the contexts of others; none when there is no such folder. */
export function recordingsOf(folder: string): RecordingFiles[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.snmprec') && !file.includes('@'))
    .sort()
    .map((file) => {
      const name = file.replace(/\.snmprec$/, '');
      const expected = join(folder, `${name}.json`);
      return { name, recording: join(folder, file), expected: existsSync(expected) ? expected : null };
    });
}
