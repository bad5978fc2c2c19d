import { CreatedKioskLink, type ViewUpdate } from '@rackhaus/config/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { heard, TestDevices, type TestServer, testDevice } from '../monitoring/testing.ts';
import { connected, gone, type LiveServer, next, startLiveServer, watch } from './testing.ts';

// Real servers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let live: LiveServer;
let server: TestServer;
const connect: LiveServer['connect'] = (cookie, headers) => live.connect(cookie, headers);
const deliver: LiveServer['deliver'] = (...readings) => live.deliver(...readings);

beforeEach(async () => {
  live = await startLiveServer(new TestDevices([testDevice(1), testDevice(2, { roomId: 2, rackId: 2 })]));
  ({ server } = live);
});
afterEach(() => live.close());

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
    const down = { deviceId: 1, kind: 'port', entity: '2', time, values: { oper: 2, admin: 1 } } as const;
    // On a busy machine it would be silent by now.
    await deliver(heard(1, time), down);

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
    // That it was heard of may be told before what it said.
    const agents = next(client, (item) => item.type === 'agent' && item.queue === 3);
    await deliver({ deviceId: 0, kind: 'agent', entity: '', time: Date.now(), values: { queue: 3 } });
    expect((await agents).items.find((item) => item.type === 'agent')).toMatchObject({
      name: 'local',
      state: 'ok',
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
});
