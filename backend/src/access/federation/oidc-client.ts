import { isIP } from 'node:net';
import type { OidcSettings } from '@rackhaus/config/contract';
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { z } from 'zod';
import { type Outgoing, OutgoingRefused, type Purpose } from '../../outgoing/outgoing.ts';
import { claimAt } from './claims.ts';
import { isCertificateTrouble } from './tls-trouble.ts';

/** What has to be remembered between leaving for a provider and coming back. */
export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/** What a provider says of somebody, signed by it and meant for us. */
export interface Vouched {
  readonly idToken: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * `unreachable`: nothing came, or nothing of a provider. `certificate`: its certificate is not believed. `refused`: the provider says no to this person. `again`: this attempt has been
 * used or is too old. `untrusted`: what came is not signed by the provider, not meant for us, or too old. `misconfigured`: it does not
 * know this server, or the secret is wrong.
 */
export type OidcTrouble =
  | 'unreachable'
  | 'certificate'
  | 'not-allowed'
  | 'refused'
  | 'again'
  | 'untrusted'
  | 'misconfigured';

export class OidcError extends Error {
  readonly trouble: OidcTrouble;
  constructor(trouble: OidcTrouble, message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'OidcError';
    this.trouble = trouble;
  }
}

const timeoutSeconds = 10;
const mostBytes = 1_000_000;

/** A provider of OpenID Connect, as it describes itself. */
export class OidcProvider {
  readonly #config: Configuration;
  readonly #settings: OidcSettings;

  constructor(options: { config: Configuration; settings: OidcSettings }) {
    this.#config = options.config;
    this.#settings = options.settings;
  }

  /** Reads the provider's description. @throws OidcError */
  static async discover(options: {
    settings: OidcSettings;
    secret: string | null;
    outgoing: Outgoing;
  }): Promise<OidcProvider> {
    const { settings, secret, outgoing } = options;
    const issuer = new URL(settings.issuer);
    try {
      const config = await discovery(
        issuer,
        settings.clientId,
        // A provider may name "none" or a shared key as what it signs with; neither shows that it was the provider.
        undefined,
        secret === null ? None() : secretAuth(secret),
        {
          timeout: timeoutSeconds,
          execute: [
            // Also over TLS: who sits in between with a certificate of the town hall's own proxy signs nobody in.
            enableNonRepudiationChecks,
            ...(mayBePlain(issuer) ? [allowInsecureRequests] : []),
          ],
          [customFetch]: (url, init) => {
            const address = new URL(url);
            if (address.protocol !== 'https:' && !mayBePlain(address))
              throw new OidcError('untrusted', `${address.origin} is not https`, undefined);
            return outgoing.fetch(address, {
              purpose: purposeOf(address, issuer),
              method: init.method,
              headers: init.headers,
              body: bodyOf(init.body),
              signal: init.signal ?? null,
              mostBytes,
              ca: settings.caCertificate,
            });
          },
        },
      );
      return new OidcProvider({ config, settings });
    } catch (error) {
      throw troubleOf(error, 'misconfigured');
    }
  }

  /** The address to send a browser to, and what to remember of it. */
  async begin(redirectUri: string): Promise<{ url: string; attempt: Attempt }> {
    const attempt = {
      state: randomState(),
      nonce: randomNonce(),
      verifier: randomPKCECodeVerifier(),
      redirectUri,
    };
    const { scopes, checksSecondFactor, acrValues } = this.#settings;
    const wanted = new Set(['openid', ...scopes.split(/\s+/).filter((scope) => scope !== '')]);
    const url = buildAuthorizationUrl(this.#config, {
      redirect_uri: redirectUri,
      scope: [...wanted].join(' '),
      code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
      state: attempt.state,
      nonce: attempt.nonce,
      ...(checksSecondFactor && acrValues !== '' ? { acr_values: acrValues } : {}),
    });
    return { url: url.href, attempt };
  }

  /**
   * Trades what a browser came back with for who it is. Checked: state, issuer, code with PKCE, signature, audience, times, nonce.
   * Claims that the id_token lacks are asked of the provider.
   * @throws OidcError
   */
  async finish(query: string, attempt: Attempt): Promise<Vouched> {
    const back = new URL(attempt.redirectUri);
    back.search = query;
    try {
      const tokens = await authorizationCodeGrant(this.#config, back, {
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined || tokens.id_token === undefined)
        throw new OidcError('untrusted', 'the provider sent no id_token', undefined);
      const { userinfo_endpoint } = this.#config.serverMetadata();
      const more =
        userinfo_endpoint === undefined || claimAt(claims, this.#settings.groupsClaim) !== undefined
          ? {}
          : await fetchUserInfo(this.#config, tokens.access_token, claims.sub);
      return { idToken: tokens.id_token, claims: { ...more, ...claims } };
    } catch (error) {
      throw troubleOf(error, 'untrusted');
    }
  }

  /** Where a browser is signed out at the provider; null where it has no such place. */
  leave(options: { idToken: string | null; to: string }): string | null {
    if (this.#config.serverMetadata().end_session_endpoint === undefined) return null;
    return buildEndSessionUrl(this.#config, {
      post_logout_redirect_uri: options.to,
      ...(options.idToken === null ? {} : { id_token_hint: options.idToken }),
    }).href;
  }

  /** For the check of settings: the provider's own words, and how many keys it signs with. @throws OidcError */
  async describe(outgoing: Outgoing): Promise<{ issuer: string; keys: number; logout: boolean }> {
    const { issuer, jwks_uri, end_session_endpoint } = this.#config.serverMetadata();
    if (jwks_uri === undefined) throw new OidcError('unreachable', 'it names no keys (jwks_uri)', undefined);
    try {
      const address = new URL(jwks_uri);
      if (address.protocol !== 'https:' && !mayBePlain(address))
        throw new OidcError('untrusted', `${address.origin} is not https`, undefined);
      const reply = await outgoing.fetch(address, {
        purpose: purposeOf(address, new URL(this.#settings.issuer)),
        timeoutMs: timeoutSeconds * 1000,
        mostBytes,
        ca: this.#settings.caCertificate,
      });
      if (!reply.ok) throw new Error(`${jwks_uri} answered ${reply.status}`);
      const { keys } = z.object({ keys: z.array(z.unknown()) }).parse(await reply.json());
      return { issuer, keys: keys.length, logout: end_session_endpoint !== undefined };
    } catch (error) {
      throw troubleOf(error, 'misconfigured');
    }
  }
}

/**
 * The provider itself, which an administrator has named, may stand in the town hall's own network. What only the provider's own
 * description names may not: else a provider outside could have this server ask around inside.
 */
function purposeOf(address: URL, issuer: URL): Purpose {
  return address.hostname === issuer.hostname ? 'server' : 'web';
}

/** In plain text only to this machine itself. */
export function mayBePlain(address: URL): boolean {
  if (address.protocol !== 'http:') return false;
  const host = address.hostname.replace(/^\[(.*)\]$/, '$1');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** In the body of the request where the provider takes that, else in its header: each of both is all that some know. */
function secretAuth(secret: string): ClientAuth {
  const post = ClientSecretPost(secret);
  const basic = ClientSecretBasic(secret);
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (methods.includes('client_secret_post') ? post : basic)(server, client, body, headers);
  };
}

function bodyOf(body: unknown): string | Uint8Array | URLSearchParams | null {
  if (body === null || body === undefined) return null;
  if (typeof body === 'string' || body instanceof Uint8Array || body instanceof URLSearchParams) return body;
  throw new Error('The library sends a body of a kind that is not known here.');
}

function troubleOf(error: unknown, otherwise: OidcTrouble): OidcError {
  const chain = causesOf(error);
  const known = chain.find((cause) => cause instanceof OidcError);
  if (known instanceof OidcError) return known;
  const message = chain
    .map((cause) => (cause instanceof Error ? cause.message : ''))
    .filter((text) => text !== '')
    .join(': ');
  const is = (trouble: OidcTrouble) => new OidcError(trouble, message, error);
  if (chain.some((cause) => cause instanceof OutgoingRefused)) return is('not-allowed');
  if (chain.some(isCertificateTrouble)) return is('certificate');
  if (error instanceof AuthorizationResponseError)
    return is(error.error === 'access_denied' ? 'refused' : 'again');
  if (error instanceof ResponseBodyError)
    return is(error.error === 'invalid_grant' ? 'again' : 'misconfigured');
  const noAnswer = chain.some(
    (cause) =>
      (cause instanceof TypeError && cause.message === 'fetch failed') ||
      // Up, but not working.
      (cause instanceof Response && cause.status >= 500) ||
      (cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError')),
  );
  return is(noAnswer ? 'unreachable' : otherwise);
}

function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let at: unknown = error; at !== undefined && at !== null && chain.length < 8; ) {
    chain.push(at);
    at = at instanceof Error ? at.cause : undefined;
  }
  return chain;
}
