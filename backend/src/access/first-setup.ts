import { randomInt, timingSafeEqual } from 'node:crypto';
import { AppError } from '../problem.ts';
import { hashToken } from './tokens.ts';
import type { Users } from './users.ts';

/** No 0/O, 1/I/L: it is read off one screen and typed at another. 16 of 31 characters are 79 bits. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/**
 * How the first administrator is made: with a code that only the server's console shows, so that nobody on the network can
 * be first. It works once and is new after each start.
 */
export class FirstSetup {
  readonly #users: Users;
  #code: string | null = null;

  constructor(options: { users: Users }) {
    this.#users = options.users;
  }

  /** Returns the code to show, or null when there are users already. */
  async start(): Promise<string | null> {
    if (!(await this.#users.none())) return null;
    const characters = Array.from({ length: 16 }, () => alphabet.charAt(randomInt(alphabet.length)));
    this.#code = characters.join('').replace(/(.{4})(?=.)/g, '$1-');
    return this.#code;
  }

  /**
   * Makes the first administrator and returns the id.
   * @throws AppError `conflict` when there is one, `forbidden` for a wrong code.
   */
  async complete(setup: { code: string; user: string; password: string }): Promise<number> {
    if (this.#code === null) throw new AppError('conflict', 'The first administrator exists already.');
    if (!sameCode(setup.code, this.#code))
      throw new AppError('forbidden', 'The code is not the one that the server shows on its console.', [
        { path: 'code', message: 'is wrong' },
      ]);
    const id = await this.#users.createFirst({ name: setup.user, password: setup.password });
    this.#code = null;
    return id;
  }
}

function sameCode(given: string, expected: string): boolean {
  const plain = (code: string) => Buffer.from(hashToken(code.toUpperCase().replace(/[^0-9A-Z]/g, '')));
  return timingSafeEqual(plain(given), plain(expected));
}
