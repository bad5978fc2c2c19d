import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import type { TestCertificates } from './certificates.ts';

/** What the provider says of its people by their name. */
export type People = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface RunningProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  stop(): Promise<void>;
}

/**
 * A real provider of OpenID Connect (oidc-provider) with its own pages to sign in: any name, any password. It asks for PKCE and a client
 * secret, and signs with RS256.
 */
export async function startProvider(options: {
  people: People;
  redirectUri: string;
  afterSignOut: string;
  /** For 127.0.0.1; left out: without encryption. */
  certificates?: TestCertificates;
}): Promise<RunningProvider> {
  let callback: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  const answer = (request: IncomingMessage, response: ServerResponse) => callback?.(request, response);
  const tls = options.certificates;
  const server =
    tls === undefined
      ? createServer(answer)
      : createTlsServer({ cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) }, answer);
  const { port } = await listening(server);
  const issuer = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  const clientId = 'rackhaus';
  const clientSecret = 'secret-of-the-client';
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [options.redirectUri],
        post_logout_redirect_uris: [options.afterSignOut],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups', 'realm_access'] },
    pkce: { required: () => true },
    // Put the groups into the id_token, as most providers do.
    conformIdTokenClaims: false,
    cookies: { keys: ['only for this test'] },
    features: { devInteractions: { enabled: true } },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, preferred_username: id, ...options.people[id] }),
    }),
  });
  callback = provider.callback();
  return {
    issuer,
    clientId,
    clientSecret,
    stop: () => closed(server),
  };
}

export async function listening(server: Server): Promise<AddressInfo> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address;
}

export async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
