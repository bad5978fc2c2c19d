import {
  DeviceView,
  type Observation,
  PortDetail,
  RoomView,
  SearchReply,
  Structure,
} from '@rackhaus/config/contract';
import { InventoryFile } from '@rackhaus/config/inventory-file';
import { afterAll, describe, expect, test } from 'vitest';
import { deviceView } from './device-view.ts';
import { portDetail } from './port-detail.ts';
import { rackView, roomView } from './rooms.ts';
import { structure } from './structure.ts';
import { tester, townHallInventory, types } from './testing.ts';
import { TypeViews } from './type-views.ts';

const { db, inventory } = await townHallInventory();
afterAll(() => db.destroy());
const views = new TypeViews();
const silent = async () => null;

async function deviceId(name: string): Promise<number> {
  return (await db.selectFrom('devices').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id;
}
async function portId(owner: string, name: string): Promise<number> {
  const row = await db
    .selectFrom('ports')
    .leftJoin('devices', 'devices.id', 'ports.device_id')
    .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
    .select('ports.id')
    .where((e) => e.or([e('devices.name', '=', owner), e('outlets.name', '=', owner)]))
    .where('ports.name', '=', name)
    .executeTakeFirstOrThrow();
  return row.id;
}
async function run(owner: string, name: string): Promise<string> {
  const detail = PortDetail.parse(await portDetail(db, silent, await portId(owner, name)));
  return `${detail.trace.map((hop) => `${hop.owner.name} ${hop.portName}${hop.via === null ? '' : ` -${hop.via.label}-`}`).join(' ')} ${detail.end}`;
}

describe('a room', () => {
  test('has its racks, devices from the top, and what stands beside', async () => {
    const room = RoomView.parse(await roomView(db, views, 1));
    expect(room).toMatchObject({
      name: 'Serverraum neu',
      floor: { name: 'Untergeschoss' },
      building: { name: 'Rathaus' },
      site: { name: 'Rathaus' },
    });
    expect(room.racks.map((rack) => `${rack.name} ${rack.purpose} ${rack.usedU}/${rack.heightU}`)).toEqual([
      'Schrank 1 Netz 15/42',
      'Schrank 2 Server 15/42',
      'Schrank 3 Strom 10/42',
    ]);
    expect(room.racks[0]?.devices.slice(0, 3).map((device) => device.name)).toEqual([
      'A',
      'Rangierung 1',
      'B',
    ]);
    expect(room.unracked.map((device) => device.name)).toEqual(['Raumsensor']);
    const panel = room.racks[0]?.devices[0];
    // Occupied is the cord in front, not the installed cable behind.
    expect(panel?.ports.map((port) => port.occupied)).toContain(false);
    expect(new Set(room.types.map((type) => type.id)).size).toBe(room.types.length);
  });

  test('one rack comes in the form of its room', async () => {
    const rack = RoomView.parse(await rackView(db, views, 3));
    expect(rack.racks.map(({ name }) => name)).toEqual(['Schrank 3']);
    expect(rack.unracked).toEqual([]);
  });

  test('that does not exist is not found', async () => {
    await expect(roomView(db, views, 9999)).rejects.toMatchObject({ code: 'not-found' });
    await expect(rackView(db, views, 9999)).rejects.toMatchObject({ code: 'not-found' });
    await expect(portDetail(db, silent, 99999)).rejects.toMatchObject({ code: 'not-found' });
    await expect(deviceView(db, views, silent, 9999)).rejects.toMatchObject({ code: 'not-found' });
  });
});

test('the structure leaves out empty rooms', async () => {
  const tree = Structure.parse(await structure(db));
  expect(tree.sites.map((site) => site.name)).toEqual([
    'Rathaus',
    'Gesamtschule',
    'Grundschule',
    'Bücherei',
    'Hotspots',
  ]);
  expect(JSON.stringify(tree)).not.toContain('Standesamt');
  expect(tree).toMatchObject({ devices: 70, links: 408 });
});

describe('a trace tells', () => {
  test.each([
    // From the switch to the wall.
    ['acc-ug-1', '1/1/1', 'acc-ug-1 1/1/1 -K-0101- A 1 -A-01- 0.01-1 1 open'],
    // From the wall to the switch, the other way round.
    ['0.01-1', '1', '0.01-1 1 -A-01- A 1 -K-0101- acc-ug-1 1/1/1 open'],
    // An access point behind an outlet: complete.
    ['ap-eg-1', 'eth0', 'ap-eg-1 eth0 -K-0104- 0.01-3 1 -A-04- A 4 -K-0103- acc-ug-1 1/1/3 complete'],
    // Through a fibre trunk with lanes.
    [
      'core-2',
      '1/1/5',
      'core-2 1/1/5 -K-0011- LWL 2 LWL T1 -LWL-T1- LWL-1 T1 LWL-1 2 -K-0012- acc-1og-1 1/1/26 complete',
    ],
    // Power is cords too.
    ['nas-sicherung', 'PSU 1', 'nas-sicherung PSU 1 -S-035- PDU 2B 7 complete'],
    ['firewall-a', 'Port7', 'firewall-a Port7 open'],
  ])('%s %s', async (owner, name, expected) => {
    expect(await run(owner, name)).toBe(expected);
  });
});

describe('a device', () => {
  const observation = async (id: number): Promise<Observation> => ({
    deviceId: id,
    time: 5,
    profile: 'p',
    identity: {
      os: null,
      vendor: 'HPE',
      model: 'X',
      serial: 's',
      firmware: '1',
      name: 'acc-ug-1',
      description: null,
      location: null,
    },
    ports: [
      { name: '1/1/1', ifIndex: 1, description: null, alias: 'Büro', mac: '00:11', type: 6 },
      { name: 'vlan10', ifIndex: 100, description: null, alias: null, mac: null, type: 135 },
      { name: 'vlan9', ifIndex: 99, description: null, alias: null, mac: null, type: 135 },
    ],
    entities: [{ kind: 'fan', entity: '1', label: 'Fan 1' }],
    neighbours: [
      {
        localPort: '1/1/49',
        remoteName: 'core-1',
        remotePort: '1/1/1',
        remoteDescription: null,
        protocol: 'lldp',
        chassis: '02:00:00:00:00:01',
        portDescription: null,
        managementAddress: null,
      },
    ],
  });

  test('shows what is documented beside what it says itself', async () => {
    const id = await deviceId('acc-ug-1');
    const view = DeviceView.parse(await deviceView(db, views, observation, id));
    expect(view.place).toMatchObject({ room: { name: 'Serverraum neu' }, rack: { name: 'Schrank 1' } });
    expect(view.observed).toMatchObject({ vendor: 'HPE', time: 5 });
    expect(view.ports[0]).toMatchObject({
      name: '1/1/1',
      documented: true,
      observed: true,
      alias: 'Büro',
      farEnd: { kind: 'outlet', name: '0.01-1', portName: '1' },
    });
    expect(view.ports.find((port) => port.name === '1/1/49')).toMatchObject({
      observed: false,
      farEnd: { name: 'core-1', portName: '1/1/1' },
      neighbour: { name: 'core-1', port: '1/1/1' },
    });
    expect(view.ports.slice(-2).map((port) => [port.name, port.id, port.documented])).toEqual([
      ['vlan9', null, false],
      ['vlan10', null, false],
    ]);
  });

  test('a port shows the neighbour that the device sees', async () => {
    const detail = await portDetail(db, observation, await portId('acc-ug-1', '1/1/49'));
    expect(detail.neighbour).toEqual({ name: 'core-1', port: '1/1/1' });
  });
});

describe('search', () => {
  test.each([
    ['core-1', 'device core-1'],
    ['CORE', 'device core-1'],
    ['bürgerbüro', 'room 0.01 Bürgerbüro'],
    ['buergerbuero', undefined],
    ['burgerburo', 'room 0.01 Bürgerbüro'],
    ['K-0101', 'link K-0101'],
    ['acc-ug-1 1/1/7', 'port acc-ug-1 1/1/7'],
    ['acc-ug-1:1/1/7', 'port acc-ug-1 1/1/7'],
    ['A 07', 'port A 7'],
    ['0.01-3', 'outlet 0.01-3'],
    ['schrank 2', 'rack Schrank 2'],
    ['100%', undefined],
    ['_', undefined],
    ['   ', undefined],
  ])('%s', async (query, first) => {
    const { results } = SearchReply.parse(await inventory.search.find(query));
    const best = results[0];
    expect(best === undefined ? undefined : `${best.kind} ${best.name}`).toBe(first);
    expect(results.length).toBeLessThanOrEqual(20);
  });

  test('the name of a device is not taken for a port', async () => {
    const { results } = await inventory.search.find('core-1');
    expect(results.map((result) => result.kind)).not.toContain('port');
  });

  test('ports come in the order of the device', async () => {
    const { results } = await inventory.search.find('acc-ug-1 1/1/1');
    expect(results.slice(0, 3).map((result) => result.name)).toEqual([
      'acc-ug-1 1/1/1',
      'acc-ug-1 1/1/10',
      'acc-ug-1 1/1/11',
    ]);
  });

  test('an outlet opens where it leads to', async () => {
    const [outlet] = (await inventory.search.find('0.01-1')).results;
    expect(outlet?.path).toBe(`/devices/${await deviceId('A')}?port=${await portId('A', '1')}`);
  });
});

describe('monitored devices', () => {
  test('all of them, with opened credentials and what is joined to what', async () => {
    const devices = await inventory.monitored.list();
    expect(devices).toHaveLength(70);
    expect(devices.filter((device) => device.monitoring !== null)).toHaveLength(47);
    const ups = devices.find((device) => device.name === 'USV B');
    expect(ups).toMatchObject({
      place: 'Serverraum neu, Schrank 3, HE 1-3',
      monitoring: { address: '127.77.10.92', snmpPort: 1161, intervalSeconds: 2, ping: true, tcp: [] },
    });
    expect(ups?.monitoring?.credentials).toMatchObject({ version: '3', user: 'rackhaus-strom' });
    const access = devices.find((device) => device.name === 'acc-ug-1');
    const port = (name: string) => access?.ports.find((candidate) => candidate.name === name);
    expect(port('1/1/49')?.infrastructure).toBe(true);
    expect(port('1/1/1')?.infrastructure).toBe(false);
    // An access point behind panel and outlet.
    expect(port('1/1/3')).toMatchObject({ infrastructure: true, farDeviceId: await deviceId('ap-eg-1') });
  });

  test('hear of an import that changes something, and not of one that does not', async () => {
    let heard = 0;
    const stop = inventory.monitored.onChange(() => heard++);
    await inventory.import(InventoryFile.parse({}), types, tester);
    expect(heard).toBe(0);
    await inventory.import(
      InventoryFile.parse({ outlets: [{ name: 'neu', room: 'Rathaus/Serverraum neu' }] }),
      types,
      tester,
    );
    expect(heard).toBe(1);
    stop();
    await inventory.import(
      InventoryFile.parse({ outlets: [{ name: 'neu2', room: 'Rathaus/Serverraum neu' }] }),
      types,
      tester,
    );
    expect(heard).toBe(1);
  });
});
