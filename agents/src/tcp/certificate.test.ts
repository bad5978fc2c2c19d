import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { shownCertificate } from './certificate.ts';
import { Certificates } from './certificates.ts';

const Address = z.object({ port: z.number() });
const options = { host: '127.0.0.1', timeoutMs: 500, signal: new AbortController().signal };

it('says until when the certificate of a server holds, whoever signed it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '20'].concat([
      '-subj',
      '/CN=archiv.example',
      '-keyout',
      key,
      '-out',
      cert,
    ]),
    { stdio: 'ignore' },
  );
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = Address.parse(server.address());
  const shown = await shownCertificate({ ...options, port });
  expect(((shown?.validUntil ?? 0) - Date.now()) / 86_400_000).toBeCloseTo(20, 1);
  server.close();
  rmSync(folder, { recursive: true });
});

it('sees none where no TLS is spoken, or nothing at all', async () => {
  const server = createPlainServer((socket) => {
    socket.on('error', () => {});
    socket.resume();
    socket.end('220 hello\r\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = Address.parse(server.address());
  expect(await shownCertificate({ ...options, port })).toBeNull();
  server.close();
  await once(server, 'close');
  expect(await shownCertificate({ ...options, port })).toBeNull();
});

it('looks once an hour, tells every time, and keeps what it knows over a failed look', async () => {
  let clock = 0;
  let looks = 0;
  let shown: { validUntil: number } | null = { validUntil: 2_000_000_000 };
  const certificates = new Certificates({
    look: async () => {
      looks++;
      return shown;
    },
    monotonicMs: () => clock,
  });
  const tell = () => certificates.readings(7, [22, 443], 1_000_000_000);
  const told = [
    {
      deviceId: 7,
      kind: 'service',
      entity: 'tcp/443',
      time: 1_000_000_000,
      values: { certificate: 1_000_000 },
    },
  ];
  expect(await tell()).toEqual(told);
  expect(await tell()).toEqual(told);
  expect(looks).toBe(1);
  clock = 3_600_000;
  shown = null;
  expect(await tell()).toEqual(told);
  expect(looks).toBe(2);
});
