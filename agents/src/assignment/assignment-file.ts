import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Assignment } from '@rackhaus/config/contract';

/** The assignment kept on disk (mode 0600: it holds credentials), so that polling goes on while the backend is away. */
export class AssignmentFile {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** The last saved assignment; null when there is none. @throws when the file cannot be read or understood. */
  load(): Assignment | null {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
    return Assignment.parse(JSON.parse(text));
  }

  /** Replaces the file as a whole: after a crash it holds the old assignment or the new one. */
  save(assignment: Assignment): void {
    const temporary = `${this.#file}.new`;
    // A left-over could have another mode or be a link to somewhere else: make the file anew.
    rmSync(temporary, { force: true });
    const handle = openSync(temporary, 'wx', 0o600);
    try {
      const body = Buffer.from(JSON.stringify(assignment));
      for (let written = 0; written < body.length; ) written += writeSync(handle, body, written);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, this.#file);
    // The rename itself lasts only once the folder is on disk.
    const folder = openSync(dirname(this.#file), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
}
