import type { SessionReply, SignInStarted } from '@rackhaus/config/contract';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Outgoing } from '../../outgoing/outgoing.ts';
import { AppError } from '../../problem.ts';
import type { AttemptLimit } from '../attempt-limit.ts';
import type { SecretBox } from '../secret-box.ts';
import type { SignIns } from '../sign-ins.ts';
import type { FederatedAccounts } from './accounts.ts';
import { groupsIn, nameIn } from './claims.ts';
import { OidcError, OidcProvider, type OidcTrouble } from './oidc-client.ts';
import { SealedCookie } from './sealed-cookie.ts';
import { isKind, type Source, type Sources } from './sources.ts';

/** The page of the interface that a provider sends browsers back to. */
export const returnPath = '/sign-in/return';
const attemptMs = 10 * 60_000;
const leaveSeconds = 7 * 24 * 3600;
/** Browsers drop cookies above 4096 bytes in all; sealed it is a third longer. */
const mostIdToken = 2600;
/** How long a description that the sign-in page needs is kept. Coming back asks anew: keys may have been replaced. */
const descriptionMs = 60_000;

const Pending = z.strictObject({
  sourceId: z.int(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
  next: z.string(),
  expiresAt: z.number(),
});
const Leaving = z.strictObject({ sourceId: z.int(), idToken: z.string().nullable() });

const troubles: Record<OidcTrouble, ConstructorParameters<typeof AppError>> = {
  unreachable: ['unavailable', 'The sign-in server cannot be reached. Local accounts can still sign in.'],
  // What is wrong with it is in the log and in the check of settings: who signs in can do nothing about it.
  certificate: [
    'unavailable',
    'The sign-in server has no certificate that is trusted here. Local accounts can still sign in.',
  ],
  'not-allowed': [
    'unavailable',
    'This server may not connect to the sign-in server: an administrator has to allow its network.',
  ],
  refused: ['forbidden', 'The sign-in server refused.'],
  again: ['unauthenticated', 'This sign-in has been used already or took too long. Please begin again.'],
  untrusted: ['unauthenticated', 'What the sign-in server sent cannot be trusted. Nobody was signed in.'],
  misconfigured: [
    'unavailable',
    'The sign-in server does not accept this server. An administrator has to look at its settings.',
  ],
};

/** Signing in at a provider of OpenID Connect: leaving for it, coming back, and signing out there. */
export class OidcSignIn {
  readonly #sources: Sources;
  readonly #accounts: FederatedAccounts;
  readonly #signIns: SignIns;
  readonly #attempts: AttemptLimit;
  readonly #outgoing: Outgoing;
  readonly #now: () => number;
  readonly #onTrouble: (source: string, error: OidcError) => void;
  readonly #pending: SealedCookie<typeof Pending>;
  readonly #leaving: SealedCookie<typeof Leaving>;
  readonly #known = new Map<number, { at: number; key: string; provider: Promise<OidcProvider> }>();

  constructor(options: {
    sources: Sources;
    accounts: FederatedAccounts;
    signIns: SignIns;
    attempts: AttemptLimit;
    outgoing: Outgoing;
    secretBox: SecretBox;
    https: boolean;
    now: () => number;
    /** What went wrong, for the administrator's log. */
    onTrouble: (source: string, error: OidcError) => void;
  }) {
    const { secretBox, https } = options;
    this.#sources = options.sources;
    this.#accounts = options.accounts;
    this.#signIns = options.signIns;
    this.#attempts = options.attempts;
    this.#outgoing = options.outgoing;
    this.#now = options.now;
    this.#onTrouble = options.onTrouble;
    this.#pending = new SealedCookie({ name: 'sign-in', schema: Pending, secretBox, https });
    this.#leaving = new SealedCookie({ name: 'leave', schema: Leaving, secretBox, https });
  }

  /** Where the browser has to go; what belongs to this attempt is bound to this browser by a cookie. @throws AppError */
  async start(
    call: { id: number; next: string; origin: string },
    response: Response,
  ): Promise<z.input<typeof SignInStarted>> {
    const source = await this.#enabled(call.id);
    const { url, attempt } = await this.#saying(source, async () => {
      const provider = await this.#lately(source);
      return provider.begin(new URL(returnPath, call.origin).href);
    });
    const pending = {
      ...attempt,
      sourceId: source.id,
      next: ownPath(call.next),
      expiresAt: this.#now() + attemptMs,
    };
    response.append('Set-Cookie', this.#pending.set(pending, attemptMs / 1000));
    return { url };
  }

  /** Signs in with what the provider sent the browser back with. @throws AppError with a reason */
  async finish(
    query: string,
    request: Request,
    response: Response,
  ): Promise<{ session: z.input<typeof SessionReply>; next: string }> {
    const address = request.ip ?? '';
    const limit = this.#attempts.begin({ account: `sign-in elsewhere from ${address}`, address });
    const pending = this.#pending.read(request.headers.cookie);
    // Works once: who goes back in the browser's history begins anew.
    response.append('Set-Cookie', this.#pending.clear());
    if (pending === null || pending.expiresAt <= this.#now()) throw problem('again');

    const source = await this.#enabled(pending.sourceId);
    const { settings } = source;
    const vouched = await this.#saying(source, async () => {
      const provider = await this.#discover(source);
      return provider.finish(query, pending);
    });
    const { claims } = vouched;
    const { iss, sub, acr } = Claims.parse(claims);
    const groups = groupsIn(claims, settings.groupsClaim);
    const person = {
      issuer: iss,
      subject: sub,
      name: nameIn(claims),
      groups: groups === 'too-many' ? [] : groups,
    };
    if (groups === 'too-many') return this.#accounts.refuse(source, person, 'too-many-groups', address);
    const levels = settings.acrValues.split(/\s+/).filter((level) => level !== '');
    const confirmed = levels.length === 0 || (acr !== undefined && levels.includes(acr));
    if (settings.checksSecondFactor && !confirmed)
      return this.#accounts.refuse(source, person, 'not-strong', address);

    const userId = await this.#accounts.admit(source, person, address);
    limit.succeeded();
    const session = await this.#signIns.complete(
      { userId, method: 'oidc', strong: settings.checksSecondFactor },
      request,
      response,
    );
    const { idToken } = vouched;
    response.append(
      'Set-Cookie',
      this.#leaving.set(
        { sourceId: source.id, idToken: idToken.length > mostIdToken ? null : idToken },
        leaveSeconds,
      ),
    );
    return { session, next: pending.next };
  }

  /** Where this browser is signed out at the provider too, which it is asked once. null: nowhere, or it cannot be reached now. */
  async leave(origin: string, request: Request, response: Response): Promise<string | null> {
    const leaving = this.#leaving.read(request.headers.cookie);
    if (leaving === null) return null;
    response.append('Set-Cookie', this.#leaving.clear());
    const sources = await this.#sources.enabled('oidc');
    const source = sources.find(({ id }) => id === leaving.sourceId);
    if (source === undefined) return null;
    try {
      const provider = await this.#lately(source);
      return provider.leave({ idToken: leaving.idToken, to: new URL('/sign-in', origin).href });
    } catch (error) {
      // Here the session has ended already; that the one there goes on must not keep anybody from it.
      if (!(error instanceof OidcError)) throw error;
      this.#onTrouble(source.name, error);
      return null;
    }
  }

  async #enabled(id: number): Promise<Source<Extract<Source['settings'], { kind: 'oidc' }>>> {
    const source = await this.#sources.get(id);
    if (!source.enabled || !isKind(source, 'oidc'))
      throw new AppError('not-found', 'This way to sign in is not in use.');
    return source;
  }

  #discover(source: Source<Extract<Source['settings'], { kind: 'oidc' }>>): Promise<OidcProvider> {
    return OidcProvider.discover({
      settings: source.settings,
      secret: source.secret(),
      outgoing: this.#outgoing,
    });
  }

  /** The provider as it was lately: anybody can ask to begin, and each time would be a request of ours. Failures are kept too. */
  #lately(source: Source<Extract<Source['settings'], { kind: 'oidc' }>>): Promise<OidcProvider> {
    const key = JSON.stringify(source.settings);
    const known = this.#known.get(source.id);
    if (known !== undefined && known.key === key && this.#now() - known.at < descriptionMs)
      return known.provider;
    const at = this.#now();
    const provider = this.#discover(source);
    this.#known.set(source.id, { at, key, provider });
    provider.catch(() => {
      const kept = this.#known.get(source.id);
      // A few seconds: it may be back at once.
      if (kept?.provider === provider)
        this.#known.set(source.id, { at: at - descriptionMs + failureMs, key, provider });
    });
    return provider;
  }

  async #saying<T>(source: Source, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof OidcError)) throw error;
      this.#onTrouble(source.name, error);
      throw problem(error.trouble);
    }
  }
}

const failureMs = 5000;
const Claims = z.object({ iss: z.string(), sub: z.string().min(1).max(1000), acr: z.string().optional() });

function problem(trouble: OidcTrouble): AppError {
  const [code, message] = troubles[trouble];
  return new AppError(code, message, undefined, { reason: `provider-${trouble}` });
}

/** A path of this server, with query and hash; '/' for anything that leads elsewhere. */
export function ownPath(next: string): string {
  const here = 'http://here.invalid';
  const url = URL.parse(next, here);
  if (url === null || url.origin !== here || !next.startsWith('/')) return '/';
  const path = url.pathname + url.search + url.hash;
  // "/..//elsewhere" is one of ours only until it is looked at again.
  return path.startsWith('//') ? '/' : path;
}
