import type { z } from 'zod';
import type { SecretBox } from '../secret-box.ts';
import { SessionCookie } from '../session-cookie.ts';

/**
 * Something that one browser keeps for us, in a cookie like the session's, and cannot read or change.
 */
export class SealedCookie<Schema extends z.ZodType> {
  readonly #cookie: SessionCookie;
  readonly #schema: Schema;
  readonly #box: SecretBox;

  constructor(options: { name: string; schema: Schema; secretBox: SecretBox; https: boolean }) {
    this.#cookie = new SessionCookie({ https: options.https, purpose: options.name });
    this.#schema = options.schema;
    this.#box = options.secretBox;
  }

  /** What is in a Cookie header; null when there is none, or it is not from here. */
  read(header: string | undefined): z.output<Schema> | null {
    const text = this.#cookie.read(header);
    if (text === undefined || text === '') return null;
    let value: unknown;
    try {
      value = JSON.parse(this.#box.open(text));
    } catch {
      // Changed on the way, or from before the key was replaced: as good as none.
      return null;
    }
    const parsed = this.#schema.safeParse(value);
    return parsed.success ? parsed.data : null;
  }

  /** A Set-Cookie header. */
  set(value: z.input<Schema>, maxAgeSeconds: number): string {
    return this.#cookie.set(this.#box.seal(JSON.stringify(value)), maxAgeSeconds);
  }

  /** A Set-Cookie header that makes the browser forget. */
  clear(): string {
    return this.#cookie.clear();
  }
}
