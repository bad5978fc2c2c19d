import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** An alarm that was raised and is not over. `told`: calls that were taken. */
const Raised = z.strictObject({ since: z.number(), told: z.array(z.string()) });
export type Raised = z.infer<typeof Raised>;

/** Remembers over a restart whom this agent has told, so that nobody is told twice and everybody hears of the end. */
export class AlarmFile {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** @throws Error when it is there and cannot be read */
  load(): Raised | null {
    try {
      return Raised.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  }

  save(raised: Raised | null): void {
    if (raised === null) {
      rmSync(this.#file, { force: true });
      return;
    }
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    writeFileSync(`${this.#file}.next`, JSON.stringify(raised), { mode: 0o600 });
    renameSync(`${this.#file}.next`, this.#file);
  }
}
