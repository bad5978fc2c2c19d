import type { SignInMethod } from './sign-ins.ts';
import { hashToken, newToken } from './tokens.ts';

/** What is missing between the password and the session. */
export type Step = 'second-factor' | 'set-up-second-factor';

export interface PendingSignIn {
  readonly userId: number;
  readonly method: SignInMethod;
  readonly step: Step;
}

interface Kept extends PendingSignIn {
  readonly until: number;
  attemptsLeft: number;
}

/** How long somebody may look for their telephone. */
const lastsMs = 5 * 60_000;
/** Setting one up takes longer than using it. */
const setUpLastsMs = 15 * 60_000;
const attempts = 5;
const most = 10_000;

/**
 * People who have given their password and not yet their second factor: known by a token in a cookie of their browser, for minutes.
 * In memory: a restart makes them begin again.
 */
export class SignInSteps {
  readonly #now: () => number;
  readonly #pending = new Map<string, Kept>();

  constructor(options: { now: () => number }) {
    this.#now = options.now;
  }

  /** Returns the token and how long it lasts. */
  begin(pending: PendingSignIn): { token: string; seconds: number } {
    const now = this.#now();
    for (const [key, { until }] of this.#pending) if (until <= now) this.#pending.delete(key);
    const oldest = this.#pending.keys().next();
    if (this.#pending.size >= most && !oldest.done) this.#pending.delete(oldest.value);
    const token = newToken('rhp');
    const ms = pending.step === 'second-factor' ? lastsMs : setUpLastsMs;
    this.#pending.set(hashToken(token), { ...pending, until: now + ms, attemptsLeft: attempts });
    return { token, seconds: ms / 1000 };
  }

  find(token: string | undefined): PendingSignIn | null {
    const kept = token === undefined ? undefined : this.#pending.get(hashToken(token));
    return kept === undefined || kept.until <= this.#now() ? null : kept;
  }

  /** Counts a failure; after a few of them the password has to be given again. */
  failed(token: string): void {
    const key = hashToken(token);
    const kept = this.#pending.get(key);
    if (kept !== undefined && --kept.attemptsLeft <= 0) this.#pending.delete(key);
  }

  end(token: string | undefined): void {
    if (token !== undefined) this.#pending.delete(hashToken(token));
  }

  /** Everything that somebody has begun is worth nothing any more. */
  endOf(userId: number): void {
    for (const [key, kept] of this.#pending) if (kept.userId === userId) this.#pending.delete(key);
  }
}
