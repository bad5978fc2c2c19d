import {
  AlertLink,
  AlertSettingsReply,
  ChannelList,
  ChannelTested,
  ChannelView,
  PushKey,
} from '@rackhaus/config/contract';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { startReceiver } from '../delivery/testing.ts';
import { newBrowser } from './push-endpoint.ts';

let backend: TestBackend;
let admin: Client;
let viewer: Client;
let technician: Client;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  backend = await startTestBackend({ PUBLIC_URL: 'http://rackhaus.test' });
  [admin, viewer, technician] = [
    await backend.administrator(),
    await backend.signedIn('viewer'),
    await backend.signedIn('technician'),
  ];
});
afterAll(() => backend.remove());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

async function idOf(client: Client): Promise<number> {
  const made = await client.put('/api/push', {
    endpoint: `https://push.example/${Math.random()}`,
    ...keys(),
    device: 'x',
  });
  const { id, userId } = ChannelView.parse(made.json);
  await client.delete(`/api/channels/${id}`);
  return userId ?? 0;
}
function keys() {
  const { p256dh, auth } = newBrowser();
  return { p256dh, auth };
}
const ntfy = (userId: number | null, server = receiver.url) => ({
  userId,
  name: 'Handy',
  settings: { kind: 'ntfy', server, topic: 'rackhaus' },
  secret: 'tk_secret',
});

it('lets everybody keep channels of their own, and nobody see or touch those of others', async () => {
  const own = await idOf(viewer);
  const made = await viewer.post('/api/channels', ntfy(own));
  expect(made.status).toBe(200);
  const { id } = ChannelView.parse(made.json);
  expect(made.text).not.toContain('tk_secret');
  expect(ChannelList.parse((await viewer.get('/api/channels')).json).channels.map((each) => each.id)).toEqual(
    [id],
  );
  expect(ChannelList.parse((await technician.get('/api/channels')).json).channels).toEqual([]);
  expect(
    ChannelList.parse((await admin.get('/api/channels')).json).channels.map((each) => each.id),
  ).toContain(id);
  for (const refused of [
    await technician.patch(`/api/channels/${id}`, { enabled: false }),
    await technician.delete(`/api/channels/${id}`),
    await technician.post(`/api/channels/${id}/test`, {}),
    await technician.post('/api/channels', ntfy(own)),
    await viewer.post('/api/channels', ntfy(null)),
    await viewer.post('/api/channels', {
      ...ntfy(own),
      settings: { kind: 'webhook', url: receiver.url, template: 'json' },
    }),
    // Where messages to somebody go, not even administrators change.
    await admin.patch(`/api/channels/${id}`, {
      settings: { kind: 'ntfy', server: receiver.url, topic: 'mine' },
    }),
  ])
    expect(refused.status).toBe(403);
  expect((await admin.patch(`/api/channels/${id}`, { enabled: false, name: 'Aus' })).json).toMatchObject({
    enabled: false,
    name: 'Aus',
  });
  expect((await viewer.delete(`/api/channels/${id}`)).status).toBe(204);
  expect((await viewer.delete(`/api/channels/${id}`)).status).toBe(404);
});

it('sends no token that is kept to another server', async () => {
  const { id } = ChannelView.parse((await viewer.post('/api/channels', ntfy(await idOf(viewer)))).json);
  const moved = { settings: { kind: 'ntfy', server: 'https://elsewhere.example', topic: 'rackhaus' } };
  expect(await viewer.patch(`/api/channels/${id}`, moved)).toMatchObject({
    status: 400,
    json: { fields: [{ path: 'secret' }] },
  });
  expect((await viewer.patch(`/api/channels/${id}`, { ...moved, secret: null })).status).toBe(200);
  await viewer.delete(`/api/channels/${id}`);
});

it('refuses addresses that are not of the web, by name of the field', async () => {
  const own = await idOf(viewer);
  for (const server of ['file:///etc/passwd', 'ftp://example.de', 'example.de'])
    expect(await viewer.post('/api/channels', ntfy(own, server))).toMatchObject({
      status: 400,
      json: { fields: [{ path: 'settings.server' }] },
    });
});

it('tests a channel now, says what came of it, and counts the opened link as its receipt', async () => {
  const { id } = ChannelView.parse((await viewer.post('/api/channels', ntfy(await idOf(viewer)))).json);
  const tested = await viewer.post(`/api/channels/${id}/test`, {});
  expect(ChannelTested.parse(tested.json)).toEqual({
    sent: true,
    message: expect.stringContaining('unterwegs'),
  });
  const [heard] = receiver.heard;
  expect(heard?.headers.authorization).toBe('Bearer tk_secret');
  const { click, title, topic } = JSON.parse(heard?.body.toString() ?? '');
  expect({ title, topic }).toEqual({ title: 'Test: Nachricht von Rackhaus', topic: 'rackhaus' });
  const token = new URL(click).pathname.split('/').at(-1) ?? '';
  const nobody = backend.client();
  expect(AlertLink.parse((await nobody.get(`/api/alert-links/${token}`)).json)).toMatchObject({
    test: true,
    person: 'viewer 1',
  });
  const [view] = ChannelList.parse((await viewer.get('/api/channels')).json).channels;
  expect(view).toMatchObject({
    lastReceiptAt: backend.clock.now,
    lastSentAt: backend.clock.now,
    failingSince: null,
  });
  expect((await nobody.post(`/api/alert-links/${token}/acknowledge`, {})).status).toBe(409);
  const other = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  expect((await nobody.get(`/api/alert-links/${other}`)).status).toBe(404);

  await receiver.close();
  const failed = ChannelTested.parse((await viewer.post(`/api/channels/${id}/test`, {})).json);
  expect(failed).toEqual({ sent: false, message: expect.stringContaining('could not be reached') });
  expect(ChannelList.parse((await viewer.get('/api/channels')).json).channels[0]?.failingSince).toBe(
    backend.clock.now,
  );
  await viewer.delete(`/api/channels/${id}`);
});

it('slows down who guesses links, and keeps who has one waiting for nobody', async () => {
  const nobody = backend.client();
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, i) => nobody.get(`/api/alert-links/${i}-AAAAAAAAAAAAAAAAAAAAAA`)),
  );
  expect(answers.some(({ status }) => status === 429)).toBe(true);
  backend.clock.now += 3_600_000;
});

it('adds a browser once, follows its new address, and gives it to who signs in there', async () => {
  expect(PushKey.parse((await viewer.get('/api/push')).json).publicKey).toMatch(/^[-\w]{87}$/);
  const browser = { endpoint: 'https://push.example/one', ...keys(), device: 'Chrome, Android' };
  const first = ChannelView.parse((await viewer.put('/api/push', browser)).json);
  expect(first).toMatchObject({ name: 'Chrome, Android', target: 'push.example', hasSecret: true });
  expect((await viewer.put('/api/push', browser)).json).toMatchObject({ id: first.id });
  const moved = { ...browser, ...keys(), endpoint: 'https://push.example/two', before: browser.endpoint };
  expect((await viewer.put('/api/push', moved)).json).toMatchObject({ id: first.id });
  const taken = ChannelView.parse((await technician.put('/api/push', { ...moved, before: null })).json);
  expect(taken.userId).not.toBe(first.userId);
  expect(ChannelList.parse((await viewer.get('/api/channels')).json).channels).toEqual([]);
  await technician.delete(`/api/channels/${taken.id}`);
});

it('keeps secrets of settings, tells none, and names what is wrong', async () => {
  const before = AlertSettingsReply.parse((await admin.get('/api/alert-settings')).json);
  expect(before.settings).toMatchObject({ language: 'de', timeZone: 'Europe/Berlin', mail: null });
  const mail = {
    host: 'mail.example.de',
    port: 587,
    security: 'starttls',
    user: 'r',
    from: 'r@example.de',
    deviceId: null,
  };
  const put = (settings: object, secrets: object = {}) =>
    admin.put('/api/alert-settings', { settings: { ...before.settings, ...settings }, secrets });
  const written = await put({ mail }, { mailPassword: 'very secret' });
  expect(AlertSettingsReply.parse(written.json).set).toMatchObject({ mailPassword: true, smsPin: false });
  expect(written.text + (await admin.get('/api/alert-settings')).text).not.toContain('very secret');
  expect(AlertSettingsReply.parse((await put({ mail: { ...mail, port: 25 } })).json).set.mailPassword).toBe(
    true,
  );
  for (const [settings, path] of [
    [{ timeZone: 'Europe/Havixbeck' }, 'settings.timeZone'],
    [{ quiet: { from: '22:00', until: '25:00' } }, 'settings.quiet.until'],
    [{ mail: { ...mail, from: 'nobody' } }, 'settings.mail.from'],
    [{ mail: { ...mail, host: 'evil.example' } }, 'secrets.mailPassword'],
    [{ mail: { ...mail, security: 'none' } }, 'secrets.mailPassword'],
    [{ sms: { by: 'modem', device: '/etc/passwd', deviceId: null } }, 'settings.sms.device'],
    [{ sms: { by: 'gateway', url: 'https://sms.example', body: '{"to": "{number}"}' } }, 'settings.sms.body'],
  ] as const)
    expect(await put({ mail, ...settings }), path).toMatchObject({
      status: 400,
      json: { fields: [{ path }] },
    });
});
