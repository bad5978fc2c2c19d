import { Socket as TcpSocket } from 'node:net';
import {
  agentHeaders,
  type ClientToServerEvents,
  CreatedKioskLink,
  formatLines,
  type LiveItem,
  liveItemKey,
  type Reading,
  type ServerToClientEvents,
  type StreamPosition,
  type ViewName,
  type ViewUpdate,
  WatchReply,
} from '@rackhaus/config/contract';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { heard, startTestServer, TestDevices, type TestServer, testDevice } from '../monitoring/testing.ts';

// Real servers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

type Client = Socket<ServerToClientEvents, ClientToServerEvents>;

let server: TestServer;
let agent: { id: number; token: string };
let sequence = 0;
const clients: Client[] = [];

beforeEach(async () => {
  server = await startTestServer({
    devices: new TestDevices([testDevice(1), testDevice(2, { roomId: 2, rackId: 2 })]),
  });
  agent = await server.agent('local');
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await server.close();
});

function connect(cookie: string | undefined, headers: Record<string, string> = {}): Client {
  const client: Client = io(server.url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { ...(cookie === undefined ? {} : { cookie }), ...headers },
  });
  clients.push(client);
  return client;
}

const connected = (client: Client): Promise<void> =>
  new Promise((resolve, reject) => {
    client.once('connect', resolve);
    client.once('connect_error', reject);
  });

const gone = (client: Client): Promise<void> =>
  new Promise((resolve) => {
    client.once('disconnect', () => resolve());
  });

async function watch(
  client: Client,
  view: ViewName,
  since: StreamPosition | null = null,
): Promise<ViewUpdate> {
  const reply = WatchReply.parse(await client.emitWithAck('watch', { view, since }));
  if (!reply.ok) throw new Error(reply.message);
  return reply.update;
}

/** Resolves with the next update that holds an item like this. */
function next(client: Client, wanted: (item: LiveItem) => boolean): Promise<ViewUpdate> {
  return new Promise((resolve) => {
    const listen = (update: ViewUpdate) => {
      if (!update.items.some(wanted)) return;
      client.off('update', listen);
      resolve(update);
    };
    client.on('update', listen);
  });
}

async function deliver(...readings: Reading[]): Promise<void> {
  const reply = await fetch(`${server.url}/api/agent/readings`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${agent.token}`,
      'content-type': 'text/plain',
      [agentHeaders.outbox]: 'box',
      [agentHeaders.sequence]: String(++sequence),
    },
    body: formatLines(readings),
  });
  expect(reply.status).toBe(204);
}

describe('live sockets', () => {
  it('refuse who has no session, and pages of others', async () => {
    await expect(connected(connect(undefined))).rejects.toThrow('unauthenticated');
    await expect(connected(connect('rackhaus_session=rhs_wrong'))).rejects.toThrow('unauthenticated');
    const cookie = await server.cookie();
    await expect(connected(connect(cookie, { origin: 'https://elsewhere.example' }))).rejects.toThrow();
    await connected(connect(cookie, { origin: server.url }));
  });

  it('let a kiosk watch', async () => {
    const userId = await server.access.users.create({
      name: 'Boss',
      password: 'correct horse battery',
      role: 'administrator',
    });
    const boss = (await server.access.sessions.open({ userId }, undefined)).split(';')[0] ?? '';
    const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(server.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const made = await post('/api/kiosk-links', { name: 'Hall', path: '/rooms' }, { cookie: boss });
    const { url } = CreatedKioskLink.parse(await made.json());
    const signedIn = await post('/api/kiosk-session', { token: url.split('#')[1] ?? url.split('/').at(-1) });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0];
    const client = connect(cookie);
    await connected(client);
    expect((await watch(client, 'overview')).full).toBe(true);
  });

  it('close at once when the session ends', async () => {
    const cookie = await server.cookie();
    const client = connect(cookie);
    await connected(client);
    const closed = gone(client);
    await server.access.sessions.end(cookie);
    await closed;
  });

  it('answer nonsense without harm', async () => {
    const client = connect(await server.cookie());
    await connected(client);
    const raw = (request: unknown) => client.emitWithAck('watch', request as never);
    expect(await raw({ view: 'nowhere', since: null })).toMatchObject({ ok: false });
    expect(await raw(null)).toMatchObject({ ok: false });
    expect(await raw({ view: 'room:1', since: { epoch: 1, number: 'x' } })).toMatchObject({ ok: false });
    client.emit('unwatch', 7 as never);
    client.emit('watch', {} as never, undefined as never);
    for (let i = 1; i <= 20; i++) await watch(client, `device:${i}`);
    expect(await raw({ view: 'device:21', since: null })).toMatchObject({ ok: false });
    client.emit('unwatch', 'device:3');
    await watch(client, 'device:21');
    const big = gone(client);
    client.emit('unwatch', 'x'.repeat(10_000));
    await big;
  });

  it('bring a reading to every screen that shows it, and to no other', async () => {
    const cookie = await server.cookie();
    const [one, two] = [connect(cookie), connect(cookie)];
    await Promise.all([connected(one), connected(two)]);
    expect((await watch(one, 'room:1')).items.map((item) => item.type)).toEqual(['device', 'inventory']);
    await watch(two, 'room:2');
    const others: ViewUpdate[] = [];
    two.on('update', (update) => others.push(update));

    const seen = next(one, (item) => item.type === 'port');
    const time = Date.now();
    await deliver(heard(1, time), {
      deviceId: 1,
      kind: 'port',
      entity: '1',
      time,
      values: { oper: 1, admin: 1, speed: 1e9, rx: 512e6, tx: 1e6 },
    });
    const update = await seen;
    expect(update.full).toBe(false);
    expect(update.items).toContainEqual({
      type: 'port',
      id: 101,
      deviceId: 1,
      state: 'up',
      speed: 1e9,
      use: 0.5,
    });
    expect(update.items.find((item) => item.type === 'device')).toMatchObject({
      id: 1,
      state: 'ok',
      since: time,
    });

    const own = next(two, (item) => item.type === 'device');
    await deliver(heard(2, Date.now()));
    await own;
    expect(others.every((other) => other.view === 'room:2')).toBe(true);
    expect(others).toHaveLength(1);
  });

  it('say nothing when a poll changes nothing that a room shows', async () => {
    const client = connect(await server.cookie());
    await connected(client);
    await deliver(heard(1, Date.now() - 4000));
    await watch(client, 'room:1');
    const updates: ViewUpdate[] = [];
    client.on('update', (update) => updates.push(update));
    await deliver(heard(1, Date.now() - 2000));
    const unreachable = next(client, (item) => item.type === 'device' && item.state === 'critical');
    await deliver(heard(1, Date.now(), 0));
    const update = await unreachable;
    expect(updates).toEqual([update]);
  });

  it('give who comes back just what was missed', async () => {
    const cookie = await server.cookie();
    const client = connect(cookie);
    await connected(client);
    await deliver(heard(1, Date.now() - 3000), heard(2, Date.now() - 3000));
    const before = await watch(client, 'overview');
    await watch(client, 'room:1');
    const position = (await watch(client, 'room:1')).position;
    client.disconnect();
    const time = Date.now();
    await deliver({ deviceId: 1, kind: 'port', entity: '2', time, values: { oper: 2, admin: 1 } });

    const again = connect(cookie);
    await connected(again);
    const watcher = await watch(again, 'overview', before.position);
    expect(watcher.full).toBe(false);
    // What was gathered is sent within 100 ms, before or after the answer.
    const missed = await watch(again, 'room:1', position);
    const items = missed.items.length > 0 ? missed : await next(again, (item) => item.type === 'port');
    expect(missed.full).toBe(false);
    expect(items.items.filter((item) => item.type === 'port')).toMatchObject([{ id: 102, state: 'down' }]);

    const stranger = await watch(again, 'room:1', { epoch: 'another', number: position.number });
    expect(stranger.full).toBe(true);
  });

  it('show agents, and devices that are added and removed', async () => {
    const client = connect(await server.cookie());
    await connected(client);
    const overview = await watch(client, 'overview');
    expect(overview.items.find((item) => item.type === 'overview')).toMatchObject({
      total: 2,
      unknown: 2,
      rooms: { 1: 'unknown', 2: 'unknown' },
    });
    const agents = next(client, (item) => item.type === 'agent' && item.state === 'ok');
    await deliver({ deviceId: 0, kind: 'agent', entity: '', time: Date.now(), values: { queue: 3 } });
    expect((await agents).items.find((item) => item.type === 'agent')).toMatchObject({
      name: 'local',
      queue: 3,
    });

    await watch(client, 'room:1');
    const added = next(client, (item) => item.type === 'device' && item.id === 3);
    server.devices.set([testDevice(1), testDevice(3)]);
    await added;
    const removed = new Promise<ViewUpdate>((resolve) => {
      client.on('update', (update) => update.view === 'room:1' && update.full && resolve(update));
    });
    server.devices.set([testDevice(3)]);
    expect((await removed).items.flatMap((item) => (item.type === 'device' ? [item.id] : []))).toEqual([3]);
  });

  it('hold nothing back for a client that takes nothing, and give it everything when it can follow again', async () => {
    const ports = Array.from({ length: 3000 }, (_, i) => ({
      id: 1000 + i,
      name: `p${i}`,
      kind: 'network' as const,
      infrastructure: false,
      farDeviceId: null,
    }));
    server.devices.set([testDevice(1, { ports })]);
    const cookie = await server.cookie();
    const [slow, quick] = [connect(cookie), connect(cookie)];
    await Promise.all([connected(slow), connected(quick)]);
    await deliver(heard(1, Date.now()));
    await watch(slow, 'room:1');
    await watch(quick, 'room:1');
    const screen = new Map<string, LiveItem>();
    let fulls = 0;
    slow.on('update', (update) => {
      if (update.full) {
        screen.clear();
        fulls++;
      }
      for (const item of update.items) screen.set(liveItemKey(item), item);
    });

    const tcp = tcpOf(slow);
    tcp.pause();
    const change = (oper: number) => {
      const time = Date.now();
      return deliver(
        heard(1, time),
        ...ports.map(
          ({ name }): Reading => ({ deviceId: 1, kind: 'port', entity: name, time, values: { oper } }),
        ),
      );
    };
    for (let i = 0; i < 40; i++) {
      const seen = next(quick, (item) => item.type === 'port');
      await change(1 + (i % 2));
      await seen;
    }
    tcp.resume();
    await expect.poll(() => fulls, { timeout: 20_000 }).toBeGreaterThan(0);
    await change(1);
    await expect
      .poll(() => [...screen.values()].filter((item) => item.type === 'port' && item.state === 'up').length, {
        timeout: 20_000,
      })
      .toBe(3000);
  }, 60_000);
});

/** The TCP connection under a client, to let it take nothing. */
function tcpOf(client: Client): { pause(): void; resume(): void } {
  const transport: unknown = client.io.engine.transport;
  const ws: unknown = Reflect.get(Object(transport), 'ws');
  const socket: unknown = Reflect.get(Object(ws), '_socket');
  if (!(socket instanceof TcpSocket)) throw new Error('not a WebSocket over TCP');
  return socket;
}
