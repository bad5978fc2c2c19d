import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { AlertSettings } from '@rackhaus/config/contract';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startTestDelivery, type TestDelivery } from '../delivery/testing.ts';
import { defaultSettings } from '../settings/settings.ts';
import { tokenInMessageId } from './email.ts';

let folder: string;
let key: string;
let cert: string;
const trusted = getCACertificates('default');
let test: TestDelivery;
let server: SMTPServer;
let mails: { source: string; secure: boolean; user: string | undefined }[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rackhaus-smtp-'));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      keyFile,
      '-out',
      certFile,
      ...subject,
    ],
    { stdio: 'ignore' },
  );
  key = readFileSync(keyFile, 'utf8');
  cert = readFileSync(certFile, 'utf8');
  setDefaultCACertificates([...trusted, cert]);
});
afterAll(() => {
  setDefaultCACertificates(trusted);
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  await test.remove();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

async function start(
  options: SMTPServerOptions,
  security: NonNullable<AlertSettings['mail']>['security'],
  password = 'secret',
) {
  mails = [];
  server = new SMTPServer({
    key,
    cert,
    onAuth: (auth, _session, done) =>
      auth.username === 'rackhaus' && auth.password === 'secret'
        ? done(null, { user: auth.username })
        : done(new Error('Wrong password')),
    onRcptTo: (address, _session, done) =>
      address.address.startsWith('unknown')
        ? done(Object.assign(new Error('No such user'), { responseCode: 550 }))
        : done(),
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        mails.push({
          source: Buffer.concat(parts).toString(),
          secure: session.secure,
          user: String(session.user),
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test = await startTestDelivery();
  const { port } = server.server.address() as AddressInfo;
  await test.delivery.settings.write(
    {
      ...defaultSettings,
      mail: {
        host: 'localhost',
        port,
        security,
        user: 'rackhaus',
        from: 'Rackhaus <rackhaus@example.de>',
        deviceId: null,
      },
    },
    { mailPassword: password },
    'Admin',
  );
  return test.channel({ kind: 'email', address: 'anna@example.de' });
}

it('sends by TLS with a password, in words and form, with ids that answers can name', async () => {
  const channel = await start({ secure: true }, 'tls');
  const incident = await test.incident('core-1 <&>');
  await test.tell(channel, incident, 'opened');
  await test.settled();
  const [sent] = mails;
  expect(sent).toMatchObject({ secure: true, user: 'rackhaus' });
  const mail = await PostalMime.parse(sent?.source ?? '');
  const { reply_code } = await test.db
    .selectFrom('deliveries')
    .select('reply_code')
    .executeTakeFirstOrThrow();
  expect(mail).toMatchObject({
    from: { name: 'Rackhaus', address: 'rackhaus@example.de' },
    to: [{ address: 'anna@example.de' }],
    subject: `[${reply_code}] Kritisch: core-1 <&> antwortet nicht`,
    inReplyTo: `<rackhaus.incident-${incident}@example.de>`,
  });
  expect(mail.text).toContain(`Zum Übernehmen mit ${reply_code} antworten.`);
  expect(mail.text).toContain('Übernehmen: https://rackhaus.example.de/a/');
  expect(mail.html).toContain('Kritisch: core-1 &lt;&amp;&gt; antwortet nicht');
  expect(tokenInMessageId(mail.messageId ?? '')).toMatch(/^[0-9a-z]+-[-\w]{22}$/);
  expect(mail.headers.find(({ key: name }) => name === 'auto-submitted')?.value).toBe('auto-generated');
});

it('sends by STARTTLS, and neither password nor message where the server has none', async () => {
  const channel = await start({}, 'starttls');
  await test.tell(channel, null, 'test');
  await test.settled();
  expect(mails).toMatchObject([{ secure: true, user: 'rackhaus' }]);
  await test.remove();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  const plain = await start(
    { hideSTARTTLS: true, disabledCommands: ['STARTTLS'], allowInsecureAuth: true },
    'starttls',
  );
  await test.tell(plain, null, 'test');
  await test.settled();
  expect(mails).toEqual([]);
  expect(await test.rows()).toMatchObject([{ state: 'waiting', attempts: 1 }]);
});

it('does not believe a server that nobody vouches for', async () => {
  setDefaultCACertificates(trusted);
  const channel = await start({ secure: true }, 'tls');
  await test.tell(channel, null, 'test');
  await test.settled();
  expect(await test.rows()).toMatchObject([
    { state: 'waiting', last_error: expect.stringMatching(/certificate|self.signed/i) },
  ]);
  setDefaultCACertificates([...trusted, cert]);
});

it('tells an address that does not exist from a password that may be put right', async () => {
  await start({ secure: true }, 'tls');
  const unknown = await test.channel({ kind: 'email', address: 'unknown@example.de' });
  await test.tell(unknown, await test.incident('a'), 'opened');
  await test.settled();
  expect(await test.rows()).toMatchObject([
    { state: 'failed', last_error: expect.stringContaining('No such user') },
  ]);
  await test.remove();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  const channel = await start({ secure: true }, 'tls', 'wrong');
  await test.tell(channel, null, 'test');
  await test.settled();
  expect(await test.rows()).toMatchObject([{ state: 'waiting' }]);
});

it('repeats with the same message id', async () => {
  let refused = 0;
  const channel = await start(
    {
      secure: true,
      onMailFrom: (_address, _session, done) =>
        refused++ === 0 ? done(Object.assign(new Error('Greylisted'), { responseCode: 451 })) : done(),
    },
    'tls',
  );
  await test.tell(channel, await test.incident('a'), 'opened');
  await test.settled();
  expect(await test.rows()).toMatchObject([
    { state: 'waiting', last_error: expect.stringContaining('Greylisted') },
  ]);
  test.clock.now += 60_000;
  test.delivery.wake();
  await test.settled();
  expect(mails).toHaveLength(1);
});
