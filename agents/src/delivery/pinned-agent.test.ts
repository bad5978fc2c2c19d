import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BackendAwayError, BackendClient } from './backend-client.ts';
import { readFingerprint } from './pinned-agent.ts';

const Address = z.object({ port: z.number() });
let folder: string;
let server: Server;
let url: URL;
let fingerprint: string;
let heard: (string | undefined)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rackhaus-pin-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'].concat([
      ...['-subj', '/CN=elsewhere.example', '-keyout', key, '-out', cert],
    ]),
    { stdio: 'ignore' },
  );
  fingerprint = new X509Certificate(readFileSync(cert)).fingerprint256;
  server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    heard.push(request.headers.authorization);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = new URL(`https://127.0.0.1:${Address.parse(server.address()).port}`);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

async function ask(pin: string | undefined) {
  heard = [];
  const client = new BackendClient({ server: url, token: () => 'secret', fingerprint: pin });
  const request = () =>
    client.request({
      method: 'GET',
      path: 'x',
      timeoutMs: 2000,
      signal: new AbortController().signal,
    });
  try {
    return [(await request()).status, (await request()).status];
  } finally {
    client.close();
  }
}

describe('a certificate that the server has signed itself', () => {
  it('is believed by its fingerprint, also on the next request', async () => {
    expect(await ask(fingerprint)).toEqual([200, 200]);
    expect(heard).toEqual(['Bearer secret', 'Bearer secret']);
  });

  it('is refused with another fingerprint, before the key is sent', async () => {
    const other = fingerprint.replace(/^../, fingerprint.startsWith('00') ? '01' : '00');
    await expect(ask(other)).rejects.toThrow(/another certificate than --fingerprint says/);
    expect(heard).toEqual([]);
  });

  it('is refused without a fingerprint', async () => {
    await expect(ask(undefined)).rejects.toThrow(BackendAwayError);
    expect(heard).toEqual([]);
  });
});

it('reads a fingerprint as it is shown, and nothing else', () => {
  const hex = fingerprint.replaceAll(':', '').toLowerCase();
  expect(readFingerprint(`sha256:${fingerprint}`)).toBe(fingerprint);
  expect(readFingerprint(`sha256:${hex}`)).toBe(fingerprint);
  for (const wrong of ['', fingerprint, `sha1:${hex}`, `sha256:${hex}0`, 'sha256:zz'])
    expect(readFingerprint(wrong)).toBeNull();
});
