import { randomBytes } from 'node:crypto';

export type ChallengePurpose = 'make' | 'sign-in' | 'second-factor' | 'confirm';

interface Challenge {
  readonly purpose: ChallengePurpose;
  /** null: whoever signs in is not known yet. */
  readonly userId: number | null;
  readonly until: number;
}

const lastsMs = 5 * 60_000;
const most = 10_000;

/** What passkeys have to sign: random, for one purpose and person, once, for minutes. In memory: a restart makes people begin again. */
export class Challenges {
  readonly #now: () => number;
  readonly #given = new Map<string, Challenge>();

  constructor(options: { now: () => number }) {
    this.#now = options.now;
  }

  /** In base64url. */
  give(purpose: ChallengePurpose, userId: number | null): string {
    const now = this.#now();
    for (const [key, { until }] of this.#given) {
      if (until > now && this.#given.size < most) break;
      this.#given.delete(key);
    }
    const challenge = randomBytes(32).toString('base64url');
    this.#given.set(challenge, { purpose, userId, until: now + lastsMs });
    return challenge;
  }

  /** Whether it was given for this; it is worth nothing afterwards. */
  take(challenge: string, purpose: ChallengePurpose, userId: number | null): boolean {
    const given = this.#given.get(challenge);
    this.#given.delete(challenge);
    return given?.purpose === purpose && given.userId === userId && given.until > this.#now();
  }
}
