import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AppError } from '../problem.ts';

/** OWASP Password Storage Cheat Sheet: scrypt with N = 2^17, r = 8, p = 1 (128 MiB). */
export const recommendedCost = 17;
const blockSize = 8;
const saltBytes = 16;
const keyBytes = 32;

/** 128 MiB each: two at a time, and not more waiting than people can be. */
const atOnce = 2;
const mostWaiting = 20;

/** Hashes passwords so that a stolen database does not give them away. */
export class Passwords {
  readonly #cost: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** `cost`: binary logarithm of scrypt's N; only tests use less than {@link recommendedCost}. */
  constructor(options: { cost: number }) {
    this.#cost = options.cost;
  }

  /** Text with everything that {@link verify} needs. @throws AppError `unavailable` when too many wait already. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(saltBytes);
    const key = await this.#derive(password, salt, this.#cost);
    return ['scrypt', this.#cost, salt.toString('base64url'), key.toString('base64url')].join('$');
  }

  /**
   * Whether the password is the one that was hashed. Without a hash (no such user) it is false and costs the same, so that
   * the time of the answer does not say which names exist.
   */
  async verify(password: string, hash: string | undefined): Promise<boolean> {
    const [, cost, salt, key] = /^scrypt\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hash ?? '') ?? [];
    if (hash !== undefined && key === undefined) throw new Error('A stored password hash cannot be read.');
    const expected = Buffer.from(key ?? '', 'base64url');
    const actual = await this.#derive(
      password,
      Buffer.from(salt ?? randomBytes(saltBytes).toString('base64url'), 'base64url'),
      cost === undefined ? this.#cost : Number(cost),
    );
    return expected.length === actual.length && timingSafeEqual(expected, actual);
  }

  /** Whether a hash was made at less than what it costs now, and should be made anew at the next chance. */
  isOutdated(hash: string): boolean {
    const cost = /^scrypt\$(\d+)\$/.exec(hash)?.[1];
    return cost === undefined || Number(cost) < this.#cost;
  }

  async #derive(password: string, salt: Buffer, cost: number): Promise<Buffer> {
    await this.#enter();
    try {
      const N = 2 ** cost;
      return await new Promise((resolve, reject) => {
        // The same character can be typed as different code points on different keyboards.
        scrypt(
          password.normalize('NFKC'),
          salt,
          keyBytes,
          { N, r: blockSize, p: 1, maxmem: 256 * N * blockSize },
          (error, key) => (error === null ? resolve(key) : reject(error)),
        );
      });
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < atOnce) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= mostWaiting)
      throw new AppError('unavailable', 'Too many people are signing in at this moment.', undefined, {
        afterSeconds: 5,
      });
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running--;
    else next();
  }
}
