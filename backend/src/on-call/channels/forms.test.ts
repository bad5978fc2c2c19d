import type { ChannelSettings } from '@rackhaus/config/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startReceiver, startTestDelivery, type TestDelivery } from '../delivery/testing.ts';
import { defaultSettings } from '../settings/settings.ts';
import { shortened } from './sms.ts';

let test: TestDelivery;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  test = await startTestDelivery();
  receiver = await startReceiver();
});
afterEach(async () => {
  await test.remove();
  await receiver.close();
});
const heard = () =>
  receiver.heard.map((each) => ({
    ...each,
    json: each.body.length === 0 ? null : JSON.parse(each.body.toString()),
  }));

async function tellOpened(settings: ChannelSettings, secret: string | null = null) {
  const channel = await test.channel(settings, secret);
  const incident = await test.incident('core_1 [x](http://evil)');
  await test.tell(channel, incident, 'opened');
  await test.settled();
  const [one] = heard();
  if (one === undefined) throw new Error('Nothing came.');
  return { ...one, channel, incident };
}
const webhook = (
  template: 'matrix' | 'mattermost' | 'teams' | 'alertmanager',
  path = '/hook',
): ChannelSettings => ({
  kind: 'webhook',
  url: receiver.url + path,
  template,
});

it('publishes to ntfy with a button that takes the incident', async () => {
  const { json, headers, method, path } = await tellOpened(
    { kind: 'ntfy', server: `${receiver.url}/rackhaus`, topic: 'alarm' },
    'tk_1',
  );
  expect([method, path, headers.authorization]).toEqual(['POST', '/', 'Bearer tk_1']);
  expect(json).toMatchObject({
    topic: 'alarm',
    title: 'Kritisch: core_1 [x](http://evil) antwortet nicht',
    priority: 5,
    tags: ['rotating_light'],
    click: expect.stringMatching(/^https:\/\/rackhaus\.example\.de\/a\//),
    actions: [
      {
        action: 'http',
        label: 'Übernehmen',
        method: 'POST',
        url: expect.stringMatching(/\/api\/alert-links\/[-\w]+\/acknowledge$/),
      },
    ],
  });
});

it('writes into a room of Matrix, once however often it tries', async () => {
  const { method, path, json, headers } = await tellOpened(
    webhook('matrix', '/_matrix/client/v3/rooms/!a:example.de/send/m.room.message'),
    'syt_1',
  );
  expect([method, headers.authorization]).toEqual(['PUT', 'Bearer syt_1']);
  expect(path).toMatch(/\/send\/m\.room\.message\/n\d+\.0\.0\.\d+$/);
  expect(json).toMatchObject({ msgtype: 'm.text', body: expect.stringContaining('antwortet nicht') });
});

it('lets no name become a link in Mattermost or Teams', async () => {
  const { json } = await tellOpened(webhook('mattermost'));
  expect(json.attachments[0].title).toBe('Kritisch: core\\_1 \\[x\\]\\(http://evil\\) antwortet nicht');
  receiver.heard.length = 0;
  await test.tell(await test.channel(webhook('teams')), await test.incident('core_2'), 'opened');
  await test.settled();
  expect(heard()[0]?.json).toMatchObject({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: { body: [{ text: 'Kritisch: core\\_2 antwortet nicht', color: 'Attention' }, {}, {}, {}] },
      },
    ],
  });
});

it('opens and ends the same alert of an Alertmanager', async () => {
  const { json, channel, incident } = await tellOpened(webhook('alertmanager', '/api/v2/alerts'));
  test.clock.now += 60_000;
  await test.tell(channel, incident, 'resolved');
  await test.settled();
  const end = heard()[1]?.json;
  expect(end[0].labels).toEqual(json[0].labels);
  expect(json[0].endsAt).toBeUndefined();
  expect(end[0].endsAt).toBe(new Date(test.clock.now).toISOString());
});

it('switches a siren on when something critical opens, and off when nobody has to be called any more', async () => {
  const siren = await test.channel({
    kind: 'local',
    onUrl: `${receiver.url}/on`,
    offUrl: `${receiver.url}/off`,
    method: 'POST',
  });
  const [a, b] = [await test.incident('a'), await test.incident('b')];
  const tell = async (
    incident: number,
    kind: 'opened' | 'resolved' | 'acknowledged',
    state: 'open' | 'resolved' | 'acknowledged',
  ) => {
    await test.db.updateTable('incidents').set({ state }).where('id', '=', incident).execute();
    await test.tell(siren, incident, kind);
    await test.settled();
    return receiver.heard.map(({ path }) => path);
  };
  expect(await tell(a, 'opened', 'open')).toEqual(['/on']);
  expect(await tell(b, 'opened', 'open')).toEqual(['/on', '/on']);
  expect(await tell(a, 'resolved', 'resolved')).toEqual(['/on', '/on']);
  expect(await tell(b, 'acknowledged', 'acknowledged')).toEqual(['/on', '/on', '/off']);
});

it('hands a text to an SMS gateway within the form that is set, whatever it holds', async () => {
  const body = '{"to": ["{number}"], "message": {"text": "Rackhaus: {text}"}, "flash": false}';
  await test.delivery.settings.write(
    { ...defaultSettings, sms: { by: 'gateway', url: `${receiver.url}/sms`, body } },
    { smsToken: 'gw' },
    'Admin',
  );
  const channel = await test.channel({ kind: 'sms', number: '+4917012345678' });
  await test.tell(channel, await test.incident('a "b" {number}'), 'opened');
  await test.settled();
  expect(heard()[0]).toMatchObject({
    headers: { authorization: 'Bearer gw' },
    json: {
      to: ['+4917012345678'],
      message: {
        text: expect.stringContaining('Rackhaus: Kritisch: a "b" {number} antwortet nicht. Serverraum neu'),
      },
      flash: false,
    },
  });
  const long = shortened(`Kopf ${'x'.repeat(2000)} https://rackhaus.example.de/a/token`, 'Kopf');
  expect(long.length).toBeLessThanOrEqual(600);
  expect(long).toMatch(/^Kopf .*https:\/\/rackhaus\.example\.de\/a\/token$/);
});
