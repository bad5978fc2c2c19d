import type { Observation } from '@rackhaus/config/contract';
import { describe, expect, test } from 'vitest';
import { Directory, type KnownDevice } from './match.ts';
import { macOf, nameKeys, portKey } from './port-names.ts';

describe('names of the same port', () => {
  test.each([
    ['Gi1/0/1', 'GigabitEthernet1/0/1'],
    ['gi1', 'GigabitEthernet1'],
    ['Te1/1/4', 'TenGigabitEthernet1/1/4'],
    ['Ten-GigabitEthernet1/0/49', 'XGE1/0/49'],
    ['XGigabitEthernet0/0/1', '10GE0/0/1'],
    ['Fa0/24', 'FastEthernet0/24'],
    ['Twe1/0/3', 'TwentyFiveGigE1/0/3'],
    ['Tw1/0/36', 'TwoGigabitEthernet1/0/36'],
    ['Hu1/0/49', 'HundredGigE1/0/49'],
    ['Eth1/7', 'Ethernet1/7'],
    ['Et49/1', 'Ethernet49/1'],
    ['bridge1/ether2', 'ether2'],
    ['bridge/sfp-sfpplus1', 'sfp-sfpplus1'],
    ['Port 7', 'port7'],
    ['ge-0/0/12', 'GE0/0/12'],
    ['Po1', 'Port-channel1'],
    ['mgmt0', 'Management0'],
  ])('%s is %s', (one, other) => expect(portKey(one)).toBe(portKey(other)));

  test.each([
    ['Gi1/0/1', 'Gi1/0/11'],
    ['Gi1/0/1', 'Te1/0/1'],
    ['Gi1/0/1', 'Gi2/0/1'],
    ['ether2', 'ether3'],
    ['eth0', 'eth0.100'],
    ['xe-0/0/1', 'ge-0/0/1'],
    ['sfp1', 'sfp-sfpplus1'],
  ])('%s is not %s', (one, other) => expect(portKey(one)).not.toBe(portKey(other)));
});

test.each([
  ['AA-BB-CC-00-11-22', 'aa:bb:cc:00:11:22'],
  ['aabb.cc00.1122', 'aa:bb:cc:00:11:22'],
  ['aa:bb:cc:00:11:22', 'aa:bb:cc:00:11:22'],
  ['aabbcc001122', 'aa:bb:cc:00:11:22'],
  ['acc-ug-1', null],
  ['10.0.0.1', null],
])('the MAC address %s', (text, mac) => expect(macOf(text)).toBe(mac));

test('a name without domain, serial number and dashes', () => {
  expect(nameKeys('SW-Core.rathaus.lan')).toEqual({
    full: 'sw-core.rathaus.lan',
    short: 'sw-core',
    loose: 'swcore',
  });
  expect(nameKeys('nx1(FOC1234X0Y7)').full).toBe('nx1');
  expect(nameKeys('10.1.2.3').short).toBe('10.1.2.3');
});

const device = (id: number, name: string, over: Partial<KnownDevice> = {}): KnownDevice => ({
  id,
  name,
  addresses: [],
  ports: ['Gi1/0/1', 'Gi1/0/2', 'Te1/1/1'].map((port, index) => ({
    id: id * 100 + index + 1,
    name: port,
    label: null,
    mac: null,
  })),
  ...over,
});
const says = (
  deviceId: number,
  name: string,
  ports: Partial<Observation['ports'][number]>[],
): Observation => ({
  deviceId,
  time: 1,
  profile: 'generic',
  identity: {
    os: null,
    vendor: null,
    model: null,
    serial: null,
    firmware: null,
    name,
    description: null,
    location: null,
  },
  ports: ports.map((port, index) => ({
    name: `port${index}`,
    ifIndex: index + 1,
    description: null,
    alias: null,
    mac: null,
    type: 6,
    ...port,
  })),
  entities: [],
  neighbours: [],
});
const entry = {
  remoteName: '',
  remotePort: '',
  remoteDescription: null,
  chassis: null,
  portDescription: null,
  managementAddress: null,
};

describe('who and which port a neighbour is', () => {
  const directory = new Directory({
    devices: [
      device(1, 'acc-ug-1', { addresses: ['10.0.0.1'] }),
      device(2, 'core-1.rathaus.lan'),
      device(3, 'AP EG 1', { ports: [{ id: 301, name: 'LAN', label: null, mac: '78:8a:20:00:00:01' }] }),
      device(4, 'srv-1', { addresses: ['10.0.0.4'] }),
      device(5, 'zweimal.schule'),
      device(6, 'zweimal.rathaus'),
    ],
    observations: new Map([
      [
        2,
        says(2, 'core-1', [
          {
            name: 'Gi1/0/1',
            ifIndex: 10101,
            alias: 'Uplink Schule',
            description: 'GigabitEthernet1/0/1',
            mac: '00:11:22:00:00:01',
          },
          { name: 'Gi1/0/2', ifIndex: 10102, mac: '00:11:22:00:00:02' },
        ]),
      ],
    ]),
  });
  directory.learn([['10.0.0.4', '52:54:00:00:00:04']]);
  test.each<
    [
      string,
      Partial<typeof entry> | Record<string, string>,
      { deviceId: number; portId: number | null } | null,
    ]
  >([
    [
      'system name and ifName',
      { remoteName: 'acc-ug-1', remotePort: 'Gi1/0/2' },
      { deviceId: 1, portId: 102 },
    ],
    [
      'name in another case with a domain, long port name',
      { remoteName: 'ACC-UG-1.rathaus.lan', remotePort: 'GigabitEthernet1/0/1' },
      { deviceId: 1, portId: 101 },
    ],
    [
      'documented with a domain, says none',
      { remoteName: 'core-1', remotePort: 'Te1/1/1' },
      { deviceId: 2, portId: 203 },
    ],
    [
      'chassis is the address of a port',
      { remoteName: 'umbenannt', chassis: '0011.2200.0001', remotePort: 'Gi1/0/2' },
      { deviceId: 2, portId: 202 },
    ],
    [
      'port by its MAC address',
      { remoteName: 'core-1', remotePort: '00:11:22:00:00:02' },
      { deviceId: 2, portId: 202 },
    ],
    ['port by alias', { remoteName: 'core-1', remotePort: 'Uplink Schule' }, { deviceId: 2, portId: 201 }],
    ['port by ifIndex', { remoteName: 'core-1', remotePort: '10102' }, { deviceId: 2, portId: 202 }],
    [
      'port by description only',
      { remoteName: 'core-1', remotePort: 'slot 1 port 1', portDescription: 'GigabitEthernet1/0/1' },
      { deviceId: 2, portId: 201 },
    ],
    [
      'management address',
      { remoteName: 'localhost', managementAddress: '10.0.0.1', remotePort: 'x' },
      { deviceId: 1, portId: null },
    ],
    [
      'the name as people write it',
      { remoteName: 'ap-eg-1', remotePort: 'eth0' },
      { deviceId: 3, portId: null },
    ],
    [
      'an access point by the address of its port',
      { remoteName: 'U6-Pro', chassis: '78:8a:20:00:00:01', remotePort: '78:8a:20:00:00:01' },
      { deviceId: 3, portId: 301 },
    ],
    [
      'MAC address known by ARP',
      { remoteName: '', chassis: '52:54:00:00:00:04', remotePort: 'eno1' },
      { deviceId: 4, portId: null },
    ],
    ['a name that two have', { remoteName: 'zweimal', remotePort: 'Gi1/0/1' }, null],
    [
      'of two, the one with the domain',
      { remoteName: 'zweimal.schule', remotePort: 'Gi1/0/1' },
      { deviceId: 5, portId: 501 },
    ],
    ['a stranger', { remoteName: 'drucker-2', chassis: '00:99:00:00:00:01', remotePort: '1' }, null],
  ])('%s', (_, said, met) => expect(directory.neighbour({ ...entry, ...said })).toEqual(met));

  test('the bond of a server tells the server', () => {
    const bonded = new Directory({
      devices: [device(1, 'srv')],
      observations: new Map([
        [
          1,
          says(1, 'srv', [
            { name: 'Gi1/0/1', mac: '02:00:00:00:00:01' },
            { name: 'Gi1/0/2', mac: '02:00:00:00:00:01' },
          ]),
        ],
      ]),
    });
    expect(bonded.byMac('02:00:00:00:00:01')).toEqual({ deviceId: 1, portId: null });
  });
});
