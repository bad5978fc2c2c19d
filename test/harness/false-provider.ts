import { createHmac, generateKeyPairSync, type KeyObject, randomInt, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { z } from 'zod';
import { closed, listening } from './oidc-provider.ts';

export type Forgery =
  | 'none'
  | 'other-key'
  | 'alg-none'
  | 'hmac-with-public-key'
  | 'wrong-audience'
  | 'wrong-issuer'
  | 'wrong-nonce'
  | 'expired'
  | 'changed';

export interface FalseProvider {
  readonly issuer: string;
  /** What is wrong with the next id_token. */
  forge: Forgery;
  /** How strongly it says that somebody was signed in; null: it does not say. */
  acr: string | null;
  /** Signs with another key from now on, and says so. */
  rotate(): void;
  stop(): Promise<void>;
}

/** A provider that is not as it should be: it lets everybody in without asking, and what it signs can be forged. */
export async function startFalseProvider(): Promise<FalseProvider> {
  const newKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
  let key = newKey();
  let keyId = 1;
  const other = newKey();
  const nonces = new Map<string, string>();
  const state: { forge: Forgery; acr: string | null } = { forge: 'none', acr: null };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    const json = (body: unknown) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
    };
    if (url.pathname === '/.well-known/openid-configuration')
      return json({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256', 'none', 'HS256'],
        token_endpoint_auth_methods_supported: ['client_secret_post'],
      });
    if (url.pathname === '/keys')
      return json({
        keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid: String(keyId), use: 'sig', alg: 'RS256' }],
      });
    if (url.pathname === '/auth') {
      nonces.set('code', url.searchParams.get('nonce') ?? '');
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.search = new URLSearchParams({
        code: 'code',
        state: url.searchParams.get('state') ?? '',
      }).toString();
      response.writeHead(302, { location: back.href });
      return response.end();
    }
    if (url.pathname === '/token')
      return json({
        access_token: 'access',
        token_type: 'Bearer',
        expires_in: 60,
        id_token: idToken(state.forge, nonces.get('code') ?? ''),
      });
    response.writeHead(404).end();
  });
  const { port } = await listening(server);
  const issuer = `http://127.0.0.1:${port}`;

  function idToken(forge: Forgery, nonce: string): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: forge === 'wrong-issuer' ? 'http://127.0.0.1:1' : issuer,
      aud: forge === 'wrong-audience' ? 'somebody-else' : 'rackhaus',
      sub: 'mallory',
      preferred_username: 'mallory',
      groups: ['it'],
      ...(state.acr === null ? {} : { acr: state.acr }),
      nonce: forge === 'wrong-nonce' ? 'another' : nonce,
      iat: forge === 'expired' ? now - 7200 : now,
      exp: forge === 'expired' ? now - 3600 : now + 300,
    };
    if (forge === 'alg-none') return `${part({ alg: 'none' })}.${part(claims)}.`;
    if (forge === 'hmac-with-public-key') {
      const input = `${part({ alg: 'HS256', kid: String(keyId) })}.${part(claims)}`;
      const pem = key.publicKey.export({ format: 'pem', type: 'spki' });
      return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
    }
    const signed = rs256(claims, forge === 'other-key' ? other.privateKey : key.privateKey);
    if (forge !== 'changed') return signed;
    const [header, , signature] = signed.split('.');
    return `${header}.${part({ ...claims, sub: 'somebody', groups: ['it', 'admins'] })}.${signature}`;
  }
  function rs256(claims: object, privateKey: KeyObject): string {
    const input = `${part({ alg: 'RS256', kid: String(keyId) })}.${part(claims)}`;
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
  }
  return {
    issuer,
    get forge() {
      return state.forge;
    },
    set forge(forge) {
      state.forge = forge;
    },
    get acr() {
      return state.acr;
    },
    set acr(acr) {
      state.acr = acr;
    },
    rotate() {
      key = newKey();
      keyId++;
    },
    stop: () => closed(server),
  };
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

const Started = z.object({ url: z.string() });

/** One browser without a screen at the sign-in page: leaves for the provider and comes back with what that says. */
export async function comeBack(
  backend: string,
  id: number,
  next = '/',
): Promise<{
  /** Where the browser was sent. */
  asked: URL;
  query: string;
  cookie: string;
  finish: (query?: string, cookie?: string) => Promise<Response>;
}> {
  const headers = { 'content-type': 'application/json' };
  const started = await fetch(`${backend}/api/sign-in-ways/${id}/start`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ next }),
  });
  if (!started.ok) throw new Error(`start: ${started.status} ${await started.text()}`);
  const cookie = started.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ');
  const { url } = Started.parse(await started.json());
  const auth = await fetch(url, { redirect: 'manual' });
  const query = new URL(auth.headers.get('location') ?? '', url).search;
  return {
    asked: new URL(url),
    query,
    cookie,
    finish: (otherQuery = query, otherCookie = cookie) =>
      fetch(`${backend}/api/sign-in-ways/return`, {
        method: 'POST',
        // Each from another address, as far as the limit of attempts is concerned.
        headers: {
          ...headers,
          cookie: otherCookie,
          'x-forwarded-for': `10.9.${randomInt(256)}.${randomInt(256)}`,
        },
        body: JSON.stringify({ query: otherQuery }),
      }),
  };
}
