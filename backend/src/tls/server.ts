import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import { patience } from '../http/limit-connections.ts';
import type { Certificate } from './certificate.ts';
import type { Certificates } from './certificates.ts';

/** TLS 1.3 has good ones only; of 1.2 those with forward secrecy and authenticated encryption (Mozilla's "intermediate"). */
const ciphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

const handshakeMs = 10_000;

function contextOf({ cert, key }: Certificate): SecureContextOptions {
  return { cert, key, ciphers, minVersion: 'TLSv1.2', honorCipherOrder: true };
}

/** A server with TLS that shows each new certificate from the next connection on; without `certificates` one without. */
export function createServer(certificates: Certificates | null, listener: RequestListener): Server {
  if (certificates === null) return createHttpServer(patience, listener);
  const server = createHttpsServer(
    {
      ...patience,
      ...contextOf(certificates.current),
      handshakeTimeout: handshakeMs,
      ALPNProtocols: ['http/1.1'],
    },
    listener,
  );
  certificates.onChange((certificate) => server.setSecureContext(contextOf(certificate)));
  return server;
}

/**
 * A server without TLS that sends browsers to the one with it. Only what reads is sent on: with what somebody posts, the password
 * would have crossed the network already.
 * @param target the address to lead to, from the name that was asked for
 */
export function createRedirectServer(target: (host: string) => string): Server {
  return createHttpServer(patience, (request, response) => {
    const { host = '' } = request.headers;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || !/^[-\w.]+(:\d{1,5})?$|^\[[\da-f:.]+\](:\d{1,5})?$/i.test(host)) {
      response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
      response.end('This server is reached over https only.\n');
      return;
    }
    const path = request.url?.startsWith('/') ? request.url : '/';
    response.writeHead(308, {
      location: `${target(host)}${path}`,
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.end();
  });
}
