import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

/** A route of each method that changes something, with what it answers when the request is let through. */
const changing = [
  ['POST', '/api/outgoing-networks', '{"network":"192.168.7.0/24"}'],
  ['PUT', '/api/alert-settings', '{}'],
  ['PATCH', '/api/users/99999', '{}'],
  ['DELETE', '/api/outgoing-networks/99999', undefined],
] as const;

let backend: TestBackend;
let admin: Client;
beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
});
afterAll(() => backend.remove());

const from = (headers: Record<string, string>) =>
  Promise.all(
    changing.map(async ([method, path, body]) => (await admin.send(method, path, body, headers)).status),
  );

describe('a request that changes something', () => {
  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'cross-site', origin: 'null' }],
    [{ origin: 'https://elsewhere.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://127.0.0.1:1' }],
    [{ origin: 'http://localhost.elsewhere.example' }],
  ])('is refused from %o, whatever its method', async (headers) => {
    expect(await from(headers)).toEqual([403, 403, 403, 403]);
  });

  it('is let through from our own pages, and from programs', async () => {
    for (const headers of [{ origin: new URL(backend.url).origin }, { 'sec-fetch-site': 'same-origin' }, {}])
      expect(await from(headers)).not.toContain(403);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])(
    'is not taken as %s, which a form could send',
    async (type) => {
      const reply = await admin.send('POST', '/api/outgoing-networks', '{"network":"10.0.0.0/9"}', {
        'content-type': type,
      });
      expect(reply.status).toBe(400);
    },
  );

  it('shows nothing to other sites that only read', async () => {
    const reply = await admin.get('/api/outgoing-networks', { origin: 'https://elsewhere.example' });
    expect(reply.headers.get('access-control-allow-origin')).toBeNull();
    expect(reply.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    const asked = await admin.send('OPTIONS', '/api/outgoing-networks', undefined, {
      origin: 'https://elsewhere.example',
      'access-control-request-method': 'POST',
    });
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('addresses of channels', () => {
  it('are refused at once where this server may not connect', async () => {
    const make = (settings: unknown, userId: number | null = null) =>
      admin.post('/api/channels', { userId, name: 'x', settings });
    for (const url of ['http://169.254.169.254/', 'http://10.1.2.3/hook', 'http://2852039166/'])
      expect(await make({ kind: 'webhook', url, template: 'json' })).toMatchObject({
        status: 400,
        json: { reason: 'outgoing-refused', fields: [{ path: 'settings.url' }] },
      });
    const allowed = await admin.post('/api/outgoing-networks', { network: '10.1.2.0/24', note: 'Chat' });
    expect(allowed.status).toBe(200);
    const url = 'http://10.1.2.3/hook';
    expect((await make({ kind: 'webhook', url, template: 'json' })).status).toBe(200);
    const restarted = await backend.restart();
    backend = restarted;
    admin = await backend.administrator();
    expect((await make({ kind: 'webhook', url, template: 'json' })).status).toBe(200);
    const twice = await admin.post('/api/outgoing-networks', { network: '10.1.2.0/24' });
    expect(twice.status).toBe(409);
    for (const network of ['10.1.2.3/24', '0.0.0.0/0', 'x', '10.1.2.0/33', '::/0'])
      expect((await admin.post('/api/outgoing-networks', { network })).status).toBe(400);
  });

  it('of NetBox too', async () => {
    expect(
      await admin.post('/api/imports/netbox', { url: 'http://[::ffff:10.9.9.9]/', token: 'nbt_x' }),
    ).toMatchObject({
      status: 400,
      json: { reason: 'outgoing-refused', network: '10.9.9.9/32' },
    });
  });
});
