import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { KeptKeys, KeyFile } from './key-file.ts';

/** How the agent was started: with a secret, a file that holds it, or nothing because it has joined before. */
export type Given = { readonly value: string } | { readonly file: string } | null;

/**
 * The key with which the agent calls; does not print itself. It begins as the secret that was given (a key), or is made when the agent
 * joins (a token of one use), and is kept from then on, so that the secret that was given may be old. Each new key is on disk before
 * the server hears of it, and the old one until the server has taken the new one: a crash costs neither.
 */
export class OwnKey {
  readonly #given: Given;
  readonly #file: KeyFile;
  #secret: string | null;
  #kept: KeptKeys = { own: null, next: null, joining: null };

  constructor(options: { given: Given; file: KeyFile }) {
    this.#given = options.given;
    this.#file = options.file;
    this.#secret = options.given !== null && 'value' in options.given ? options.given.value : null;
  }

  /** Reads what is kept. @throws Error when that is not readable */
  load(): void {
    this.#kept = this.#file.load();
  }

  /** Reads the given file again; false while there is nothing to call with. @throws when it cannot be read */
  refresh(): boolean {
    if (this.#given !== null && 'file' in this.#given) {
      const text = readText(this.#given.file);
      if (text !== null) this.#secret = text;
    }
    return this.#secret !== null || this.#kept.own !== null;
  }

  /** The token with which the agent has yet to join, and its key, which is kept before it is told; null: it has joined. */
  joining(): { token: string; key: string } | null {
    const token = this.#secret;
    if (token === null || !token.startsWith('rhe_')) return null;
    const origin = hash(token);
    if (this.#kept.own?.origin === origin) return null;
    if (this.#kept.joining?.origin !== origin)
      this.#keep({ ...this.#kept, joining: { key: newKey(), origin } });
    return { token, key: this.#kept.joining?.key ?? '' };
  }

  /** The server has taken the agent in. */
  joined(): void {
    this.#keep({ own: this.#kept.joining, next: null, joining: null });
  }

  /** The key that follows, which is kept before it is told. */
  next(): string {
    const next = this.#kept.next ?? newKey();
    const own = { key: this.reveal(), origin: this.#origin() };
    if (this.#kept.next !== next || this.#kept.own === null) this.#keep({ ...this.#kept, own, next });
    return next;
  }

  /** Whether a new key was begun and it is not known whether the server has it. */
  get renewing(): boolean {
    return this.#kept.next !== null && this.#isOwn();
  }

  /** From now on the key that follows is used. */
  taken(): void {
    const { next } = this.#kept;
    if (next === null) return;
    this.#keep({ ...this.#kept, own: { key: next, origin: this.#origin() }, next: null });
  }

  /** @throws Error while there is none */
  reveal(): string {
    const key = this.#isOwn() ? (this.#kept.own?.key ?? null) : this.#secret;
    if (key === null) throw new Error('there is no key yet');
    return key;
  }

  /** What is kept follows from what was given; something else that is given now counts instead. */
  #isOwn(): boolean {
    const { own } = this.#kept;
    return own !== null && (this.#secret === null || own.origin === hash(this.#secret));
  }

  #origin(): string {
    return this.#secret === null ? (this.#kept.own?.origin ?? '') : hash(this.#secret);
  }

  #keep(keys: KeptKeys): void {
    this.#file.save(keys);
    this.#kept = keys;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }
}

function newKey(): string {
  return `rha_${randomBytes(32).toString('base64url')}`;
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** null: there is no such file, or nothing in it. */
function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
