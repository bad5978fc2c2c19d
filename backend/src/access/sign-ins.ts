import type { SecondFactorAnswer, SessionReply } from '@rackhaus/config/contract';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { type Audit, byNobody } from '../audit/audit.ts';
import type { Caller } from '../http/route.ts';
import { AppError } from '../problem.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import type { SecondFactorRule } from './second-factor/policy.ts';
import type { SecondFactors } from './second-factor/second-factors.ts';
import type { PasskeySite } from './second-factor/webauthn.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';
import type { PendingSignIn, SignInSteps, Step } from './sign-in-steps.ts';
import type { Person, Users } from './users.ts';

/** How somebody has shown who they are. */
export type SignInMethod = 'password' | 'oidc' | 'ldap' | 'passkey' | 'setup' | 'invitation';

type Reply = z.input<typeof SessionReply>;

/** The last step of every way to sign in: from here on the browser has a session, or owes a second factor. */
export class SignIns {
  readonly #users: Users;
  readonly #sessions: Sessions;
  readonly #factors: SecondFactors;
  readonly #rule: SecondFactorRule;
  readonly #steps: SignInSteps;
  readonly #stepCookie: SessionCookie;
  readonly #attempts: AttemptLimit;
  readonly #audit: Pick<Audit, 'note'>;
  readonly #demo: boolean;

  constructor(options: {
    users: Users;
    sessions: Sessions;
    factors: SecondFactors;
    rule: SecondFactorRule;
    steps: SignInSteps;
    /** Carries the token between password and second factor. */
    stepCookie: SessionCookie;
    attempts: AttemptLimit;
    audit: Pick<Audit, 'note'>;
    /** Told to whoever is signed in: the simulator panel exists. */
    demo: boolean;
  }) {
    this.#users = options.users;
    this.#sessions = options.sessions;
    this.#factors = options.factors;
    this.#rule = options.rule;
    this.#steps = options.steps;
    this.#stepCookie = options.stepCookie;
    this.#attempts = options.attempts;
    this.#audit = options.audit;
    this.#demo = options.demo;
  }

  /**
   * Opens a session with a new id for somebody who has shown who they are, and sets its cookie on the response. `strong`: they have
   * shown it in two ways already. What it returns is the reply to the browser; it asks for a second factor where one is needed, and
   * there is no session until it has been given.
   * @throws AppError `unauthenticated` when the account is disabled
   */
  async complete(
    who: { readonly userId: number; readonly method: SignInMethod; readonly strong: boolean },
    request: Request,
    response: Response,
  ): Promise<Reply> {
    const person = await this.#users.mustBeEnabled(who.userId);
    const step = who.strong ? null : await this.#stepOf(person);
    if (step === null) return this.#open(person, who.method, request, response);
    // Whoever was signed in in this browser is not the one who is signing in now.
    if ((await this.#sessions.identify(request.headers.cookie)) !== null)
      response.append('Set-Cookie', await this.#sessions.end(request.headers.cookie));
    const { token, seconds } = this.#steps.begin({ userId: person.id, method: who.method, step });
    response.append('Set-Cookie', this.#stepCookie.set(token, seconds));
    return this.#stepReply(person, step);
  }

  /**
   * Takes the second step and opens the session.
   * @throws AppError `unauthenticated` when the password has to be given (again), `invalid` for a wrong answer, `too-many`
   */
  async secondStep(
    answer: SecondFactorAnswer,
    site: PasskeySite,
    request: Request,
    response: Response,
  ): Promise<Reply> {
    const { token, pending, person } = await this.pendingOf(request, 'second-factor');
    const attempt = this.#attempts.begin({
      what: 'second-factor',
      account: person.name,
      address: request.ip ?? '',
    });
    const factor = await this.#factors.check(person.id, answer, site).catch(async (error: unknown) => {
      this.#steps.failed(token);
      await this.#noteFailure(person, request);
      throw error;
    });
    if (factor === null) {
      this.#steps.failed(token);
      await this.#noteFailure(person, request);
      const path = 'code' in answer ? 'code' : 'recoveryCode';
      throw new AppError('invalid', 'This code does not count (any more).', [{ path, message: 'is wrong' }], {
        reason: 'code-wrong',
      });
    }
    attempt.succeeded();
    await this.#audit.note({
      action: 'second-factor',
      outcome: 'done',
      by: { kind: 'person', id: person.id, name: person.name },
      address: request.ip ?? null,
      detail: { by: factor },
    });
    return this.#open(person, pending.method, request, response);
  }

  /** The session of somebody who has just set up the second factor that they have to have. */
  async afterSetUp(request: Request, response: Response): Promise<Reply> {
    const { pending, person } = await this.pendingOf(request, 'set-up-second-factor');
    return this.#open(person, pending.method, request, response);
  }

  /** Who has given their password in this browser. @throws AppError `unauthenticated` when it has to be given (again) */
  async pendingOf(
    request: Request,
    step: Step,
  ): Promise<{ token: string; pending: PendingSignIn; person: Person }> {
    const token = this.#stepCookie.read(request.headers.cookie) ?? '';
    const pending = this.#steps.find(token);
    const person = pending?.step === step ? await this.#users.find(pending.userId) : null;
    if (pending === null || person === null)
      throw new AppError(
        'unauthenticated',
        'Please sign in again: that took too long, or too many attempts.',
      );
    return { token, pending, person };
  }

  /** What a browser is told of who is using it. */
  async stateOf(caller: Caller, request: Request): Promise<Reply> {
    if (caller.kind === 'person') return this.#signedIn(caller);
    const pending = this.#steps.find(this.#stepCookie.read(request.headers.cookie));
    const person = pending === null ? null : await this.#users.find(pending.userId);
    if (pending !== null && person !== null) return this.#stepReply(person, pending.step);
    return { state: (await this.#users.none()) ? 'setup' : 'signed-out' };
  }

  /** Ends the session of this browser, and a sign-in that was begun in it. */
  async signOut(caller: Caller, request: Request, response: Response): Promise<void> {
    response.append('Set-Cookie', await this.#sessions.end(request.headers.cookie));
    const step = this.#stepCookie.read(request.headers.cookie);
    if (step !== undefined) {
      this.#steps.end(step);
      response.append('Set-Cookie', this.#stepCookie.clear());
    }
    if (caller.kind === 'person' && caller.userId !== null)
      await this.#audit.note({
        action: 'sign-out',
        outcome: 'done',
        by: { kind: 'person', id: caller.userId, name: caller.name },
        address: request.ip ?? null,
      });
  }

  /** Notes a sign-in that did not succeed, and whose account was tried. A name that nobody has is not noted: people type passwords there. */
  async noteRefusal(
    method: SignInMethod,
    request: Request,
    account: { readonly id: number; readonly name: string } | null = null,
  ): Promise<void> {
    await this.#audit.note({
      action: 'sign-in',
      outcome: 'refused',
      by: byNobody,
      address: request.ip ?? null,
      ...(account === null ? {} : { subject: { kind: 'user', id: account.id, name: account.name } }),
      detail: { method },
    });
  }

  async #stepOf(person: Person): Promise<Step | null> {
    if ((await this.#factors.of(person.id)).length > 0) return 'second-factor';
    const need = await this.#rule.need(person.role);
    return need.needed && need.dueAt === null ? 'set-up-second-factor' : null;
  }

  async #stepReply(person: Person, step: Step): Promise<Reply> {
    return step === 'second-factor'
      ? { state: step, user: person.name, methods: await this.#factors.of(person.id) }
      : { state: step, user: person.name };
  }

  async #open(person: Person, method: SignInMethod, request: Request, response: Response): Promise<Reply> {
    const header = await this.#sessions.open({ userId: person.id }, request.headers.cookie, {
      address: request.ip ?? null,
      userAgent: request.get('user-agent') ?? null,
      method,
    });
    response.append('Set-Cookie', header);
    const step = this.#stepCookie.read(request.headers.cookie);
    if (step !== undefined) {
      this.#steps.end(step);
      response.append('Set-Cookie', this.#stepCookie.clear());
    }
    await this.#users.hasSignedIn(person.id);
    await this.#audit.note({
      action: 'sign-in',
      outcome: 'done',
      by: { kind: 'person', id: person.id, name: person.name },
      address: request.ip ?? null,
      detail: { method },
    });
    // Who it is now follows from the cookie that the reply sets, not from the one that the request had.
    const caller = await this.#sessions.fromCookie(header.split(';')[0]);
    // Disabled in this very moment.
    return caller.kind === 'person' ? this.#signedIn(caller) : { state: 'signed-out' };
  }

  async #signedIn(caller: Extract<Caller, { kind: 'person' }>): Promise<Reply> {
    const dueAt = caller.userId === null ? null : await this.#dueAt(caller.userId, caller.role);
    return {
      state: 'signed-in',
      userId: caller.userId,
      user: caller.name,
      role: caller.role,
      sites: caller.sites === null ? null : [...caller.sites],
      ...(caller.maySwitch === true ? { maySwitch: true } : {}),
      ...(caller.room === undefined ? {} : { room: caller.room }),
      demo: this.#demo,
      ...(dueAt === null ? {} : { secondFactorDueAt: dueAt }),
    };
  }

  /** Until when this person has to have set up a second factor; null: they have one, or need none. */
  async #dueAt(userId: number, role: Person['role'] | 'kiosk'): Promise<number | null> {
    const need = await this.#rule.need(role);
    if (!need.needed || need.dueAt === null) return null;
    const person = await this.#users.find(userId);
    // Who signs in elsewhere brings it from there.
    if (person === null || person.source !== 'local') return null;
    return (await this.#factors.of(userId)).length > 0 ? null : need.dueAt;
  }

  async #noteFailure(person: Person, request: Request): Promise<void> {
    await this.#audit.note({
      action: 'second-factor',
      outcome: 'refused',
      by: byNobody,
      address: request.ip ?? null,
      subject: { kind: 'user', id: person.id, name: person.name },
    });
  }
}
