import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf, labelKinds, recordKinds, sheetKinds } from '@rackhaus/config/contract';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dataFiles } from '../../data-files.ts';
import { recordSpecs } from '../../inventory/records/index.ts';
import { connected, type Client as Socket, watch } from '../../live/testing.ts';
import type { Answer, Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend, testPassword } from '../../testing/test-backend.ts';
import { permissions } from '../permissions.ts';
import { type FilledSite, fillSite, makeType, marker } from './testing.ts';

const Made = z.object({ id: z.int() });
const Description = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

let backend: TestBackend;
let admin: Client;
let north: FilledSite;
let south: FilledSite;
let technician: Client;
let viewer: Client;
const incidents = new Map<number, number>();
/** Larger than any number that was given. */
let most = 0;

beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
  const typeId = await makeType(admin);
  north = await fillSite(admin, { name: 'Nord', typeId, net: 101 });
  south = await fillSite(admin, { name: marker, typeId, net: 102 });
  // A cable between both, and one that leads on from where it ends.
  for (const [from, to, label] of [
    [north.switchPorts[3], south.handoverPorts[3], 'Stammkabel'],
    [south.handoverPorts[2], south.switchPorts[2], `${marker} weiter`],
  ] as const)
    expect(
      (await admin.post('/api/links', { label, from: { portId: from }, to: { portId: to } })).status,
    ).toBe(200);
  withDatabase((db) => {
    const incident = db.prepare(
      `insert into incidents (key, state, severity, title, advice, place, cause, site_id, room_id, since, opened_at, flapping, unknown, drill, updated_at)
       values (?, 'open', 'critical', ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?)`,
    );
    for (const [name, site] of [
      ['Nord', north],
      [marker, south],
    ] as const) {
      const text = JSON.stringify({ de: name, en: name });
      const cause = JSON.stringify({
        kind: 'device',
        deviceId: site.switchId,
        linkId: null,
        linkLabel: null,
        also: [],
        name,
      });
      const now = Date.now();
      const { lastInsertRowid } = incident.run(
        `device:${site.switchId}`,
        text,
        text,
        name,
        cause,
        site.siteId,
        site.roomId,
        now,
        now,
        now,
      );
      incidents.set(site.siteId, Number(lastInsertRowid));
    }
    most = Math.max(
      ...recordKinds
        .filter((kind) => kind !== 'port')
        .map((kind) => Number(db.prepare(`select max(id) as id from "${tableOf(kind)}"`).get()?.id ?? 0)),
      north.switchPorts.length * 4,
    );
  });
  technician = await limited('technician', [north.siteId]);
  viewer = await limited('viewer', [north.siteId]);
}, 60_000);
afterAll(() => backend.remove());

const tableOf = (kind: (typeof recordKinds)[number]) => recordSpecs.get(kind)?.table ?? '';

function withDatabase<T>(work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(dataFiles(backend.settings.dataDir).database);
  try {
    db.exec('pragma busy_timeout = 5000');
    return work(db);
  } finally {
    db.close();
  }
}

let people = 0;
async function limited(role: string, siteIds: readonly number[] | null): Promise<Client> {
  const name = `limited ${role} ${++people}`;
  const made = await admin.post('/api/users', { name, password: testPassword, role, siteIds });
  expect(made.status, made.text).toBe(200);
  // Without this right they would be refused whatever they are limited to.
  const { id } = Made.parse(made.json);
  expect((await admin.put(`/api/users/${id}/switching`, { maySwitch: true })).status).toBe(204);
  const person = backend.client();
  expect((await person.post('/api/session', { user: name, password: testPassword })).status).toBe(200);
  return person;
}

/** All addresses of a route worth asking for: every number, kind, sheet and code, with queries that name things of both sites. */
function addressesOf(path: string): string[] {
  const numbers = Array.from({ length: most }, (_, index) => `${index + 1}`);
  const values: Record<string, readonly string[]> = {
    id: numbers,
    itemId: numbers,
    stepId: numbers,
    kind: recordKinds,
    sheet: sheetKinds,
    code: [north, south].flatMap(({ ids }) => labelKinds.flatMap((kind) => codeOf(kind, ids[kind] ?? 1))),
    target: ['devices'],
    token: ['x'.repeat(40)],
  };
  let addresses = [path];
  for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g))
    addresses = addresses.flatMap((address) =>
      (values[name] ?? ['1']).map((value) => address.replace(`{${name}}`, value)),
    );
  const words = [marker, 'geheim', 'Nord', 'Kabel', 'Switch', 'S1', '10.102.0', 'Person', 'Dose', 'Übergabe'];
  const both = (make: (site: FilledSite) => readonly string[]) => [north, south].flatMap(make);
  const queries: Record<string, readonly string[]> = {
    '/api/devices/{id}/switching/impact': ['outlet=1'],
    '/api/search': words.map((word) => `q=${encodeURIComponent(word)}`),
    '/api/trace/starts': words.map((word) => `q=${encodeURIComponent(word)}`),
    '/api/trace': both(({ switchPorts, handoverPorts, linkId, switchId, ids, roomId, orderId }) => [
      ...[...switchPorts, ...handoverPorts].map((port) => `port=${port}`),
      `cable=${linkId}`,
      `device=${switchId}`,
      `outlet=${ids.outlet}`,
      `room=${roomId}`,
      `port=${north.switchPorts[3]}&after=${orderId}`,
      `port=${switchPorts[0]}&at=${Date.now()}`,
    ]),
    '/api/impact': both(({ switchId, linkId, switchPorts }) => [
      `device=${switchId}`,
      `cable=${linkId}`,
      `port=${switchPorts[0]}`,
      `device=${north.switchId}&device=${switchId}`,
    ]),
    '/api/cables/proposal': both(({ switchPorts, handoverPorts }) => [
      `from=${switchPorts[5]}`,
      `from=${north.switchPorts[5]}&to=${handoverPorts[5]}`,
      `from=${handoverPorts[5]}`,
    ]),
    '/api/series': both(({ switchId }) => [
      `device=${switchId}&kind=device&entity=&metrics=reachable&from=0&to=1000`,
    ]),
    '/api/history/compare': both(({ switchId }) => [`kind=device&id=${switchId}&from=0`]),
    '/api/configurations/search': [`text=${encodeURIComponent(marker)}`, 'text=Nord'],
    '/api/devices/{id}/configuration/difference': ['from=1&to=1'],
    '/api/rooms/{id}/as-of': [`time=${Date.now()}`],
    '/api/racks/{id}/as-of': [`time=${Date.now()}`],
    '/api/rooms/{id}/editing': ['', `q=${encodeURIComponent(marker)}`, 'q=Switch'],
    '/api/devices/{id}/swap': ['typeId=1'],
    '/api/rotas/{id}/shifts': ['from=0&until=86400000'],
    '/api/sheets/{sheet}': [
      '',
      ...both(({ siteId, roomId }) => [`within=site:${siteId}`, `within=room:${roomId}`]),
    ],
    '/api/sheets/{sheet}/file': ['format=csv'],
    '/api/cables/export': ['format=csv'],
    '/api/audit/export': ['format=json'],
    '/api/drift': ['', ...both(({ roomId }) => [`within=room:${roomId}`])],
    '/api/incidents': [
      '',
      'state=all',
      ...both(({ siteId, switchId }) => [`siteId=${siteId}&state=all`, `deviceId=${switchId}`]),
    ],
    '/api/power': ['', ...both(({ siteId, roomId }) => [`site=${siteId}`, `room=${roomId}`])],
  };
  const list = /^\/api\/inventory\/[a-z-]+$/.test(path)
    ? [
        '',
        `q=${encodeURIComponent(marker)}`,
        'q=switch',
        ...both(({ siteId }) => [`filter=within:site:${siteId}`]),
      ]
    : /^\/api\/inventory\/[a-z-]+\/export$/.test(path)
      ? ['format=csv', 'format=json']
      : (queries[path] ?? ['']);
  return addresses.flatMap((address) =>
    list.map((query) => (query === '' ? address : `${address}?${query}`)),
  );
}

/** Asks more often than one person may: several of the same rights take turns. */
async function asked(people: readonly Client[], address: string): Promise<Answer> {
  for (;;) {
    for (const person of people) {
      const answer = await person.get(address);
      if (answer.status !== 429) return answer;
    }
    await pause(1000);
  }
}

const key = (method: string, path: string) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`;

describe('an account that is limited to a site', () => {
  it('reads nothing of another one, by whichever route', async () => {
    const { paths } = Description.parse((await admin.get('/api/openapi.json')).json);
    // Others than those who go on afterwards, so that nobody has to wait.
    const several = (make: () => Promise<Client>) => Promise.all(Array.from({ length: 5 }, make));
    const technicians = await several(() => limited('technician', [north.siteId]));
    const admins = await several(() => limited('administrator', null));
    const leaks: string[] = [];
    const failed: string[] = [];
    const unproven: string[] = [];
    const seenByAdmin: string[] = [];
    for (const [path, methods] of Object.entries(paths)) {
      if (methods.get === undefined || path.startsWith('/api/agent/')) continue;
      // Tells every colleague of every service, signed in or not, where that is set.
      if (path === '/api/status') continue;
      const rule = permissions.get(key('GET', path));
      expect(rule, `the table does not name GET ${path}`).toBeDefined();
      const statuses = new Set<number>();
      let marked = false;
      for (const address of addressesOf(path)) {
        const answer = await asked(technicians, address);
        statuses.add(answer.status);
        if (answer.status >= 500) failed.push(`${address}: ${answer.status}`);
        const named = decodeURIComponent(address).includes(marker);
        if (answer.text.includes(marker) && !(named && answer.status === 400))
          leaks.push(`${address}: ${around(answer.text)}`);
        const isRefused = rule?.sites === undefined && rule?.least !== 'public';
        if (isRefused && answer.status !== 403 && answer.status !== 401)
          failed.push(`${address}: ${answer.status}, not refused`);
        if (!marked) marked = (await asked(admins, address)).text.includes(marker);
      }
      if (marked) seenByAdmin.push(path);
      if (rule?.sites !== undefined && !statuses.has(200)) unproven.push(`${path}: ${[...statuses].join()}`);
    }
    expect.soft(leaks).toEqual([]);
    expect.soft(failed).toEqual([]);
    // What can only be asked for with what nothing here has.
    expect.soft(unproven).toEqual(expectedUnproven);
    // The walk would find something: without the limit it is told in all these.
    expect(seenByAdmin.length).toBeGreaterThan(60);
  }, 300_000);

  const expectedUnproven = [
    '/api/inventory/port-wire/{id}: 404',
    '/api/inventory/order-step/{id}: 404',
    '/api/inventory/credential-rule/{id}: 404',
    '/api/inventory/vrf/{id}: 404',
    '/api/inventory/saved-view/{id}: 404',
    '/api/inventory/service-need/{id}: 404',
    '/api/inventory/label-template/{id}: 404',
    '/api/inventory/rota/{id}: 404',
    '/api/inventory/rota-change/{id}: 404',
    '/api/inventory/escalation/{id}: 404',
    '/api/devices/{id}/configuration/versions/{version}: 404,403',
    '/api/devices/{id}/configuration/difference: 404,403',
    '/api/devices/{id}/configuration/versions/{version}/file: 403',
    '/api/devices/{id}/switching/impact: 404,403',
    '/api/rotas/{id}/shifts: 404',
  ];

  it('is refused what an address names in another one, and let through in its own', async () => {
    const wrong: string[] = [];
    for (const [name, { sites, least }] of permissions) {
      if (!name.startsWith('GET ') || typeof sites !== 'object' || least === 'administrator') continue;
      const path = name.slice('GET '.length);
      const kind = path.includes('/:id') ? sites.id : undefined;
      if (kind === undefined || kind === 'record') continue;
      const idOf = (site: FilledSite) => (kind === 'incident' ? incidents.get(site.siteId) : site.ids[kind]);
      const [own, other] = [idOf(north), idOf(south)];
      if (own === undefined || other === undefined) continue;
      const query = addressesOf(path.replace(/:(\w+)/g, '{$1}'))[0]?.split('?')[1];
      const at = (id: number) =>
        `${path.replace(':id', `${id}`).replace(':version', '1')}${query === undefined ? '' : `?${query}`}`;
      const [there, here] = [await technician.get(at(other)), await technician.get(at(own))];
      if (there.status !== 403) wrong.push(`${at(other)}: ${there.status}`);
      if (here.status === 403) wrong.push(`${at(own)}: ${here.status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('changes nothing of another one, by whichever way', async () => {
    const before = dump();
    const wrong: string[] = [];
    for (const [what, call] of writesInto(south)) {
      const { status, text } = await call(technician);
      if (status !== 403) wrong.push(`${what}: ${status} ${text.slice(0, 200)}`);
      if (text.includes(marker)) wrong.push(`${what} names it: ${text.slice(0, 200)}`);
    }
    expect.soft(wrong).toEqual([]);
    expect(dump()).toEqual(before);
  });

  it('changes what is in its own, also a cable that ends in another one', async () => {
    const wrong: string[] = [];
    for (const [what, call] of writesInto(north)) {
      if (what.startsWith('out of one')) continue;
      const { status, text } = await call(technician);
      if (status === 403 || status >= 500) wrong.push(`${what}: ${status} ${text.slice(0, 200)}`);
    }
    expect.soft(wrong).toEqual([]);
    const across = { from: { portId: north.handoverPorts[2] }, to: { portId: south.handoverPorts[4] } };
    const made = await technician.post('/api/links', { label: 'Querkabel', ...across });
    expect(made.status, made.text).toBe(200);
    const { changeId } = Changed.parse(made.json);
    expect((await technician.post(`/api/changes/${changeId}/undo`, {})).status).toBe(200);
    const view = await viewer.post('/api/inventory/saved-view', { name: 'meine', listKind: 'device' });
    expect(view.status, view.text).toBe(200);
  });

  it('is not shown what was taken out of its site, and cannot take it back', async () => {
    const taken = await admin.patch(`/api/inventory/device/${north.handoverId}`, {
      roomId: south.roomId,
      rackId: south.rackId,
      position: 9,
    });
    const { changeId } = Changed.parse(taken.json);
    expect((await technician.get(`/api/devices/${north.handoverId}`)).status).toBe(403);
    expect((await technician.post(`/api/changes/${changeId}/undo`, {})).status).toBe(403);
    expect((await admin.post(`/api/changes/${changeId}/undo`, {})).status).toBe(200);
    expect((await technician.get(`/api/devices/${north.handoverId}`)).status).toBe(200);
  });
});

describe('a socket of an account that is limited to a site', () => {
  it('shows views of that site only, and of the whole only what is there', async () => {
    const socket = connect(technician);
    await connected(socket);
    for (const kind of ['room', 'rack', 'device', 'floor', 'port'] as const) {
      const idOf = (site: FilledSite) => (kind === 'port' ? site.switchPorts[0] : site.ids[kind]) ?? 0;
      await expect(watch(socket, `${kind}:${idOf(south)}`)).rejects.toThrow('not for');
      expect((await watch(socket, `${kind}:${idOf(north)}`)).items.length).toBeGreaterThan(0);
    }
    for (const view of ['overview', 'services'] as const) {
      const shown = await watch(socket, view);
      expect(JSON.stringify(shown)).not.toContain(marker);
      for (const item of shown.items) {
        if (item.type === 'overview') {
          expect(Object.keys(item.rooms)).toEqual([`${north.roomId}`]);
          expect(item.total).toBe(1);
        }
        if (item.type === 'device') expect(item.id).toBe(north.switchId);
        expect(item.type).not.toBe('agent');
      }
    }
    const all = connect(admin);
    await connected(all);
    const whole = (await watch(all, 'overview')).items.find((item) => item.type === 'overview');
    expect(whole?.total).toBe(2);
    socket.disconnect();
    all.disconnect();
  });

  it('shows nothing more of what moves to another site while it is looked at', async () => {
    const socket = connect(technician);
    await connected(socket);
    const view = `device:${north.switchId}`;
    await watch(socket, view);
    const heard: string[] = [];
    socket.on('update', (update) => heard.push(update.view));
    await watch(socket, 'overview');
    const place = { roomId: south.roomId, rackId: south.rackId, position: 12 };
    const moved = await admin.patch(`/api/inventory/device/${north.switchId}`, place);
    await expect
      .poll(() =>
        watch(socket, view).then(
          () => 'seen',
          () => 'refused',
        ),
      )
      .toBe('refused');
    heard.length = 0;
    await admin.patch(`/api/inventory/device/${north.switchId}`, { notes: 'dort' });
    await expect.poll(() => heard).toContain('overview');
    expect(heard).not.toContain(view);
    const back = { roomId: north.roomId, rackId: north.rackId, position: 1, notes: null };
    expect(moved.status, moved.text).toBe(200);
    expect((await admin.patch(`/api/inventory/device/${north.switchId}`, back)).status).toBe(200);
    socket.disconnect();
  });
});

it('names in the table what is served, and nothing else', async () => {
  const { paths } = Description.parse((await admin.get('/api/openapi.json')).json);
  const served = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => key(method.toUpperCase(), path)),
  );
  const named = [...permissions.keys()].filter((name) => !name.startsWith('watch '));
  // The demo serves these, and not without its simulator.
  const demo = (name: string) => name.includes('/api/simulator');
  expect(named.filter((name) => !served.includes(name) && !demo(name))).toEqual([]);
  expect(served.filter((name) => !named.includes(name))).toEqual([]);
});

const Changed = z.object({ changeId: z.int() });

function connect(client: Client): Socket {
  return io(backend.url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie: client.cookie ?? '' },
  });
}

/** What is kept of the inventory and its history, and what people have said about faults. */
function dump(): Record<string, unknown> {
  const tables = [
    ...recordKinds.map(tableOf),
    ...[
      'changes',
      'change_events',
      'incidents',
      'incident_events',
      'drift_findings',
      'agent_devices',
      'reports',
    ],
  ];
  return withDatabase((db) =>
    Object.fromEntries(tables.map((table) => [table, db.prepare(`select * from "${table}"`).all()])),
  );
}

type Write = readonly [what: string, call: (client: Client) => ReturnType<Client['get']>];

const labelJob = (selection: object) => ({ selection, lines: ['{name}'], withQr: false, medium: 'none' });

/** Ways to change something in a site; "out of one": from the own site into that. */
function writesInto(site: FilledSite): Write[] {
  const { ids, switchId, switchPorts, handoverPorts, roomId, rackId, orderId, linkId, documentId } = site;
  const patch = (kind: string, values: object): Write => [
    `changes a ${kind}`,
    (client) => client.patch(`/api/inventory/${kind}/${ids[kind]}`, values),
  ];
  const make = (kind: string, values: object): Write => [
    `makes a ${kind}`,
    (client) => client.post(`/api/inventory/${kind}`, values),
  ];
  const batch =
    (...operations: object[]) =>
    (client: Client) =>
      client.post('/api/inventory/batch', { operations });
  const order = (deed: string, body: object): Write => [
    `${deed} of an order`,
    (client) => client.post(`/api/orders/${orderId}/${deed}`, body),
  ];
  const incident = incidents.get(site.siteId) ?? 0;
  const isOther = site === south;
  const port = (index: number) => ({ portId: switchPorts[index] });
  const capture = (what: string, a: object, b: object | null) => (client: Client) =>
    client.post('/api/captures', { key: crypto.randomUUID(), at: Date.now(), what, a, b });
  return [
    patch('device', { notes: 'neu' }),
    patch('room', { notes: 'neu' }),
    patch('rack', { notes: 'neu' }),
    patch('site', { notes: 'neu' }),
    patch('building', { notes: 'neu' }),
    patch('floor', { notes: 'neu' }),
    patch('outlet', { notes: 'neu' }),
    patch('vlan', { notes: 'neu' }),
    patch('prefix', { notes: 'neu' }),
    patch('address', { notes: 'neu' }),
    patch('service', { hours: 'immer' }),
    patch('contract', { notes: 'neu' }),
    patch('spare-part', { quantity: 7 }),
    patch('monitoring', { intervalSeconds: 30 }),
    patch('maintenance', { reason: 'neu' }),
    patch('link', { color: 'blau' }),
    patch('floor-plan', { notes: 'neu' }),
    make('rack', { roomId, name: 'Neuer Schrank' }),
    make('device', { name: isOther ? 'Eindringling' : 'Neu', typeId: 1, roomId }),
    make('note', { subjectKind: 'device', subjectId: switchId, text: 'Notiz' }),
    make('attachment', { subjectKind: 'device', subjectId: switchId, documentId, name: 'Plan 2' }),
    make('cable-test', { linkId }),
    make('port-vlan', { portId: switchPorts[1], vlanId: ids.vlan }),
    make('service-device', { serviceId: ids.service, deviceId: site.handoverId }),
    ['changes several', batch({ op: 'update', kind: 'device', id: switchId, values: { notes: 'viele' } })],
    [
      'changes several, the last of them there',
      batch(
        { op: 'update', kind: 'device', id: north.switchId, values: { notes: `viele ${site.siteId}` } },
        { op: 'update', kind: 'device', id: site.handoverId, values: { notes: 'viele' } },
      ),
    ],
    [
      'joins two ports',
      (client) => client.post('/api/links', { from: port(1), to: { portId: handoverPorts[1] } }),
    ],
    [
      'makes cables',
      (client) =>
        client.post('/api/cables', {
          cables: [{ kind: 'patch', a: { portId: switchPorts[4] }, b: { portId: handoverPorts[5] } }],
        }),
    ],
    ['captures a cable', capture('connected', port(5), isOther ? { portId: handoverPorts[5] } : null)],
    [
      'gives a device to an agent',
      (client) => client.put(`/api/devices/${switchId}/agent`, { agentId: null }),
    ],
    [
      'prints labels',
      (client) => client.post('/api/labels/preview', labelJob({ kind: 'device', ids: [switchId] })),
    ],
    [
      'prints labels of a room',
      (client) => client.post('/api/labels/pdf', labelJob({ kind: 'rack', roomId })),
    ],
    ['swaps a device', (client) => client.post(`/api/devices/${switchId}/swap`, { typeId: 1 })],
    [
      'takes over what a device says',
      (client) => client.post(`/api/devices/${switchId}/identity`, { fields: [] }),
    ],
    ...(['acknowledge', 'unacknowledge'] as const).map(
      (deed): Write => [
        `${deed}s an incident`,
        (client) => client.post(`/api/incidents/${incident}/${deed}`, {}),
      ],
    ),
    ['writes to an incident', (client) => client.post(`/api/incidents/${incident}/note`, { text: 'Notiz' })],
    order('items', { changes: [{ action: 'remove-device', deviceId: switchId }] }),
    order('submit', { decision: null }),
    order('withdraw', { decision: null }),
    ['renames an order', (client) => client.patch(`/api/orders/${orderId}`, { title: 'Anders' })],
    [
      'out of one: moves a device',
      (client) => client.patch(`/api/inventory/device/${north.switchId}`, { roomId, rackId, position: 20 }),
    ],
    [
      'out of one: moves a device onto another',
      (client) => client.patch(`/api/inventory/device/${north.switchId}`, { roomId, rackId, position: 1 }),
    ],
    ['out of one: moves a rack', (client) => client.patch(`/api/inventory/rack/${north.rackId}`, { roomId })],
    [
      'out of one: moves a floor',
      (client) => client.patch(`/api/inventory/floor/${north.ids.floor}`, { buildingId: ids.building }),
    ],
    [
      'out of one: notes a file of it as one of its own',
      (client) =>
        client.post('/api/inventory/attachment', {
          subjectKind: 'device',
          subjectId: north.switchId,
          documentId,
          name: 'geliehen',
        }),
    ],
    [
      'out of one: plans it in an order of its own',
      (client) =>
        client.post(`/api/orders/${north.orderId}/items`, {
          changes: [{ action: 'remove-device', deviceId: switchId }],
        }),
    ],
    [
      'out of one: changes a device type',
      (client) => client.patch('/api/inventory/device-type/1', { notes: 'neu' }),
    ],
    ['out of one: makes a site', (client) => client.post('/api/inventory/site', { name: 'Neue' })],
    ['out of one: deletes a room', (client) => client.delete(`/api/inventory/room/${roomId}`)],
    ['out of one: deletes a device', (client) => client.delete(`/api/inventory/device/${switchId}`)],
    ['out of one: deletes a cable', (client) => client.delete(`/api/inventory/link/${linkId}`)],
  ];
}

function around(text: string): string {
  const at = text.indexOf(marker);
  return text.slice(Math.max(0, at - 120), at + 60);
}
