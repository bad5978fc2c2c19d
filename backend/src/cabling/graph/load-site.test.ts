import { expect, test } from 'vitest';
import { townHallInventory } from '../../inventory/testing.ts';
import { isFed, singleSupplies } from './impact.ts';
import { Sites } from './sites.ts';

const { db } = await townHallInventory();
const sites = new Sites({ db });
const idOf = async (name: string) =>
  (await db.selectFrom('devices').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id;
const cable = async (label: string) =>
  (await db.selectFrom('links').select('id').where('label', '=', label).executeTakeFirstOrThrow()).id;

test('one of two UPS takes nothing down that has two supplies', async () => {
  const { devices } = await sites.impact({ deviceIds: [await idOf('USV A')] });
  const lost = (loss: string) =>
    devices.filter((device) => device.loses === loss).map((device) => device.name);
  expect(lost('power')).toEqual(expect.arrayContaining(['PDU 1A', 'PDU 2A', 'PDU 3A']));
  expect(lost('redundancy')).toContain('core-1');
  expect(lost('power')).not.toContain('core-1');
});

test('a cord of an access point, through panel and outlet, takes it off the network', async () => {
  expect(await sites.impact({ linkIds: [await cable('K-0104')] })).toMatchObject({
    devices: [{ name: 'ap-eg-1', loses: 'network' }],
  });
});

test('services suffer with what they run on', async () => {
  const hosts = await db
    .selectFrom('service_devices')
    .innerJoin('devices', 'devices.id', 'service_devices.device_id')
    .select(['devices.id', 'service_devices.service_id'])
    .where('devices.role', '=', 'server')
    .execute();
  const [host] = hosts;
  if (host === undefined) throw new Error('no service runs on a server');
  const { services } = await sites.impact({ deviceIds: [host.id] });
  expect(services.map((service) => service.id)).toContain(host.service_id);
});

test('every core switch is fed, and by no single supply alone', async () => {
  const site = await sites.now();
  for (const name of ['core-1', 'core-2']) {
    expect(isFed(site, await idOf(name))).toBe(true);
    expect(singleSupplies(site, await idOf(name))).toEqual([]);
  }
});

test('what an order takes away for good is told apart from what is only interrupted', async () => {
  const link = await cable('K-0104');
  const away = { id: 1, linkId: null, change: { action: 'remove-link' as const, linkId: link, keep: false } };
  const ofDevices = async (items: Parameters<typeof sites.interrupted>[1]) =>
    (await sites.interrupted({ linkIds: [link] }, items)).filter(({ kind }) => kind === 'device');
  expect(await ofDevices([away])).toMatchObject([{ name: 'ap-eg-1', loses: 'network', forGood: true }]);
  expect(await ofDevices([])).toMatchObject([{ name: 'ap-eg-1', loses: 'network', forGood: false }]);
});

test('a device whose only power cord goes for good stays without power', async () => {
  const site = await sites.now();
  const cords = Map.groupBy(site.power.connections, (cord) => cord.to);
  const [device, [cord] = []] = [...cords].find(([, each]) => each.length === 1) ?? [0, []];
  const link = cord?.cables[0] ?? 0;
  const away = { id: 1, linkId: null, change: { action: 'remove-link' as const, linkId: link, keep: false } };
  expect(await sites.interrupted({ linkIds: [link] }, [away])).toContainEqual(
    expect.objectContaining({ kind: 'device', id: device, loses: 'power', forGood: true }),
  );
});
