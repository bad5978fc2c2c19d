import { describe, expect, onTestFinished, test } from 'vitest';
import { outgoingToLoopback } from '../../outgoing/testing.ts';
import { bringIn } from '../exchange/bring.ts';
import { emptyInventory, tester } from '../testing.ts';
import { NetboxClient } from './client.ts';
import { fromNetbox } from './map.ts';
import { sampleNetbox, startNetbox } from './testing.ts';

const token = 'nbt_abc.def';
const outside = outgoingToLoopback();
const quiet = { signal: new AbortController().signal, onProgress: () => {} };

async function netbox(options: { version?: '4.2' | '4.5'; pageSize?: number } = {}) {
  const server = await startNetbox(sampleNetbox(options.version ?? '4.5'), {
    token,
    ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
  });
  onTestFinished(() => server.close());
  return server;
}

describe('a NetBox', () => {
  test.each(['4.2', '4.5'] as const)('%s comes in, and a second time changes nothing', async (version) => {
    const server = await netbox({ version, pageSize: 2 });
    const { db, inventory } = await emptyInventory();
    onTestFinished(() => db.destroy());
    const bring = async () => {
      const { file } = fromNetbox(
        await new NetboxClient({ url: server.url, token, outside }).fetchAll(quiet),
      );
      return inventory.changes.run(tester, (change) => bringIn(change, file));
    };
    await bring();
    const devices = await db
      .selectFrom('devices')
      .leftJoin('racks', 'racks.id', 'devices.rack_id')
      .leftJoin('rooms', 'rooms.id', 'devices.room_id')
      .select([
        'devices.name',
        'devices.role',
        'devices.status',
        'devices.position',
        'racks.name as rack',
        'rooms.name as room',
        'devices.serial',
      ])
      .orderBy('devices.id')
      .execute();
    expect(devices).toEqual([
      {
        name: 'A',
        role: 'panel',
        status: 'active',
        position: 40,
        rack: 'R1',
        room: 'Serverraum',
        serial: null,
      },
      {
        name: 'sw-1',
        role: 'switch',
        status: 'staged',
        position: 39,
        rack: 'R1',
        room: 'Serverraum',
        serial: 'SN-7',
      },
      {
        name: 'sw-1 (Grundschule)',
        role: 'switch',
        status: 'active',
        position: null,
        rack: null,
        room: 'Grundschule',
        serial: null,
      },
      {
        name: 'LC 2 4',
        role: 'panel',
        status: 'active',
        position: 38,
        rack: 'R1',
        room: 'Serverraum',
        serial: null,
      },
    ]);
    const floor = await db
      .selectFrom('rooms')
      .innerJoin('floors', 'floors.id', 'rooms.floor_id')
      .innerJoin('buildings', 'buildings.id', 'floors.building_id')
      .select(['floors.name as floor', 'buildings.name as building'])
      .where('rooms.name', '=', 'Serverraum')
      .executeTakeFirst();
    expect(floor).toEqual({ floor: 'Keller', building: 'Hauptgebäude' });
    const links = await db
      .selectFrom('links')
      .innerJoin('link_ends', 'link_ends.link_id', 'links.id')
      .innerJoin('ports', 'ports.id', 'link_ends.port_id')
      .select([
        'links.kind',
        'links.label',
        'links.length_m',
        'links.color',
        'link_ends.port_side',
        'ports.name',
      ])
      .orderBy('links.id')
      .orderBy('link_ends.side')
      .execute();
    expect(links).toEqual([
      { kind: 'patch', label: 'K1', length_m: 1.5, color: '#ffeb3b', port_side: 'front', name: 'eth2' },
      { kind: 'patch', label: 'K1', length_m: 1.5, color: '#ffeb3b', port_side: 'front', name: '1' },
      { kind: 'permanent', label: 'L1', length_m: null, color: null, port_side: 'rear', name: '1' },
      { kind: 'permanent', label: 'L1', length_m: null, color: null, port_side: 'rear', name: '2' },
    ]);
    const lanes = await db
      .selectFrom('ports')
      .select(['name', 'rear_lane'])
      .where('rear_lane', 'is not', null)
      .orderBy('name')
      .execute();
    expect(lanes).toEqual([
      { name: 'LC1', rear_lane: 1 },
      { name: 'LC2', rear_lane: 2 },
    ]);
    expect(await db.selectFrom('port_vlans').selectAll().execute()).toHaveLength(2);
    expect(
      await db.selectFrom('addresses').select(['address', 'role', 'dns_name']).orderBy('address').execute(),
    ).toEqual([
      { address: '10.1.2.3', role: 'management', dns_name: 'sw-1.example.org' },
      { address: '10.1.2.4', role: 'virtual', dns_name: null },
    ]);
    expect(
      await db
        .selectFrom('device_types')
        .select(['slug', 'weight_kg', 'power_w'])
        .where('slug', '=', 'switch-4')
        .executeTakeFirst(),
    ).toEqual({
      slug: 'switch-4',
      weight_kg: 3.2,
      power_w: 60,
    });
    expect((await bring()).changeId).toBeNull();
  });

  test('says of everything that it cannot take over why', async () => {
    const server = await netbox();
    const { remarks } = fromNetbox(
      await new NetboxClient({ url: server.url, token, outside }).fetchAll(quiet),
    );
    expect(remarks.map(({ kind, name, message }) => `${kind} ${name} ${message}`)).toEqual([
      'vlan 30 Telefonie alt is left out: its number is used by another VLAN of the same site',
      'device sw-1 (Grundschule) is called "sw-1" in NetBox; here each name is used once, and without ":"',
      'device LC 2 4 is called "" in NetBox; here each name is used once, and without ":"',
      'link #3 is left out: it ends at a circuits.circuittermination',
      'link geplant is left out: it is planned in NetBox',
    ]);
  });
});

describe('fetching', () => {
  test('goes on after an interruption with the page at which it stopped', async () => {
    const server = await netbox({ pageSize: 1 });
    const client = new NetboxClient({ url: `${server.url}/api/`, token, outside });
    server.fault = (path, offset) => (path === 'dcim/devices' && offset === 2 ? 'refused' : null);
    await expect(client.fetchAll(quiet)).rejects.toThrow('refuses the token');
    server.fault = null;
    server.requests.length = 0;
    const data = await client.fetchAll(quiet);
    expect(data.devices).toHaveLength(4);
    expect(server.requests[0]).toBe('dcim/devices 2');
  });

  test('tries again when the server is busy or breaks off', async () => {
    const server = await netbox();
    let faults = 2;
    server.fault = () => (faults-- > 0 ? (faults === 1 ? 'busy' : 'gone') : null);
    const data = await new NetboxClient({ url: server.url, token, outside }).fetchAll(quiet);
    expect(data.sites).toHaveLength(2);
  });

  test.each([
    ['a wrong token', (url: string) => ({ url, token: 'wrong' }), 'refuses the token'],
    [
      'another address',
      (url: string) => ({ url: `${url}/elsewhere`, token }),
      'Is this the address of NetBox itself?',
    ],
    ['no address', () => ({ url: 'file:///etc/passwd', token }), 'must be an address such as'],
  ])('%s is said', async (_, given, message) => {
    const server = await netbox();
    await expect(async () =>
      new NetboxClient({ ...given(server.url), outside }).fetchAll(quiet),
    ).rejects.toThrow(message);
  });

  test('a page that is not JSON is said', async () => {
    const server = await netbox();
    server.fault = () => 'html';
    await expect(new NetboxClient({ url: server.url, token, outside }).fetchAll(quiet)).rejects.toThrow(
      'did not answer JSON',
    );
  });

  test('what is not as NetBox documents it names the object and the field', async () => {
    const data = sampleNetbox('4.5');
    data['dcim/devices']?.push({ id: 99, name: 'x' });
    const server = await startNetbox(data, { token });
    onTestFinished(() => server.close());
    await expect(new NetboxClient({ url: server.url, token, outside }).fetchAll(quiet)).rejects.toThrow(
      'dcim/devices, object 99: device_type',
    );
  });
});
