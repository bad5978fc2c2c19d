import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { defaultSettings } from '../settings/settings.ts';
import { createLinks } from './links.ts';
import { startTestDelivery, type TestDelivery } from './testing.ts';

let folder: string;
let dovecot: ChildProcess;
let port: number;
let test: TestDelivery;
let count = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rackhaus-imap-'));
  await chmod(folder, 0o755);
  for (const part of ['cur', 'new', 'tmp']) {
    await mkdir(join(folder, 'mail', part), { recursive: true });
    await chmod(join(folder, 'mail', part), 0o777);
  }
  await chmod(join(folder, 'mail'), 0o777);
  port = await freePort();
  const config = join(folder, 'dovecot.conf');
  await writeFile(
    config,
    `protocols = imap
base_dir = ${folder}/run
state_dir = ${folder}/state
listen = 127.0.0.1
log_path = ${folder}/log
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:${folder}/mail
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${folder}
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`,
  );
  dovecot = spawn('dovecot', ['-F', '-c', config], { stdio: 'ignore' });
  test = await startTestDelivery();
});
afterEach(async () => {
  await test.remove();
  const ended = new Promise((resolve) => dovecot.once('exit', resolve));
  dovecot.kill();
  await ended;
  await rm(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return free;
}

/** A mail comes in, as a mail server delivers it. */
async function arrives(headers: Record<string, string>, text: string): Promise<void> {
  const name = `${Date.now()}.${++count}.test`;
  const lines = Object.entries({
    'Content-Type': 'text/plain; charset=utf-8',
    To: 'rackhaus@example.de',
    ...headers,
  });
  const source = [...lines.map(([key, value]) => `${key}: ${value}`), '', text].join('\r\n');
  await writeFile(join(folder, 'mail', 'new', name), source);
  await chmod(join(folder, 'mail', 'new', name), 0o666);
}

/** Files of mails that have been dealt with. */
async function seen(): Promise<number> {
  return (await readdir(join(folder, 'mail', 'cur'))).filter((name) => /:2,.*S/.test(name)).length;
}

async function read(): Promise<void> {
  // The server begins a moment after it was started; until then the mailbox would wait half a minute.
  await expect.poll(() => answersAt(port), { timeout: 15_000 }).toBe(true);
  await test.delivery.settings.write(
    { ...defaultSettings, mailbox: { host: '127.0.0.1', port, security: 'none', user: 'rackhaus' } },
    { mailboxPassword: 'secret' },
    'Admin',
  );
}
async function answersAt(at: number): Promise<boolean> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect(at, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function told() {
  const channel = await test.channel({ kind: 'email', address: 'Anna@example.de' });
  const incident = await test.incident('core-1');
  const delivery = await test.tell(channel, incident, 'opened');
  await test.settled();
  const row = await test.db
    .selectFrom('deliveries')
    .selectAll()
    .where('id', '=', delivery)
    .executeTakeFirstOrThrow();
  const secret = await test.delivery.settings.ownSecret('link-key', z.string(), () => '');
  const token = createLinks(Buffer.from(secret, 'base64')).tokenOf(row);
  return { incident, code: row.reply_code ?? '', messageId: `<rackhaus.${token}@example.de>` };
}

it('takes what somebody answers, and nothing that others or programs write', async () => {
  const { incident, code, messageId } = await told();
  await arrives({ From: 'Mallory <mallory@example.com>', 'In-Reply-To': messageId }, `ok ${code}`);
  await arrives(
    { From: 'anna@example.de', 'In-Reply-To': messageId, 'Auto-Submitted': 'auto-replied' },
    `Ja, ${code}`,
  );
  await arrives(
    { From: 'anna@example.de', 'In-Reply-To': messageId },
    `Was ist denn los?\n\n> Zum Übernehmen mit ${code} antworten.`,
  );
  await arrives({ From: 'anna@example.de' }, 'ok');
  await read();
  await expect.poll(seen, { timeout: 15_000 }).toBe(4);
  expect(test.acknowledged).toEqual([]);
  await arrives(
    { From: '"Anna" <ANNA@example.de>', 'In-Reply-To': messageId },
    'Übernommen, fahre hin.\n\nAm 22.11. schrieb Rackhaus:\n> alt',
  );
  // Told by the server, long before anybody looks again.
  await expect
    .poll(() => test.acknowledged, { timeout: 25_000 })
    .toEqual([{ incidentId: incident, actor: { userId: test.userId, name: 'Anna', via: 'E-Mail' } }]);
  expect(test.errors.filter((error) => error.includes('mailbox'))).toEqual([]);
}, 60_000);

it('takes a code in a new mail', async () => {
  const { incident, code } = await told();
  await arrives({ From: 'anna@example.de' }, `${code.toLowerCase()}\n`);
  await read();
  await expect
    .poll(() => test.acknowledged.map(({ incidentId }) => incidentId), { timeout: 25_000 })
    .toEqual([incident]);
}, 60_000);
