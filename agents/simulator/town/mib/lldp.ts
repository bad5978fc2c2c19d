import { isIPv4 } from 'node:net';
import { integer, objectId, octets, timeTicks } from '../../snmp/value.ts';
import { macAddress } from '../mac.ts';
import { portKey, type TownDevice } from '../topology.ts';
import type { World } from '../world.ts';
import { snmpIdentity } from './identity.ts';
import { addColumn, type MibPart } from './writer.ts';

const speakers: readonly TownDevice['role'][] = [
  'switch',
  'router',
  'firewall',
  'access-point',
  'server',
  'storage',
];

/** LLDP-MIB (IEEE 802.1AB-2005): own ports, and the neighbours that the cabling gives while their links are up. */
export const lldpMib: MibPart = (device, world, add) => {
  if (!speakers.includes(device.role)) return;
  const root = '1.0.8802.1.1.2.1';
  add(`${root}.2.1.0`, () => timeTicks(world.uptimeTicks(device.name, world.wiringChangedAt())));
  add(`${root}.3.1.0`, integer(4));
  add(`${root}.3.2.0`, octets(macAddress(device, 0)));
  add(`${root}.3.3.0`, octets(device.name));
  add(`${root}.3.4.0`, octets(snmpIdentity(device).sysDescr));

  const rows = device.ports
    .filter((port) => !port.wireless && port.speed > 0)
    .map((port) => ({ index: port.ifIndex, row: port }));
  addColumn(add, `${root}.3.7.1.2`, rows, () => integer(5));
  addColumn(add, `${root}.3.7.1.3`, rows, (port) => octets(port.name));
  addColumn(add, `${root}.3.7.1.4`, rows, (port) => octets(port.name));

  const neighbour = (port: string) => neighbourAt(device, port, world);
  // Index: time mark, local port, a number of the neighbour.
  const remote = rows.map(({ index, row }) => ({ index: `0.${index}.1`, row: row.name }));
  const column = (number: number, value: (found: Neighbour) => Uint8Array) =>
    addColumn(add, `${root}.4.1.1.${number}`, remote, (port) => () => {
      const found = neighbour(port);
      return found === undefined ? undefined : value(found);
    });
  column(4, () => integer(4));
  column(5, (found) => octets(macAddress(found.device, 0)));
  column(6, () => integer(5));
  column(7, (found) => octets(found.port));
  column(8, (found) => octets(found.port));
  column(9, (found) => octets(found.device.name));
  column(10, (found) => octets(snmpIdentity(found.device).sysDescr));
  // BITS: bridge(2), wlanAccessPoint(3), router(4), stationOnly(7).
  column(12, (found) => octets(Uint8Array.of(capabilities[found.device.role] ?? 0x01)));
};

/** lldpRemManAddrTable: the neighbours' management addresses, which are in the index. */
export const lldpAddressesMib: MibPart = (device, world, add) => {
  if (!speakers.includes(device.role)) return;
  for (const port of device.ports) {
    if (port.wireless || port.speed === 0) continue;
    const address = neighbourAt(device, port.name, world)?.device.monitoring?.address;
    if (address === undefined || !isIPv4(address)) continue;
    // Time mark, local port, number of the neighbour; then subtype ipV4(1), length, address.
    const index = `0.${port.ifIndex}.1.1.4.${address}`;
    const table = '1.0.8802.1.1.2.1.4.2.1';
    add(`${table}.3.${index}`, integer(2));
    add(`${table}.4.${index}`, integer(1));
    add(`${table}.5.${index}`, objectId('0.0'));
  }
};

interface Neighbour {
  readonly device: TownDevice;
  readonly port: string;
}

function neighbourAt(device: TownDevice, port: string, world: World): Neighbour | undefined {
  const far = world.connection(portKey(device.name, port))?.far;
  const peer = far === undefined ? undefined : world.town.devices.get(far.owner);
  if (far === undefined || peer === undefined || !speakers.includes(peer.role)) return undefined;
  return { device: peer, port: far.port };
}

const capabilities: Partial<Record<TownDevice['role'], number>> = {
  switch: 0x20,
  'access-point': 0x10,
  router: 0x08,
  firewall: 0x08,
};
