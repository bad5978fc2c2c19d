import { type GivenRole, roles } from '@rackhaus/config/contract';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connected, type Client as Socket, watch } from '../live/testing.ts';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend, testPassword } from '../testing/test-backend.ts';
import { permissions } from './permissions.ts';

const given: readonly GivenRole[] = ['viewer', 'on-call', 'technician', 'administrator'];
const ranks: readonly string[] = roles;
const views = [
  'overview',
  'services',
  'room:1',
  'rack:1',
  'device:1',
  'port:1',
  'floor:1',
  'discovery',
  'messages',
];

let backend: TestBackend;
let admin: Client;
const sockets: Socket[] = [];
beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await backend.remove();
});

function connect(client: Client): Socket {
  const socket: Socket = io(backend.url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: client.cookie === undefined ? {} : { cookie: client.cookie },
  });
  sockets.push(socket);
  return socket;
}

let people = 0;
/** Somebody of that role; for these sites, or for all. */
async function signedIn(role: GivenRole, siteIds: readonly number[] | null = null): Promise<Client> {
  const name = `${role} ${++people}`;
  const made = await admin.post('/api/users', { name, password: testPassword, role, siteIds });
  expect(made.status, made.text).toBe(200);
  const person = backend.client();
  const signed = await person.post('/api/session', { user: name, password: testPassword });
  expect(signed.status, signed.text).toBe(200);
  return person;
}

describe('every view of the sockets', () => {
  it('stands in the table, and nothing else does', () => {
    const named = [...permissions.keys()].filter((name) => name.startsWith('watch '));
    expect(named.sort()).toEqual(views.map((view) => `watch ${view.split(':')[0]}`).sort());
  });

  it.each(given)('is shown to %s as the table says', async (role) => {
    const socket = connect(await signedIn(role));
    await connected(socket);
    for (const view of views) {
      const least = permissions.get(`watch ${view.split(':')[0]}`)?.least ?? 'agent';
      const may = ranks.indexOf(role) >= ranks.indexOf(least);
      const shown = await watch(socket, view).then(
        () => true,
        () => false,
      );
      expect(shown, view).toBe(may);
    }
  });

  it('is shown to nobody without a session', async () => {
    await expect(connected(connect(backend.client()))).rejects.toThrow('unauthenticated');
  });

  it('answers messages that the contract does not have with nothing', async () => {
    const socket = connect(await signedIn('technician'));
    await connected(socket);
    const reply = z.object({ ok: z.literal(false) });
    for (const wrong of [
      { view: 'everything', since: null },
      { view: 'room:0', since: null },
      'room:1',
      null,
    ])
      expect(reply.safeParse(await socket.emitWithAck('watch', wrong as never)).success).toBe(true);
    expect(socket.connected).toBe(true);
  });
});

it('refuses accounts that are limited to sites what the table does not open to them', async () => {
  const wrong: string[] = [];
  let refused = 0;
  // Made before the walk, in which signing in is tried so often that it is held back.
  const persons = [
    ['viewer', await signedIn('viewer', [])],
    ['technician', await signedIn('technician', [])],
  ] as const;
  for (const [role, person] of persons) {
    for (const [name, { least, sites, switching }] of permissions) {
      const [method = '', path = ''] = name.split(' ');
      if (method === 'watch' || least === 'public' || least === 'agent') continue;
      if (path.startsWith('/api/simulator') || name === 'DELETE /api/account/sessions') continue;
      const { status } = await person.send(method, path.replace(/:\w+/g, '999999999'));
      const may = ranks.indexOf(role) >= ranks.indexOf(least);
      // No role has a right that is given to people.
      const expected = may && sites !== undefined && switching === undefined;
      if (!expected) refused++;
      if ((status !== 403 && status !== 401) !== expected) wrong.push(`${role}: ${name} answered ${status}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(50);
});
