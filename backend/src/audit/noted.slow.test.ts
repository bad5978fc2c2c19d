import { AuditPage, CreatedKioskLink } from '@rackhaus/config/contract';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
});
afterAll(() => backend.remove());

it('notes what is refused and opened beside the routes: known accounts, kiosk screens, feeds, views', async () => {
  const admin = await backend.administrator();
  await backend.client().post('/api/session', { user: 'ADMIN', password: 'not this one' });
  await backend.client().post('/api/session', { user: 'typed-a-password', password: 'not this one' });
  const link = CreatedKioskLink.parse(
    (await admin.post('/api/kiosk-links', { name: 'Flur', path: '/rooms' })).json,
  );
  const kiosk = backend.client();
  await kiosk.post('/api/kiosk-session', { token: new URL(link.url).hash.slice(1) });
  for (let times = 0; times < 5; times++)
    await backend.client().send('POST', '/write?db=x', 'm v=1', {
      authorization: 'Token rhf_not-there',
      'content-type': 'text/plain',
    });
  const room = CreatedKioskLink.parse(
    (await admin.post('/api/kiosk-links', { name: 'Raum', path: '/rooms/1' })).json,
  );
  const limited = backend.client();
  await limited.post('/api/kiosk-session', { token: new URL(room.url).hash.slice(1) });
  const socket = io(backend.url, {
    transports: ['websocket'],
    reconnection: false,
    extraHeaders: { cookie: limited.cookie ?? '' },
  });
  await vi.waitFor(() => expect(socket.connected).toBe(true), 10_000);
  for (const view of ['device:4711', 'device:4711'])
    expect(await socket.emitWithAck('watch', { view, since: null })).toMatchObject({ ok: false });
  socket.disconnect();

  const { entries } = AuditPage.parse((await admin.get('/api/audit?limit=100')).json);
  const found = entries.map(
    ({ action, outcome, by, subject, detail }) =>
      `${action} ${outcome} ${by.kind} ${by.name} > ${subject?.name ?? ''} ${detail.route ?? ''}`,
  );
  expect(found.filter((text) => text.startsWith('sign-in refused')).toSorted()).toEqual([
    'sign-in refused nobody  >  ',
    'sign-in refused nobody  > Admin ',
  ]);
  expect(found).toContain('kiosk.opened done kiosk Flur > Flur ');
  // Once at first, repeats as their count later.
  expect(found.filter((text) => text.includes('POST /write'))).toEqual([
    'access refused nobody  >  POST /write',
  ]);
  expect(found.filter((text) => text.includes('watch '))).toEqual([
    'access refused kiosk Raum >  watch device',
  ]);
});
