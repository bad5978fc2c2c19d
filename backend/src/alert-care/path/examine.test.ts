import { AlertSettings } from '@rackhaus/config/contract';
import { expect, it } from 'vitest';
import { type Connection, SiteGraph } from '../../cabling/graph/site-graph.ts';
import { type Channel, examine, interruptions, needOf } from './examine.ts';
import { waysFrom } from './ways.ts';

const names = [
  'server',
  'switch',
  'firewall',
  'router-1',
  'router-2',
  'mail',
  'ups',
  'pdu-a',
  'pdu-b',
  'ups-b',
];
const id = (name: string) => names.indexOf(name) + 1;
const joined = (words: string, first: number): Connection[] =>
  words.split(' ').map((word, index) => {
    const [a = '', b = ''] = word.split('>');
    return { from: id(a), to: id(b), cables: [first + index], ports: [], through: [] };
  });
const power = joined(
  'ups>pdu-a ups-b>pdu-b pdu-a>server pdu-b>server pdu-a>switch pdu-b>switch pdu-a>firewall',
  100,
);
const fed = new Set(power.map(({ to }) => to));
const site = new SiteGraph({
  devices: names.map((name) => ({
    id: id(name),
    transit: /switch|firewall|router/.test(name),
    networkSource: /firewall|router/.test(name),
    powerSource: !fed.has(id(name)),
  })),
  network: joined('server>switch mail>switch switch>firewall firewall>router-1 firewall>router-2', 1),
  power,
});
const ways = waysFrom(site, id('server'), new Set([id('router-1'), id('router-2')]));
const settings = AlertSettings.parse({
  mail: {
    host: 'mail',
    port: 25,
    security: 'none',
    user: '',
    from: 'r@example.de',
    deviceId: id('mail'),
  },
  mailbox: null,
  sms: { by: 'modem', device: '/dev/ttyUSB0', deviceId: id('server') },
  quiet: null,
  weeklyTest: null,
  heartbeat: null,
  timeZone: 'Europe/Berlin',
  language: 'de',
  publicStatus: false,
});
const channel = (id: number, kind: string, person: string | null): Channel => ({
  id,
  kind,
  name: kind,
  person,
});
const needs = [channel(1, 'push', 'Anna'), channel(2, 'email', 'Bert'), channel(3, 'sms', 'Bert')].map(
  (each) => needOf(each, settings),
);

it('says what alone silences each channel, nearest first, and why', async () => {
  const { single, unknown } = await examine(ways, needs);
  const shown = (channelId: number) =>
    single.get(channelId)?.map(({ deviceId, why }) => [names[deviceId - 1], why.en]);
  // Either router, and either feed of what has two, may fail.
  expect(shown(1)).toEqual([
    ['server', 'Rackhaus runs on it.'],
    ['switch', 'It lies on every way into the internet.'],
    ['pdu-a', 'All ways into the internet depend on its power.'],
    ['firewall', 'It lies on every way into the internet.'],
    ['ups', 'All ways into the internet depend on its power.'],
  ]);
  expect(shown(2)).toContainEqual(['mail', 'It is the mail server.']);
  expect(shown(3)).toEqual([['server', 'Rackhaus runs on it.']]);
  expect(unknown).toEqual([]);
});

it('says of which faults a person, or nobody, would hear', async () => {
  const { silent } = await examine(ways, needs);
  expect(silent.map(({ deviceId, people, all }) => [names[deviceId - 1], people, all])).toEqual([
    ['server', ['Anna', 'Bert'], true],
    ['switch', ['Anna'], false],
    ['pdu-a', ['Anna'], false],
    ['firewall', ['Anna'], false],
    ['ups', ['Anna'], false],
  ]);
});

it('says which incidents interrupt a channel now, also two that only do so together', () => {
  const taken = (incidentId: number, name: string) => ({ incidentId, devices: [id(name)], cables: [] });
  expect(interruptions(ways, needs, [taken(7, 'firewall')])).toEqual(
    new Map([
      [1, [7]],
      [2, [7]],
    ]),
  );
  expect(interruptions(ways, needs, [taken(7, 'router-1')])).toEqual(new Map());
  expect(interruptions(ways, needs, [taken(7, 'router-1'), taken(8, 'router-2')]).get(1)).toEqual([7, 8]);
  expect(interruptions(ways, needs, [{ incidentId: 9, devices: [], cables: [3] }]).get(1)).toEqual([9]);
});

it('says what it does not know', async () => {
  expect((await examine(null, needs)).unknown[0]?.en).toMatch(/on which device Rackhaus runs/);
  const none = needOf(channel(1, 'email', 'Anna'), {
    ...settings,
    mail: settings.mail && { ...settings.mail, deviceId: null },
  });
  expect(none.unknown[0]?.en).toMatch(/mail server/);
  const alone = waysFrom(
    new SiteGraph({ devices: site.devices, network: [], power: [] }),
    id('server'),
    new Set(),
  );
  expect((await examine(alone, needs)).unknown[0]?.en).toMatch(/No way into the internet/);
});

it('says of mail and SMS that they are not set up', () => {
  const unset = { ...settings, mail: null, sms: null };
  const said = (kind: string) => needOf(channel(1, kind, null), unset).unknown.map(({ en }) => en);
  expect(said('email')).toEqual(['E-mail is not set up.']);
  expect(said('sms')).toEqual(['SMS is not set up.']);
  expect(said('push')).toEqual([]);
});
