import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestDevices, testDevice } from '../monitoring/testing.ts';
import { type Client, connected, gone, type LiveServer, startLiveServer, watch } from './testing.ts';

// A thousand sockets on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let live: LiveServer;
beforeEach(async () => {
  live = await startLiveServer(new TestDevices([testDevice(1)]));
});
afterEach(() => live.close());

const client = (cookie: string): Client => live.connect(cookie);

/** Sessions of one person. */
async function sessions(count: number): Promise<string[]> {
  const { access } = live.server;
  const userId = await access.users.create({
    name: `person ${performance.now()}`,
    password: 'correct horse battery',
    role: 'viewer',
  });
  const opened = Array.from({ length: count }, () => access.sessions.open({ userId }, undefined));
  return (await Promise.all(opened)).map((cookie) => cookie.split(';')[0] ?? '');
}

/** What became of each: "in", or why not. */
async function outcomes(clients: readonly Client[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const all = await Promise.all(
    clients.map((one) =>
      connected(one).then(
        () => 'in',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
    ),
  );
  for (const outcome of all) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return counts;
}

describe('sockets', () => {
  it('of one session are limited, with the reason', async () => {
    const cookie = await live.server.cookie();
    const counts = await outcomes(Array.from({ length: 40 }, () => client(cookie)));
    expect(Object.fromEntries(counts)).toEqual({ in: 30, 'too-many': 10 });
  });

  it('of one person are limited, whatever number of sessions they have', async () => {
    const counts = await outcomes(
      (await sessions(9)).flatMap((cookie) => Array.from({ length: 29 }, () => client(cookie))),
    );
    expect(Object.fromEntries(counts)).toEqual({ in: 250, 'too-many': 11 });
  });

  it('are free again when they are closed', async () => {
    const cookie = await live.server.cookie();
    const clients = Array.from({ length: 30 }, () => client(cookie));
    await outcomes(clients);
    const [first] = clients;
    await expect(connected(client(cookie))).rejects.toThrow('too-many');
    first?.disconnect();
    await expect
      .poll(() => connected(client(cookie)).then(() => 'in', String), { timeout: 20_000 })
      .toBe('in');
  });

  it('of one that talks without end are closed, and those of others are not', async () => {
    const cookies = [await live.server.cookie(), await live.server.cookie()] as const;
    const [loud, quiet] = [client(cookies[0]), client(cookies[1])];
    await Promise.all([connected(loud), connected(quiet)]);
    const closed = gone(loud);
    for (let index = 0; index < 1000; index++) loud.emit('unwatch', 'room:1');
    await closed;
    expect((await watch(quiet, 'overview')).full).toBe(true);
  });

  it('of one who looks from screen to screen are not', async () => {
    const person = client(await live.server.cookie());
    await connected(person);
    for (let index = 1; index <= 50; index++) {
      await watch(person, `device:${index}`);
      person.emit('unwatch', `device:${index}`);
      // Ten screens a second.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(person.connected).toBe(true);
  });

  it('a thousand from one client: it gets its share, others are served, and nothing of it stays', async () => {
    const people = [...(await sessions(17)), ...(await sessions(17))];
    const other = client(await live.server.cookie());
    await connected(other);
    const { rss: before } = process.memoryUsage();
    const clients = Array.from({ length: 1000 }, (_, index) => client(people[index % people.length] ?? ''));
    const counting = outcomes(clients);
    const asked = performance.now();
    expect((await watch(other, 'overview')).full).toBe(true);
    const waitedMs = performance.now() - asked;
    const counts = await counting;
    // With the one of somebody else, 400 are at this address.
    expect(counts.get('in')).toBe(399);
    expect([...counts.keys()].sort()).toEqual(['in', 'websocket error']);
    expect((await fetch(`${live.server.url}/api/session`)).status).toBe(200);
    expect((await watch(other, 'room:1')).full).toBe(true);
    for (const one of clients) one.disconnect();
    await expect
      .poll(() => connected(client(people[0] ?? '')).then(() => 'in', String), { timeout: 20_000 })
      .toBe('in');
    globalThis.gc?.();
    const grownMb = (process.memoryUsage().rss - before) / 1e6;
    // Both ends of them are in this process.
    expect(grownMb).toBeLessThan(200);
    expect(waitedMs).toBeLessThan(10_000);
  });

  it('tells who is refused why, in its answer to the handshake', async () => {
    const cookie = await live.server.cookie();
    const people = [...(await sessions(7)), ...(await sessions(7))];
    await outcomes(people.flatMap((own) => Array.from({ length: 30 }, () => client(own))));
    const reply = await fetch(`${live.server.url}/socket.io/?EIO=4&transport=polling`, {
      headers: { cookie },
    });
    expect(reply.status).toBe(403);
    expect(await reply.json()).toEqual({ code: 4, message: 'too-many' });
  });

  it.each([
    ['https://elsewhere.example', 'forbidden'],
    ['null', 'forbidden'],
    ['http://127.0.0.1', 'forbidden'],
  ])('of a page of %s are refused before anything is said', async (origin, message) => {
    const reply = await fetch(`${live.server.url}/socket.io/?EIO=4&transport=polling`, {
      headers: { cookie: await live.server.cookie(), origin },
    });
    expect(reply.status).toBe(403);
    expect(await reply.json()).toEqual({ code: 4, message });
  });

  it('that only open a connection and say nothing do not stay', async () => {
    const { port, hostname } = new URL(live.server.url);
    const socket = connect(Number(port), hostname);
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    socket.on('error', () => undefined);
    socket.resume();
    await ended;
  });
});
