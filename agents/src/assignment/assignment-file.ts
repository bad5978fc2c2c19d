import { readFileSync } from 'node:fs';
import { Assignment } from '@rackhaus/config/contract';
import { writePrivateFile } from '../private-file.ts';

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
    writePrivateFile(this.#file, JSON.stringify(assignment));
  }
}
