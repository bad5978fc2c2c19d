import type { Request } from 'express';
import { AppError } from '../../problem.ts';
import type { Session, Sessions } from '../sessions.ts';
import type { Person, Users } from '../users.ts';

/** So long after a sign-in nothing has to be confirmed. */
const freshMs = 10 * 60_000;

export interface OwnSession extends Person {
  readonly session: Session;
}

/** Finds whose browser it is that asks; a program's token is not enough for what is about one's own account. */
export class OwnSessions {
  readonly #sessions: Sessions;
  readonly #users: Users;
  readonly #now: () => number;

  constructor(options: { sessions: Sessions; users: Users; now: () => number }) {
    this.#sessions = options.sessions;
    this.#users = options.users;
    this.#now = options.now;
  }

  /** @throws AppError `unauthenticated`, and `forbidden` for a kiosk screen */
  async of(request: Request): Promise<OwnSession> {
    const session = await this.#sessions.identify(request.headers.cookie);
    if (session === null) throw new AppError('unauthenticated', 'Please sign in.');
    const { userId } = session.caller;
    if (userId === null) throw new AppError('forbidden', 'This is for people with an account.');
    return { ...(await this.#users.mustBeEnabled(userId)), session };
  }

  /**
   * The same, for what is sensitive: whoever sits down at a screen that was left alone cannot do it.
   * @throws AppError `forbidden` with the reason `confirm` when it has been too long since they have shown that it is they
   */
  async fresh(request: Request): Promise<OwnSession> {
    const own = await this.of(request);
    if (this.#now() - own.session.confirmedAt >= freshMs)
      throw new AppError('forbidden', 'Please confirm first that it is you.', undefined, {
        reason: 'confirm',
      });
    return own;
  }
}
