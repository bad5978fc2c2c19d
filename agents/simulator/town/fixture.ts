import { DeviceTypeFile } from '@rackhaus/config/device-types';
import { InventoryFile } from '@rackhaus/config/inventory-file';
import { buildTown, type Town } from './topology.ts';

const numbered = (count: number, type: string) =>
  Array.from({ length: count }, (_, at) => ({ name: `${at + 1}`, type }));

const types = [
  {
    manufacturer: 'HPE Aruba',
    model: '6200F 8G',
    slug: 'switch',
    interfaces: [
      ...Array.from({ length: 8 }, (_, at) => ({
        name: `1/1/${at + 1}`,
        type: '1000base-t',
        poe_mode: 'pse',
      })),
      { name: '1/1/9', type: '10gbase-x-sfpp' },
    ],
    'power-ports': [{ name: 'PSU 1' }, { name: 'PSU 2' }],
  },
  {
    manufacturer: 'HPE',
    model: 'ProLiant',
    slug: 'server',
    interfaces: [{ name: 'eno1', type: '1000base-t' }],
    'power-ports': [{ name: 'PSU 1', maximum_draw: 800 }],
  },
  {
    manufacturer: 'Eaton',
    model: '9PX1500',
    slug: 'ups',
    interfaces: [{ name: 'eth0', type: '100base-tx', mgmt_only: true }],
    'power-ports': [{ name: 'Input' }],
    'power-outlets': numbered(4, 'iec-60320-c13'),
  },
  {
    manufacturer: 'APC',
    model: 'AP8959EU3',
    slug: 'pdu',
    interfaces: [{ name: 'vmac0', type: '100base-tx', mgmt_only: true }],
    'power-ports': [{ name: 'Input' }],
    'power-outlets': numbered(8, 'iec-60320-c13'),
  },
  {
    manufacturer: 'HW group',
    model: 'Poseidon2',
    slug: 'sensor',
    interfaces: [{ name: 'eth0', type: '100base-tx' }],
  },
  {
    manufacturer: 'HPE Aruba',
    model: 'AP-515',
    slug: 'ap',
    interfaces: [{ name: 'eth0', type: '2.5gbase-t', poe_mode: 'pd' }],
  },
  {
    manufacturer: 'Generic',
    model: 'Panel',
    slug: 'panel',
    'front-ports': numbered(4, '8p8c').map((port) => ({ ...port, rear_port: port.name })),
    'rear-ports': numbered(4, '8p8c'),
  },
  {
    manufacturer: 'Generic',
    model: 'Fibre',
    slug: 'fibre',
    'front-ports': numbered(4, 'lc').map((port, at) => ({
      ...port,
      rear_port: 'T1',
      rear_port_position: at + 1,
    })),
    'rear-ports': [{ name: 'T1', type: 'lc', positions: 4 }],
  },
];

const room = 'Rathaus/Serverraum';
const port = 17_161;

/**
 * A small town for tests: two switches over fibre, an access point and a workplace behind panel and wall outlets, a server
 * on one PDU, the core switch on both.
 */
export function smallTown(firstAddress = '127.77.250'): Town {
  const monitoring = (last: number, credentials = 'v2') => ({
    address: `${firstAddress}.${last}`,
    port,
    credentials,
  });
  const inventory = InventoryFile.parse({
    credentials: {
      v2: { version: '2c', community: 'town' },
      v3: {
        version: '3',
        user: 'town',
        auth: { protocol: 'sha256', key: 'authpass12' },
        priv: { protocol: 'aes', key: 'privpass12' },
      },
    },
    devices: [
      { name: 'core', type: 'switch', role: 'switch', room, monitoring: monitoring(1, 'v3') },
      { name: 'floor', type: 'switch', role: 'switch', room: 'Rathaus/1.OG', monitoring: monitoring(2) },
      { name: 'host', type: 'server', role: 'server', room, monitoring: { ...monitoring(3), tcp: [17_162] } },
      { name: 'USV A', type: 'ups', role: 'ups', room, monitoring: monitoring(4) },
      { name: 'USV B', type: 'ups', role: 'ups', room, monitoring: monitoring(5) },
      { name: 'PDU A', type: 'pdu', role: 'pdu', room, monitoring: monitoring(6) },
      { name: 'PDU B', type: 'pdu', role: 'pdu', room, monitoring: monitoring(7) },
      { name: 'Raum', type: 'sensor', role: 'sensor', room, monitoring: monitoring(8) },
      { name: 'ap', type: 'ap', role: 'access-point', room: 'Rathaus/Flur', monitoring: monitoring(9) },
      { name: 'P', type: 'panel', role: 'panel', room },
      { name: 'LWL-1', type: 'fibre', role: 'panel', room },
      { name: 'LWL-2', type: 'fibre', role: 'panel', room: 'Rathaus/1.OG' },
    ],
    outlets: [
      { name: 'D1', room: 'Rathaus/Flur', ports: 2 },
      { name: 'D2', room: 'Rathaus/Flur', ports: 2 },
    ],
    links: [
      { kind: 'patch', from: 'core:1/1/9', to: 'LWL-1:2' },
      { kind: 'permanent', from: 'LWL-1:T1', to: 'LWL-2:T1' },
      { kind: 'patch', from: 'LWL-2:2', to: 'floor:1/1/9' },
      { kind: 'patch', from: 'core:1/1/1', to: 'host:eno1' },
      { kind: 'patch', from: 'core:1/1/2', to: 'P:1' },
      { kind: 'permanent', from: 'P:1', to: 'D1:1' },
      { kind: 'patch', from: 'D1:1', to: 'ap:eth0' },
      { kind: 'patch', from: 'core:1/1/3', to: 'P:3' },
      { kind: 'permanent', from: 'P:2', to: 'D2:1' },
      { kind: 'permanent', from: 'P:4', to: 'D2:2' },
      { kind: 'patch', from: 'core:1/1/7', to: 'P:2' },
      { kind: 'patch', from: 'core:1/1/4', to: 'USV A:eth0' },
      { kind: 'patch', from: 'core:1/1/5', to: 'Raum:eth0' },
      { kind: 'power', from: 'USV A:1', to: 'PDU A:Input' },
      { kind: 'power', from: 'USV B:1', to: 'PDU B:Input' },
      { kind: 'power', from: 'PDU A:1', to: 'core:PSU 1' },
      { kind: 'power', from: 'PDU B:1', to: 'core:PSU 2' },
      { kind: 'power', from: 'PDU A:2', to: 'host:PSU 1' },
    ],
  });
  return buildTown(inventory, new Map(types.map((type) => [type.slug, DeviceTypeFile.parse(type)])));
}
