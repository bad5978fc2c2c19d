import { X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { readCertificate } from './certificate.ts';
import { Certificates } from './certificates.ts';
import { certificateConditions } from './expiry.ts';
import { makeSelfSigned } from './self-signed.ts';
import { createRedirectServer, createServer } from './server.ts';

const now = Date.UTC(2026, 10, 23);
const dayMs = 86_400_000;
const make = (name: string, at = now) => makeSelfSigned({ names: [name], addresses: ['127.0.0.1'], now: at });

let folder: string;
let first: { cert: string; key: string };
let second: { cert: string; key: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rackhaus-tls-'));
  first = await make('first.example');
  second = await make('second.example');
});
afterAll(() => rm(folder, { recursive: true }));

const files = () => ({ certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') });
/** As certificate programs do it: whole files in place of others. */
async function put(pair: { cert: string; key: string }): Promise<void> {
  const { certFile, keyFile } = files();
  for (const [file, text] of [
    [certFile, pair.cert],
    [keyFile, pair.key],
  ] as const) {
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
}

describe('reading a certificate', () => {
  it('takes what can be served, with its issuers behind it', async () => {
    await put({ cert: first.cert + second.cert, key: first.key });
    const read = await readCertificate(files(), now);
    expect(read).toMatchObject({ subject: 'first.example', names: ['first.example', '127.0.0.1'] });
    expect(read.fingerprint).toBe(new X509Certificate(first.cert).fingerprint256);
  });

  it.each([
    [
      'another key',
      () => ({ cert: first.cert, key: second.key }),
      'does not belong to the first certificate',
    ],
    ['files mixed up', () => ({ cert: first.key, key: first.cert }), 'are the two files mixed up?'],
    ['no key', () => ({ cert: first.cert, key: 'x' }), 'holds no private key'],
    [
      'a damaged key',
      () => ({ cert: first.cert, key: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----' }),
      'is damaged',
    ],
    [
      'a damaged certificate',
      () => ({ cert: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', key: first.key }),
      'Certificate 1 in',
    ],
    [
      'a key with a passphrase',
      () => ({ cert: first.cert, key: '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA' }),
      'protected by a passphrase',
    ],
  ])('says what is wrong: %s', async (_, pair, message) => {
    await put(pair());
    await expect(readCertificate(files(), now)).rejects.toThrow(message);
    await expect(readCertificate(files(), now)).rejects.toThrow(folder);
  });

  it('says what is wrong: times, rights, no file', async () => {
    await put(first);
    await expect(readCertificate(files(), now + 4000 * dayMs)).rejects.toThrow(
      'has expired: it was valid until 2036',
    );
    await expect(readCertificate(files(), now - 4000 * dayMs)).rejects.toThrow('is not valid yet');
    await chmod(files().keyFile, 0o644);
    await expect(readCertificate(files(), now)).rejects.toThrow('chmod 600');
    await rm(files().keyFile);
    await expect(readCertificate(files(), now)).rejects.toThrow('there is no such file');
  });
});

describe('a server with TLS', () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function serve(certificates: Certificates): Promise<number> {
    await certificates.start();
    const server = createServer(certificates, (_request, response) => response.end('here'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(
      () => certificates.stop(),
      () => {
        server.closeAllConnections();
        server.close();
      },
    );
    return z.object({ port: z.number() }).parse(server.address()).port;
  }

  function shown(
    port: number,
    maxVersion: SecureVersion = 'TLSv1.3',
  ): Promise<{ name: string; cipher: string }> {
    return new Promise((resolve, reject) => {
      const socket: TLSSocket = connect(
        { port, host: '127.0.0.1', rejectUnauthorized: false, maxVersion, minVersion: 'TLSv1' },
        () => {
          resolve({ name: String(socket.getPeerCertificate().subject.CN), cipher: socket.getCipher().name });
          socket.destroy();
        },
      );
      socket.once('error', reject);
    });
  }

  it('shows a new certificate without a restart, and keeps the old one when the new one is broken', async () => {
    await put(first);
    const complaints: string[] = [];
    const onError = (message: string) => complaints.push(message);
    const certificates = new Certificates({
      source: 'files',
      files: files(),
      now: () => now,
      onError,
      everyMs: 20,
    });
    const port = await serve(certificates);
    expect((await shown(port)).name).toBe('first.example');
    // A connection that is open goes on.
    const open = await new Promise<IncomingMessage>((resolve) =>
      request({ port, host: '127.0.0.1', rejectUnauthorized: false }, resolve).end(),
    );
    expect(open.statusCode).toBe(200);

    await put({ cert: second.cert, key: first.key });
    await vi.waitFor(() => expect(certificates.problem).toContain('does not belong'), 5000);
    expect((await shown(port)).name).toBe('first.example');
    expect(complaints).toHaveLength(1);

    await put(second);
    await vi.waitFor(async () => expect((await shown(port)).name).toBe('second.example'), 5000);
    expect(certificates.problem).toBeNull();
  });

  it('speaks TLS 1.2 and 1.3 with good ciphers, and nothing older', async () => {
    await put(first);
    const port = await serve(
      new Certificates({ source: 'files', files: files(), now: () => now, onError: () => {} }),
    );
    expect((await shown(port)).cipher).toMatch(/^TLS_/);
    expect((await shown(port, 'TLSv1.2')).cipher).toMatch(/^ECDHE-.*(GCM|CHACHA20)/);
    await expect(shown(port, 'TLSv1.1')).rejects.toThrow();
  });

  it('signs for itself once, with a key that nobody else reads', async () => {
    const own = { certFile: join(folder, 'own', 'certificate.pem'), keyFile: join(folder, 'own', 'key.pem') };
    const create = () =>
      new Certificates({ source: 'self-signed', files: own, now: () => now, onError: () => {} });
    const one = create();
    await one.start();
    await one.stop();
    const two = create();
    await two.start();
    await two.stop();
    expect(two.current.fingerprint).toBe(one.current.fingerprint);
    expect(two.current.names).toEqual(expect.arrayContaining(['localhost', '127.0.0.1']));
    expect((await stat(own.keyFile)).mode & 0o777).toBe(0o600);
  });

  it('leads from http to https what only reads', async () => {
    const server = createRedirectServer((host) => `https://${host.replace(/:\d+$/, '')}:8443`);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const ask = (method: string, path: string, host: string) =>
      new Promise<[number | undefined, string | undefined]>((resolve, reject) => {
        get({ port, host: '127.0.0.1', method, path, headers: { host } }, (reply) => {
          reply.resume();
          resolve([reply.statusCode, reply.headers.location]);
        }).once('error', reject);
      });
    expect(await ask('GET', '/rooms/1?a=b', 'rackhaus.house')).toEqual([
      308,
      'https://rackhaus.house:8443/rooms/1?a=b',
    ]);
    expect(await ask('POST', '/api/session', 'rackhaus.house')).toEqual([403, undefined]);
    expect(await ask('GET', '/', 'evil/@x')).toEqual([403, undefined]);
    expect(await ask('GET', '//evil.example/', 'rackhaus.house')).toEqual([
      308,
      'https://rackhaus.house:8443//evil.example/',
    ]);
  });
});

describe('a certificate that ends', () => {
  it.each([
    [31, []],
    [29, [['expiry', 'warning']]],
    [6, [['expiry', 'critical']]],
    [-1, [['expiry', 'critical']]],
  ])('in %s days', (days, expected) => {
    const conditions = certificateConditions({ subject: 'x', validTo: now + days * dayMs + 1 }, null, now);
    expect(conditions.map(({ id, severity }) => [id, severity])).toEqual(expected);
  });
  it('and files that cannot be used are said', () => {
    const conditions = certificateConditions(
      { subject: 'x', validTo: now + 100 * dayMs },
      { text: 'The key is damaged.', since: now },
      now,
    );
    expect(conditions).toMatchObject([{ id: 'files', severity: 'warning' }]);
  });
});
