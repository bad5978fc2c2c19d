import type { ServerResponse } from 'node:http';
import { PushMessage } from '@rackhaus/config/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startReceiver, startTestDelivery, type TestDelivery } from '../delivery/testing.ts';
import { PushKeys } from './push.ts';
import { newBrowser, verifyVapid } from './push-endpoint.ts';

let test: TestDelivery;
let service: Awaited<ReturnType<typeof startReceiver>>;
let answer: (response: ServerResponse) => void;
beforeEach(async () => {
  answer = (response) => response.writeHead(201).end();
  service = await startReceiver((_, response) => answer(response));
});
afterEach(async () => {
  await test.remove();
  await service.close();
});

async function subscribe(publicUrl: string | null = 'https://rackhaus.example.de') {
  test = await startTestDelivery({ publicUrl });
  const browser = newBrowser();
  const channel = await test.channel(
    { kind: 'push', endpoint: `${service.url}/send/abc`, p256dh: browser.p256dh, device: 'Chrome' },
    browser.auth,
  );
  return { browser, channel };
}
async function publicKey() {
  const { sealed } = await test.db
    .selectFrom('alert_settings')
    .select('sealed')
    .where('key', '=', 'push-keys')
    .executeTakeFirstOrThrow();
  return PushKeys.parse(JSON.parse(test.secretBox.open(sealed ?? ''))).publicKey;
}
const nowSeconds = () => Math.floor(Date.now() / 1000);

it('sends what the browser shows, encrypted for it, and says who sends', async () => {
  const { browser, channel } = await subscribe();
  const incident = await test.incident('core-1');
  await test.tell(channel, incident, 'opened');
  await test.settled();
  const [request] = service.heard;
  if (request === undefined) throw new Error('Nothing came.');
  expect(request).toMatchObject({ method: 'POST', path: '/send/abc' });
  expect(request.headers).toMatchObject({
    'content-encoding': 'aes128gcm',
    urgency: 'high',
    topic: `incident-${incident}`,
    ttl: '86400',
  });
  const { subject } = verifyVapid(request.headers, {
    publicKey: await publicKey(),
    origin: service.url,
    nowSeconds: nowSeconds(),
  });
  expect(subject).toBe('https://rackhaus.example.de');
  // What push services take at most.
  expect(request.body.length).toBeLessThanOrEqual(4096);
  expect(PushMessage.parse(JSON.parse(browser.decrypt(request.body)))).toMatchObject({
    title: 'Kritisch: core-1 antwortet nicht',
    body: 'Serverraum neu, Schrank 1\n23 Geräte betroffen\nSeit 10:42',
    path: `/incidents/${incident}`,
    tag: `incident-${incident}`,
    acknowledge: 'Übernehmen',
    urgent: true,
    token: expect.stringMatching(/^[0-9a-z]+-[-\w]{22}$/),
  });
});

it('never names localhost as its sender, which Apple refuses', async () => {
  for (const publicUrl of [null, 'http://localhost:8080', 'https://localhost', 'https://10.1.2.3']) {
    const { channel } = await subscribe(publicUrl);
    service.heard.length = 0;
    await test.tell(channel, null, 'test');
    await test.settled();
    const { subject } = verifyVapid(service.heard[0]?.headers ?? {}, {
      publicKey: await publicKey(),
      origin: service.url,
      nowSeconds: nowSeconds(),
    });
    expect(subject).toMatch(/^mailto:/);
    if (publicUrl !== 'https://10.1.2.3') await test.remove();
  }
});

it('switches off what the browser has ended, and tells its owner by another way', async () => {
  const { channel } = await subscribe();
  const other = await startReceiver();
  const second = await test.channel({ kind: 'webhook', url: other.url, template: 'json' });
  answer = (response) => response.writeHead(410).end();
  await test.tell(channel, await test.incident('core-1'), 'opened');
  await expect.poll(() => other.heard.length).toBe(1);
  expect(JSON.parse(other.heard[0]?.body.toString() ?? '')).toMatchObject({
    headline: '„push of Anna“ erreicht Sie nicht mehr',
  });
  await test.settled();
  const rows = await test.db
    .selectFrom('channels')
    .select(['id', 'enabled', 'last_error'])
    .orderBy('id')
    .execute();
  expect(rows).toMatchObject([
    { id: channel, enabled: 0, last_error: 'The browser has ended this subscription.' },
    { id: second, enabled: 1 },
  ]);
  await other.close();
});

it('keeps its keys over a restart: browsers have subscribed to them', async () => {
  await subscribe();
  const [first, again] = await Promise.all([
    test.delivery.settings.ownSecret('push-keys', PushKeys, () => ({ publicKey: 'a', privateKey: 'b' })),
    test.delivery.settings.ownSecret('push-keys', PushKeys, () => ({ publicKey: 'c', privateKey: 'd' })),
  ]);
  expect(again).toEqual(first);
});
