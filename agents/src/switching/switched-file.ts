import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writePrivateFile } from '../private-file.ts';

/** Far more than can be under way: a job is worth nothing after seconds. */
const mostKept = 500;
const Kept = z.array(z.string()).max(10_000);

/** Which jobs this agent has begun, on disk, so that none is done twice however it ends and whatever is sent again. */
export class SwitchedFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether the job was begun. @throws Error when that cannot be said */
  has(id: string): boolean {
    return this.#read().includes(id);
  }

  /** It is on disk when this returns. @throws Error, also when the job is there already */
  add(id: string): void {
    const kept = this.#read();
    if (kept.includes(id)) throw new Error(`the switching ${id} was begun before`);
    writePrivateFile(this.#path, JSON.stringify([...kept, id].slice(-mostKept)));
  }

  #read(): string[] {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
    return Kept.parse(JSON.parse(text));
  }
}
