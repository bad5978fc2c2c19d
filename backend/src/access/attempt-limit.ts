import type { HeldOff } from '@rackhaus/config/contract';
import { AppError } from '../problem.ts';

/** What is tried. */
export type Tried = HeldOff['held'][number]['what'];

export interface Attempt {
  /** Left out: a sign-in. */
  readonly what?: Tried;
  readonly account: string;
  readonly address: string;
}

interface Record {
  readonly kind: keyof typeof limits;
  readonly attempt: Attempt;
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
  readonly #onHeldOff: (attempt: Attempt) => void;
  /** Least recently used first. */
  readonly #records = new Map<string, Record>();

  /** `onHeldOff`: told when somebody has used up the failures that are free, once until they succeed or are forgotten. */
  constructor(options: { now: () => number; onHeldOff?: (attempt: Attempt) => void }) {
    this.#now = options.now;
    this.#onHeldOff = options.onHeldOff ?? (() => {});
  }

  /**
   * Begins an attempt, which counts as failed until the function that is returned says otherwise: many at once gain nothing.
   * @throws AppError `too-many` with the time to wait.
   */
  begin(attempt: Attempt): { succeeded: () => void } {
    const now = this.#now();
    const keys = keysOf(attempt);
    const waitSeconds = Math.ceil(
      Math.max(...keys.map(([kind, key]) => heldUntil(this.#get(kind, key, attempt, now)) - now)) / 1000,
    );
    if (waitSeconds > 0)
      throw new AppError('too-many', `Too many attempts. Please wait ${waitSeconds} s.`, undefined, {
        afterSeconds: waitSeconds,
      });
    const records = keys.map(([kind, key]) => this.#get(kind, key, attempt, now));
    for (const record of records) {
      record.failures++;
      record.lastAt = now;
    }
    if (records.some(({ kind, failures }) => failures === limits[kind].free)) this.#onHeldOff(attempt);
    return {
      succeeded: () => {
        const [own, ...others] = records;
        if (own !== undefined) own.failures = 0;
        for (const other of others) other.failures = Math.max(0, other.failures - 1);
      },
    };
  }

  /** Who has to wait at this moment. */
  held(): HeldOff['held'] {
    const now = this.#now();
    return [...this.#records].flatMap(([key, record]) => {
      const until = heldUntil(record);
      if (until <= now) return [];
      const { what = 'sign-in', account, address } = record.attempt;
      return [
        {
          key,
          what,
          account: record.kind === 'address' ? null : account,
          address: record.kind === 'account' ? null : address,
          failures: record.failures,
          until,
        },
      ];
    });
  }

  /** Forgets the failures of one that {@link held} has named. Returns whether there was one. */
  release(key: string): boolean {
    return this.#records.delete(key);
  }

  #get(kind: Record['kind'], key: string, attempt: Attempt, now: number): Record {
    const known = this.#records.get(key);
    const record =
      known !== undefined && now - known.lastAt < forgottenAfterMs
        ? known
        : { kind, attempt, failures: 0, lastAt: now };
    this.#records.delete(key);
    this.#records.set(key, record);
    if (this.#records.size > mostKeys) {
      const oldest = this.#records.keys().next();
      if (!oldest.done) this.#records.delete(oldest.value);
    }
    return record;
  }
}

/** Failures at one thing do not hold off another, except of an address: that is somebody who tries everything. */
function keysOf({ what = 'sign-in', account, address }: Attempt) {
  return [
    ['account at address', `${what}\n${account}\n${address}`],
    ['account', `${what}\n${account}`],
    ['address', `\n\n${address}`],
  ] as const;
}

function heldUntil({ kind, failures, lastAt }: Record): number {
  const over = failures - limits[kind].free;
  return over < 0 ? 0 : lastAt + Math.min(2 ** Math.min(over, 20), limits[kind].longestSeconds) * 1000;
}
