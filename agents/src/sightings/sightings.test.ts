import type { SnmpCredentials } from '@rackhaus/config/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { LiveStore, type StoreEntry, snmpValue } from '../../simulator/index.ts';
import { lookAt } from './testing.ts';

const { gauge32, integer, objectId, octets, timeTicks } = snmpValue;
const pc = '02:00:00:00:00:01';
const printer = '02:00:00:00:00:02';

const ports = [1, 2, 3].flatMap((index): StoreEntry[] => [
  { oid: `1.3.6.1.2.1.2.2.1.8.${100 + index}`, value: integer(1) },
  { oid: `1.3.6.1.2.1.31.1.1.1.1.${100 + index}`, value: octets(`Gi0/${index}`) },
]);
const system = (id: string, description: string): StoreEntry[] => [
  { oid: '1.3.6.1.2.1.1.1.0', value: octets(description) },
  { oid: '1.3.6.1.2.1.1.2.0', value: objectId(id) },
  { oid: '1.3.6.1.2.1.1.3.0', value: timeTicks(1000) },
  ...ports,
];
const plain = system('1.3.6.1.4.1.99999.1', 'Test switch');
const perVlan = system('1.3.6.1.4.1.9.1.1', 'Cisco IOS Software, test');

const basePorts = (...numbers: number[]): StoreEntry[] =>
  numbers.map((n) => ({ oid: `1.3.6.1.2.1.17.1.4.1.2.${n}`, value: integer(100 + n) }));
const suffix = (mac: string) =>
  mac
    .split(':')
    .map((octet) => Number.parseInt(octet, 16))
    .join('.');
const fdb = (mac: string, port: number, status = 3): StoreEntry[] => [
  { oid: `1.3.6.1.2.1.17.4.3.1.2.${suffix(mac)}`, value: integer(port) },
  { oid: `1.3.6.1.2.1.17.4.3.1.3.${suffix(mac)}`, value: integer(status) },
];
const qFdb = (fdbId: number, mac: string, port: number, status = 3): StoreEntry[] => [
  { oid: `1.3.6.1.2.1.17.7.1.2.2.1.2.${fdbId}.${suffix(mac)}`, value: integer(port) },
  { oid: `1.3.6.1.2.1.17.7.1.2.2.1.3.${fdbId}.${suffix(mac)}`, value: integer(status) },
];
const vlan = (number: number, fdbId: number): StoreEntry => ({
  oid: `1.3.6.1.2.1.17.7.1.4.2.1.3.0.${number}`,
  value: gauge32(fdbId),
});

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
async function look(options: Parameters<typeof lookAt>[0]) {
  const device = await lookAt(options);
  open.push(device);
  return device;
}

describe('who is behind which port', () => {
  it('by Q-BRIDGE, with FDB ids as VLANs; only what was learned', async () => {
    const entries = [
      ...plain,
      ...basePorts(1, 2, 3),
      vlan(10, 4001),
      vlan(20, 4002),
      vlan(30, 4003),
      vlan(31, 4003),
      ...qFdb(4001, pc, 1),
      ...qFdb(4002, pc, 1),
      ...qFdb(4002, printer, 2),
      ...qFdb(4003, '02:00:00:00:00:03', 2),
      ...qFdb(4001, '02:00:00:00:00:04', 3, 4),
      ...qFdb(4001, '02:00:00:00:00:05', 0),
      ...qFdb(4001, '02:00:00:00:00:06', 9),
      // Both tables are there: the one without VLANs says nothing more.
      ...fdb('02:00:00:00:00:07', 3),
    ];
    const { sight } = await look({ store: new LiveStore(entries) });
    expect((await sight())?.ports).toEqual([
      {
        name: 'Gi0/1',
        count: 1,
        macs: [
          { mac: pc, vlan: 10 },
          { mac: pc, vlan: 20 },
        ],
      },
      {
        name: 'Gi0/2',
        count: 2,
        macs: [
          { mac: printer, vlan: 20 },
          { mac: '02:00:00:00:00:03', vlan: null },
        ],
      },
    ]);
  });

  it('by BRIDGE where there is no Q-BRIDGE, and without a port map by ifIndex', async () => {
    const { sight } = await look({
      store: new LiveStore([...plain, ...fdb(pc, 101), ...fdb('01:00:5e:00:00:01', 101)]),
    });
    expect((await sight())?.ports).toEqual([{ name: 'Gi0/1', count: 1, macs: [{ mac: pc, vlan: null }] }]);
  });

  it('tells the first addresses of an uplink and how many there are', async () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      fdb(
        `02:00:00:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`,
        1,
      ),
    );
    const { sight } = await look({ store: new LiveStore([...plain, ...basePorts(1), ...many.flat()]) });
    const [port] = (await sight())?.ports ?? [];
    expect(port?.count).toBe(300);
    expect(port?.macs).toHaveLength(64);
  });

  const vlans: StoreEntry[] = [1, 10, 20, 1002].map((number) => ({
    oid: `1.3.6.1.4.1.9.9.46.1.3.1.1.2.1.${number}`,
    value: integer(1),
  }));
  const bridges = new Map([
    ['1', new LiveStore([...perVlan])],
    ['10', new LiveStore([...perVlan, ...basePorts(1), ...fdb(pc, 1), ...fdb(printer, 2)])],
    ['20', new LiveStore([...perVlan, ...basePorts(2), ...fdb(printer, 2)])],
    ['1002', new LiveStore([...perVlan, ...fdb('02:00:00:00:00:09', 1)])],
  ]);
  const expected = [
    { name: 'Gi0/1', count: 1, macs: [{ mac: pc, vlan: 10 }] },
    {
      name: 'Gi0/2',
      count: 1,
      macs: [
        { mac: printer, vlan: 10 },
        { mac: printer, vlan: 20 },
      ],
    },
  ];
  const v3: SnmpCredentials = {
    version: '3',
    user: 'anna',
    auth: { protocol: 'sha', key: 'long enough' },
    priv: { protocol: 'aes', key: 'also long enough' },
  };
  it.each([
    ['community name@vlan', { version: '2c', community: 'public' } as const],
    ['context vlan-N', v3],
  ])('by one bridge for each VLAN: %s', async (_, credentials) => {
    const { sight } = await look({
      store: new LiveStore([...perVlan, ...vlans]),
      contexts: bridges,
      v3Users: [
        {
          user: 'anna',
          auth: { protocol: 'sha', key: 'long enough' },
          priv: { protocol: 'aes', key: 'also long enough' },
        },
      ],
      credentials,
    });
    expect((await sight())?.ports).toEqual(expected);
    expect((await sight())?.ports).toEqual(expected);
  });

  it('a VLAN that the device does not show is not asked for each time', async () => {
    const shown = new Map([...bridges].filter(([name]) => name !== '20'));
    const { sight, received } = await look({ store: new LiveStore([...perVlan, ...vlans]), contexts: shown });
    expect((await sight())?.ports).toHaveLength(1);
    const before = received();
    const startedAt = performance.now();
    expect((await sight(true))?.ports).toHaveLength(1);
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(received() - before).toBeLessThan(12);
  });

  it('addresses: the newer table, else the older one; nobody has those of groups', async () => {
    const older: StoreEntry[] = [
      { oid: '1.3.6.1.2.1.4.22.1.2.101.10.0.0.7', value: octets(Buffer.from('020000000001', 'hex')) },
      { oid: '1.3.6.1.2.1.4.22.1.2.101.10.0.0.8', value: octets(Buffer.from('020000000002', 'hex')) },
      { oid: '1.3.6.1.2.1.4.22.1.4.101.10.0.0.7', value: integer(3) },
      { oid: '1.3.6.1.2.1.4.22.1.4.101.10.0.0.8', value: integer(2) },
    ];
    const byOlder = await look({ store: new LiveStore([...plain, ...older]) });
    expect(await byOlder.sight()).toMatchObject({ ports: [], addresses: [{ address: '10.0.0.7', mac: pc }] });
    const physical = '1.3.6.1.2.1.4.35.1';
    const newer: StoreEntry[] = [
      { oid: `${physical}.4.101.1.4.10.0.0.9`, value: octets(Buffer.from('020000000002', 'hex')) },
      {
        oid: `${physical}.4.101.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1`,
        value: octets(Buffer.from('020000000002', 'hex')),
      },
      { oid: `${physical}.4.101.1.4.224.0.0.1`, value: octets(Buffer.from('01005e000001', 'hex')) },
    ];
    const byNewer = await look({ store: new LiveStore([...plain, ...older, ...newer]) });
    expect((await byNewer.sight())?.addresses).toEqual([
      { address: '10.0.0.9', mac: printer },
      { address: '2001:db8::1', mac: printer },
    ]);
  });

  it('a device that has none of it is asked once in a while only', async () => {
    const { sight, received } = await look({ store: new LiveStore(plain) });
    expect(await sight()).toBeNull();
    const before = received();
    expect(await sight()).toBeNull();
    expect(received()).toBe(before);
    expect(await sight(true)).toBeNull();
    expect(received()).toBeGreaterThan(before);
  });
});
