import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { pino } from 'pino';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import type { Audit } from './audit.ts';
import { Forwarding } from './forwarding.ts';
import { testAudit } from './testing.ts';

/** Takes RFC 6587 frames apart, strictly. */
class Receiver {
  readonly messages: string[] = [];
  readonly server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(make: (listener: (socket: Socket) => void) => Server) {
    this.server = make((socket) => {
      this.#sockets.add(socket);
      let rest = Buffer.alloc(0);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        rest = Buffer.concat([rest, chunk]);
        for (;;) {
          const head = /^([1-9]\d*) /.exec(rest.subarray(0, 12).toString('latin1'));
          const length = Number(head?.[1]);
          const at = head?.[0].length ?? 0;
          if (head === null || rest.length < at + length) break;
          this.messages.push(rest.subarray(at, at + length).toString('utf8'));
          rest = rest.subarray(at + length);
        }
      });
    });
  }

  async listen(port = 0): Promise<number> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  numbers(): number[] {
    return this.messages.map((message) => Number(/number="(\d+)"/.exec(message)?.[1]));
  }
}

let db: Database;
let audit: Audit;
let forwarding: Forwarding;
const receivers: Receiver[] = [];
const outgoing = { lookup: undefined as never, resolve: async (host: string) => host };
const made = () =>
  new Forwarding({ db, outgoing, elapsed: () => performance.now(), log: pino({ level: 'silent' }) });

beforeEach(async () => {
  db = await openDatabase(':memory:');
  audit = testAudit(db);
  forwarding = made();
  await forwarding.start();
  audit.onNote(() => forwarding.noted());
});
afterEach(async () => {
  await forwarding.stop();
  for (const receiver of receivers.splice(0)) await receiver.close();
  await db.destroy();
});

function plain(): Receiver {
  const receiver = new Receiver(createServer);
  receivers.push(receiver);
  return receiver;
}
const note = (name = 'Anna') =>
  audit.note({
    action: 'sign-in',
    outcome: 'done',
    by: { kind: 'person', id: 1, name },
    address: '192.0.2.1',
  });
const to = (port: number, more: object = {}) => ({
  enabled: true,
  host: '127.0.0.1',
  port,
  tls: false,
  ca: '',
  ...more,
});

it('hands rows over as they are noted, as RFC 5424 with structured data', async () => {
  const receiver = plain();
  await note();
  await forwarding.set(to(await receiver.listen()));
  await note('Jörg "J" ]\\\n<34>1 forged');
  await expect.poll(() => receiver.messages.length).toBe(1);
  const [message = ''] = receiver.messages;
  expect(message).toMatch(
    /^<110>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \S+ rackhaus \d+ sign-in \[rackhaus@32473 number="2" /,
  );
  expect(message).toContain('byName="Jörg \\"J\\" \\]\\\\ <34>1 forged"');
  expect(message).not.toContain('\n');
  expect(await forwarding.state()).toMatchObject({ state: 'connected', position: 2, waiting: 0 });
});

it('loses nothing while the server is away, nor what it had not read when it went', async () => {
  const first = plain();
  const port = await first.listen();
  await forwarding.set(to(port));
  for (let index = 0; index < 300; index++) await note();
  await expect.poll(() => first.messages.length).toBe(300);
  await first.close();
  for (let index = 0; index < 300; index++) await note();
  expect((await forwarding.state()).waiting).toBeGreaterThan(0);
  const second = plain();
  await second.listen(port);
  await expect.poll(() => new Set(second.numbers()).size, { timeout: 8000 }).toBe(600);
  // In the order of their numbers; what the first one may not have read comes once more.
  expect(second.numbers()).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
}, 15_000);

it('goes on after a restart where it was, without repeats when the server had read all', async () => {
  const receiver = plain();
  const port = await receiver.listen();
  await forwarding.set(to(port));
  await note();
  await expect.poll(() => receiver.messages.length).toBe(1);
  await forwarding.stop();
  await note();
  forwarding = made();
  await forwarding.start();
  await expect.poll(() => receiver.messages.length).toBe(2);
  expect(receiver.numbers()).toEqual([1, 2]);
});

it('speaks TLS, and refuses a server that it cannot trust', async () => {
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  const receiver = new Receiver((listener) =>
    createTlsServer({ key: pems.private, cert: pems.cert }, listener),
  );
  receivers.push(receiver);
  const port = await receiver.listen();
  await forwarding.set(to(port, { tls: true }));
  await note();
  await expect.poll(async () => (await forwarding.state()).lastError).toMatch(/self.signed/i);
  expect(receiver.messages).toEqual([]);
  await forwarding.set(to(port, { tls: true, ca: pems.cert }));
  await expect.poll(() => receiver.messages.length).toBe(1);
});
