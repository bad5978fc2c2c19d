import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AgentList,
  ApiTokenList,
  CreatedAgent,
  CreatedApiToken,
  CreatedKioskLink,
  Structure,
} from '@rackhaus/config/contract';
import { Secret } from '@rackhaus/config/settings';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { setUpDemo } from '../demo-setup.ts';
import { connected, gone, type Client as Socket, watch } from '../live/testing.ts';
import { Client } from '../testing/client.ts';
import { enrol } from '../testing/enrol.ts';
import { startTestBackend, type TestBackend, testPassword } from '../testing/test-backend.ts';
import { permissions } from './permissions.ts';

const password = testPassword;
const dayMs = 24 * 3_600_000;
let backend: TestBackend;
let admin: Client;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-machines-'));
  await setUpDemo({ dataDir: folder, password: new Secret(password) });
  backend = await startTestBackend({}, folder);
  admin = backend.client();
  await admin.post('/api/session', { user: 'admin', password });
}, 60_000);
afterAll(() => backend.remove());

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const call = (key: string, method: string, path: string, body?: unknown) =>
  new Client(backend.url).send(
    method,
    path,
    body === undefined ? undefined : JSON.stringify(body),
    bearer(key),
  );
const Description = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
const routes = async () =>
  Object.entries(Description.parse((await admin.get('/api/openapi.json')).json).paths).flatMap(
    ([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
const keyOfAgent = async (id: number) =>
  AgentList.parse((await admin.get('/api/agents')).json).agents.find((agent) => agent.id === id)?.key;

describe('keys of agents', () => {
  it('begin with a token of one use and one day', async () => {
    const made = CreatedAgent.parse((await admin.post('/api/agents', { name: 'Schule' })).json);
    expect(made.token).toMatch(/^rhe_[\w-]{43}$/);
    expect(made.validUntil - backend.clock.now).toBe(dayMs);
    expect((await call(made.token, 'GET', '/api/agent/assignment')).status).toBe(401);
    const key = await enrol(backend.url, made.token);
    // Lost answer: the same again. Another key: refused.
    expect((await backend.client().post('/api/agent/enrol', { token: made.token, key })).status).toBe(200);
    await expect(enrol(backend.url, made.token)).rejects.toThrow('used already');
    const late = CreatedAgent.parse((await admin.post(`/api/agents/${made.id}/enrolment`, undefined)).json);
    backend.clock.now += dayMs;
    await expect(enrol(backend.url, late.token)).rejects.toThrow('expired');
    expect((await call(key, 'GET', '/api/agent/assignment')).status).not.toBe(401);
  });

  it('hold until their successor was used; afterwards their use is told', async () => {
    admin = backend.client();
    await admin.post('/api/session', { user: 'admin', password });
    const made = CreatedAgent.parse((await admin.post('/api/agents', { name: 'Bücherei' })).json);
    const old = await enrol(backend.url, made.token);
    const ask = (key: string) => call(key, 'GET', '/api/agent/assignment');
    expect((await ask(old)).status).toBe(200);
    const next = `rha_${'n'.repeat(43)}`;
    expect((await call(old, 'POST', '/api/agent/key', { key: next })).status).toBe(204);
    expect((await call(old, 'POST', '/api/agent/key', { key: next })).status).toBe(204);
    expect((await ask(old)).status).toBe(200);
    expect((await ask(next)).status).toBe(200);
    // What was on its way is refused, and no alarm.
    expect((await ask(old)).status).toBe(401);
    expect(await keyOfAgent(made.id)).toMatchObject({ misused: null });
    backend.clock.now += 120_000;
    expect((await ask(old)).status).toBe(401);
    expect(await keyOfAgent(made.id)).toMatchObject({ misused: { time: backend.clock.now } });
    expect((await admin.post(`/api/agents/${made.id}/misuse-seen`, undefined)).status).toBe(204);
    expect(await keyOfAgent(made.id)).toMatchObject({ misused: null });
    // No key is used twice.
    expect((await call(next, 'POST', '/api/agent/key', { key: old })).status).toBe(409);
  });

  it('are told to be renewed after 30 days, to those who understand it', async () => {
    const made = CreatedAgent.parse((await admin.post('/api/agents', { name: 'Bauhof' })).json);
    const key = await enrol(backend.url, made.token);
    const ask = async (headers: Record<string, string>) =>
      (await new Client(backend.url).get('/api/agent/assignment', { ...bearer(key), ...headers })).json;
    const speaks = { 'x-rackhaus-speaks': '2' };
    expect(await ask(speaks)).not.toHaveProperty('renewKey');
    backend.clock.now += 31 * dayMs;
    expect(await ask(speaks)).toMatchObject({ renewKey: true, networks: expect.any(Array) });
    const older = await ask({});
    expect(older).not.toHaveProperty('renewKey');
    expect(older).not.toHaveProperty('networks');
    admin = backend.client();
    await admin.post('/api/session', { user: 'admin', password });
  });

  it('of this machine are renewed in their file; the old one holds until the new one is used', async () => {
    const file = join(backend.settings.dataDir, 'local-agent.token');
    const read = async () => (await readFile(file, 'utf8')).trim();
    const old = await read();
    expect((await call(old, 'GET', '/api/agent/assignment')).status).toBe(200);
    const id = AgentList.parse((await admin.get('/api/agents')).json).agents.find(
      ({ name }) => name === 'local',
    )?.id;
    await admin.post(`/api/agents/${id}/renew-key`, undefined);
    await expect.poll(read).not.toBe(old);
    expect((await call(old, 'GET', '/api/agent/assignment')).status).toBe(200);
    expect((await call(await read(), 'GET', '/api/agent/assignment')).status).toBe(200);
    expect((await call(old, 'GET', '/api/agent/assignment')).status).toBe(401);
  });

  it('end with a revocation and come back with it undone, sites and devices too', async () => {
    const made = CreatedAgent.parse((await admin.post('/api/agents', { name: 'Kita' })).json);
    const key = await enrol(backend.url, made.token);
    const site = Structure.parse((await admin.get('/api/structure')).json).sites[0]?.id ?? 0;
    await admin.send('PATCH', `/api/agents/${made.id}`, JSON.stringify({ siteIds: [site] }));
    expect((await admin.delete(`/api/agents/${made.id}`)).status).toBe(204);
    expect((await call(key, 'GET', '/api/agent/assignment')).status).toBe(401);
    expect((await admin.get('/api/agents/revoked')).json).toMatchObject({ agents: [{ name: 'Kita' }] });
    expect((await admin.post(`/api/agents/${made.id}/restore`, undefined)).status).toBe(204);
    await expect.poll(async () => (await call(key, 'GET', '/api/agent/assignment')).status).toBe(200);
    expect(AgentList.parse((await admin.get('/api/agents')).json).agents).toContainEqual(
      expect.objectContaining({ name: 'Kita', siteIds: [site] }),
    );
    await admin.delete(`/api/agents/${made.id}`);
  });
});

describe('a stolen key of an agent', () => {
  it('opens no route but those of agents, whatever is tried', async () => {
    const made = CreatedAgent.parse((await admin.post('/api/agents', { name: 'Gestohlen' })).json);
    const key = await enrol(backend.url, made.token);
    const open: string[] = [];
    for (const { method, path } of await routes()) {
      const own = permissions.get(`${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
      if (own?.least === 'public' || own?.least === 'agent') continue;
      const { status } = await call(key, method, path.replace(/\{\w+\}/g, '1'));
      if (status !== 401) open.push(`${method} ${path}: ${status}`);
    }
    expect(open).toEqual([]);

    await admin.delete(`/api/agents/${made.id}`);
  }, 60_000);
});

describe('tokens of programs', () => {
  const make = async (who: Client, change: object = {}) =>
    who.post('/api/api-tokens', {
      name: 'Skript',
      role: 'viewer',
      sites: null,
      readOnly: false,
      endsAt: backend.clock.now + 30 * dayMs,
      ...change,
    });
  const tokenOf = async (who: Client, change: object = {}) =>
    CreatedApiToken.parse((await make(who, change)).json);

  it('do what their person may, less what they say', async () => {
    const technician = await backend.signedIn('technician');
    const { token } = await tokenOf(technician, { role: 'technician' });
    expect((await call(token, 'GET', '/api/devices/1')).status).toBe(200);
    const made = await call(token, 'POST', '/api/inventory/note', {});
    expect(made.status).not.toBe(401);
    expect((await call(token, 'GET', '/api/users')).status).toBe(403);
    const reading = await tokenOf(technician, { role: 'technician', readOnly: true });
    expect((await call(reading.token, 'GET', '/api/devices/1')).status).toBe(200);
    expect(await call(reading.token, 'POST', '/api/orders', {})).toMatchObject({
      status: 403,
      json: { reason: 'read-only' },
    });
    const viewer = await tokenOf(technician, { role: 'viewer' });
    expect((await call(viewer.token, 'POST', '/api/orders', {})).status).toBe(403);
  });

  it('are at most what their maker is, and a year long', async () => {
    const viewer = await backend.signedIn('viewer');
    expect((await make(viewer, { role: 'technician' })).status).toBe(400);
    expect((await make(viewer, { endsAt: backend.clock.now + 400 * dayMs })).status).toBe(400);
    expect((await make(viewer, { endsAt: backend.clock.now - 1 })).status).toBe(400);
    expect((await make(viewer, { sites: [9999] })).status).toBe(400);
    const site = Structure.parse((await admin.get('/api/structure')).json).sites[0]?.id ?? 0;
    const { token } = await tokenOf(viewer, { sites: [site] });
    const seen = Structure.parse((await call(token, 'GET', '/api/structure')).json);
    expect(seen.sites.map(({ id }) => id)).toEqual([site]);
  });

  it('open nothing of accounts, tokens and settings, also those of an administrator', async () => {
    const { id, token } = await tokenOf(admin, { role: 'administrator' });
    const open: string[] = [];
    for (const { method, path } of await routes()) {
      const permission = permissions.get(`${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
      if (permission === undefined || permission.least === 'public' || permission.least === 'agent') continue;
      if (permission.tokens ?? permission.least !== 'administrator') continue;
      const { status } = await call(token, method, path.replace(/\{\w+\}/g, '999999999'));
      if (status !== 403 && status !== 429) open.push(`${method} ${path}: ${status}`);
    }
    expect(open).toEqual([]);
    for (const path of ['/api/users', '/api/api-tokens', '/api/account', '/api/polled-networks'])
      expect((await call(token, 'GET', path)).status, path).toBe(403);
    expect((await admin.delete(`/api/api-tokens/${id}`)).status).toBe(204);
    expect((await call(token, 'GET', '/api/devices/1')).status).toBe(401);
  }, 60_000);

  it('end with their time, their person, and an administrator', async () => {
    const person = await backend.signedIn('viewer');
    const { token } = await tokenOf(person, { name: 'endet' });
    expect((await call(token, 'GET', '/api/structure')).status).toBe(200);
    const listed = ApiTokenList.parse((await admin.get('/api/api-tokens/all')).json).tokens.find(
      ({ name }) => name === 'endet',
    );
    expect(listed).toMatchObject({
      lastUsedAt: backend.clock.now,
      lastUsedFrom: expect.stringContaining('127.0.0.1'),
    });
    expect(JSON.stringify(listed)).not.toContain(token);
    await admin.send('PATCH', `/api/users/${listed?.owner.id}`, JSON.stringify({ disabled: true }));
    expect((await call(token, 'GET', '/api/structure')).status).toBe(401);
    await admin.send('PATCH', `/api/users/${listed?.owner.id}`, JSON.stringify({ disabled: false }));
    expect((await call(token, 'GET', '/api/structure')).status).toBe(200);
    backend.clock.now += 31 * dayMs;
    expect((await call(token, 'GET', '/api/structure')).status).toBe(401);
    admin = backend.client();
    await admin.post('/api/session', { user: 'admin', password });
  });

  it('may call so often a minute', async () => {
    const { token } = await tokenOf(admin, { name: 'eilig' });
    let refused: { status: number; retryAfter: string | null } | null = null;
    for (let n = 0; n < 700 && refused === null; n++) {
      const reply = await fetch(`${backend.url}/api/api-tokens`, { headers: bearer(token) });
      await reply.arrayBuffer();
      if (reply.status === 429) refused = { status: 429, retryAfter: reply.headers.get('retry-after') };
    }
    expect(refused?.retryAfter).toMatch(/^\d+$/);
  }, 60_000);
});

describe('a kiosk link to one room', () => {
  it('opens that room and nothing else', async () => {
    const structure = Structure.parse((await admin.get('/api/structure')).json);
    const rooms = structure.sites.flatMap(({ buildings }) =>
      buildings.flatMap(({ floors }) => floors.flatMap((floor) => floor.rooms)),
    );
    const [room, other] = rooms;
    if (!room || !other) throw new Error('the sample has two rooms');
    const { id, url } = CreatedKioskLink.parse(
      (await admin.post('/api/kiosk-links', { name: 'Flur', path: `/rooms/${room.id}` })).json,
    );
    const kiosk = backend.client();
    await kiosk.post('/api/kiosk-session', { token: new URL(url).hash.slice(1) });
    expect((await kiosk.get(`/api/rooms/${room.id}`)).status).toBe(200);
    expect((await kiosk.get(`/api/rooms/${other.id}`)).status).toBe(403);
    const seen = Structure.parse((await kiosk.get('/api/structure')).json);
    expect(JSON.stringify(seen)).toContain(room.name);
    expect(seen.sites).toHaveLength(1);
    expect(JSON.stringify(seen)).not.toContain(`"id":${other.id},"name":"${other.name}"`);

    const opened: string[] = [];
    for (const { method, path } of await routes()) {
      const permission = permissions.get(`${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
      if (permission?.least === 'public' || permission?.least === 'agent') continue;
      const address = path.replace(/\{\w+\}/g, String(other.id));
      const { status } = await kiosk.send(method, address, undefined, {});
      if (status !== 403) opened.push(`${method} ${path}: ${status}`);
    }
    // The first is the room's own place, the second says that its query is missing.
    expect(opened).toEqual(['GET /api/structure: 200', 'GET /api/series: 400']);
    // The same over a real socket, until the link is revoked.
    const screen: Socket = io(backend.url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: { cookie: kiosk.cookie ?? '' },
    });
    await connected(screen);
    try {
      expect((await watch(screen, `room:${room.id}`)).full).toBe(true);
      const others = ['overview', 'services', 'rack:1', 'device:1', 'port:1', 'floor:1', `room:${other.id}`];
      for (const view of others)
        await expect(watch(screen, view), view).rejects.toThrow('shows one room and nothing else');
      expect((await kiosk.get('/api/session')).json).toMatchObject({ role: 'kiosk', room: room.id });
      const closed = gone(screen);
      expect((await admin.delete(`/api/kiosk-links/${id}`)).status).toBe(204);
      await closed;
      expect((await kiosk.get(`/api/rooms/${room.id}`)).status).toBe(401);
    } finally {
      screen.disconnect();
    }
  }, 60_000);
});
