import { AppError } from '../problem.ts';

interface Record {
  failures: number;
  lastAt: number;
}

/** What a key stands for decides how many failures are free and how long the wait can become. */
const limits = {
  /** One person at one place, mistyping. */
  'account at address': { free: 5, longestSeconds: 900 },
  /** Short at most: otherwise anybody could lock out the administrator. */
  account: { free: 20, longestSeconds: 60 },
  address: { free: 30, longestSeconds: 900 },
} as const;

const forgottenAfterMs = 3_600_000;
const mostKeys = 20_000;

/**
 * Slows down guessing: after some failures each further attempt has to wait, twice as long each time. In memory: a restart
 * forgives, which costs an attacker who can restart the server nothing more.
 */
export class AttemptLimit {
  readonly #now: () => number;
  /** Least recently used first. */
  readonly #records = new Map<string, Record>();

  constructor(options: { now: () => number }) {
    this.#now = options.now;
  }

  /**
   * Begins an attempt, which counts as failed until the function that is returned says otherwise: many at once gain nothing.
   * @throws AppError `too-many` with the time to wait.
   */
  begin(attempt: { account: string; address: string }): { succeeded: () => void } {
    const now = this.#now();
    const keys = [
      ['account at address', `${attempt.account}\n${attempt.address}`],
      ['account', attempt.account],
      ['address', attempt.address],
    ] as const;
    const waits = keys.map(([kind, key]) => {
      const record = this.#get(`${kind}\n${key}`, now);
      const over = record.failures - limits[kind].free;
      if (over < 0) return 0;
      const seconds = Math.min(2 ** Math.min(over, 20), limits[kind].longestSeconds);
      return record.lastAt + seconds * 1000 - now;
    });
    const waitSeconds = Math.ceil(Math.max(...waits) / 1000);
    if (waitSeconds > 0)
      throw new AppError('too-many', `Too many attempts. Please wait ${waitSeconds} s.`, undefined, {
        afterSeconds: waitSeconds,
      });
    const records = keys.map(([kind, key]) => this.#get(`${kind}\n${key}`, now));
    for (const record of records) {
      record.failures++;
      record.lastAt = now;
    }
    return {
      succeeded: () => {
        const [own, ...others] = records;
        if (own !== undefined) own.failures = 0;
        for (const other of others) other.failures = Math.max(0, other.failures - 1);
      },
    };
  }

  #get(key: string, now: number): Record {
    const known = this.#records.get(key);
    const record =
      known !== undefined && now - known.lastAt < forgottenAfterMs ? known : { failures: 0, lastAt: now };
    this.#records.delete(key);
    this.#records.set(key, record);
    if (this.#records.size > mostKeys) {
      const oldest = this.#records.keys().next();
      if (!oldest.done) this.#records.delete(oldest.value);
    }
    return record;
  }
}
