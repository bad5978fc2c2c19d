import { randomUUID } from 'node:crypto';
import { CreatedApiToken, UserList } from '@rackhaus/config/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

let backend: TestBackend;
let admin: Client;
beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
});
afterAll(() => backend.remove());

const setRight = async (maySwitch: boolean) => {
  const [own] = UserList.parse((await admin.get('/api/users')).json).users;
  expect((await admin.put(`/api/users/${own?.id}/switching`, { maySwitch })).status).toBe(204);
};
const makeToken = (change: object) =>
  admin.post('/api/api-tokens', {
    name: 'Skript',
    role: 'on-call',
    sites: null,
    readOnly: false,
    maySwitch: true,
    endsAt: backend.clock.now + 86_400_000,
    ...change,
  });
const switchWith = (token: string) =>
  backend
    .client()
    .post(
      '/api/devices/999/switching',
      { id: randomUUID(), outlet: '1', command: 'on' },
      { authorization: `Bearer ${token}` },
    );

it('programs switch only with a token that was made for it, and as long as their owner may', async () => {
  expect(await makeToken({})).toMatchObject({ status: 400, json: { fields: [{ path: 'maySwitch' }] } });
  await setRight(true);
  expect(await makeToken({ readOnly: true })).toMatchObject({ json: { fields: [{ path: 'maySwitch' }] } });
  const { token } = CreatedApiToken.parse((await makeToken({})).json);
  const { token: without } = CreatedApiToken.parse((await makeToken({ maySwitch: false })).json);
  expect(await switchWith(without)).toMatchObject({ status: 403, json: { reason: 'no-switching-right' } });
  // It gets as far as the device, which there is not.
  expect(await switchWith(token)).toMatchObject({ status: 404 });
  await setRight(false);
  expect(await switchWith(token)).toMatchObject({ status: 403, json: { reason: 'no-switching-right' } });
});

it('profiles that say what is written to devices are put in use by administrators', async () => {
  const text = [
    'id: my-pdu',
    'title: Mine',
    'includes: [system]',
    'match: [{ sysObjectId: [1.3.6.1.4.1.99999] }]',
    'tables:',
    '  - id: outlets',
    '    columns: { state: 1.3.6.1.4.1.99999.1.1 }',
    '    entity: ["{index}"]',
    '    values: [{ metric: outlet.state, column: state, map: { 1: "on", 2: "off" } }]',
    '    switch: { object: 1.3.6.1.4.1.99999.1.2, on: 1, off: 2 }',
  ].join('\n');
  const technician = await backend.signedIn('technician');
  const body = (activate: boolean, base: number | null) => ({ text, activate, base });
  expect(await technician.post('/api/profiles', body(true, null))).toMatchObject({
    status: 403,
    json: { reason: 'switch-needs-administrator' },
  });
  expect((await technician.post('/api/profiles', body(false, null))).status).toBeLessThan(300);
  expect(await technician.post('/api/profiles/my-pdu/activate', { version: 1 })).toMatchObject({
    status: 403,
    json: { reason: 'switch-needs-administrator' },
  });
  expect((await admin.post('/api/profiles/my-pdu/activate', { version: 1 })).status).toBeLessThan(300);
});
