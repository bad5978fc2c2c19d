import { counter32, counter64, gauge32, integer, octets, timeTicks } from '../../snmp/value.ts';
import type { PortLife } from '../life.ts';
import { macAddress } from '../mac.ts';
import { chance } from '../noise.ts';
import { portKey } from '../topology.ts';
import type { Connection } from '../wiring.ts';
import { addColumn, type MibPart } from './writer.ts';

/** Mean packet length, bytes: what turns octets into packets. */
const packetBytes = 740;

/** IF-MIB, EtherLike-MIB duplex, and BRIDGE-MIB's port map for switches. */
export const interfacesMib: MibPart = (device, world, add) => {
  const rows = device.ports.map((port) => ({ index: port.ifIndex, row: port }));
  if (rows.length === 0) return;
  const key = (name: string) => portKey(device.name, name);
  const live = (name: string): PortLife => world.port(key(name));
  const connected = (name: string): Connection | undefined => world.connection(key(name));
  const ticks = (atMs: number) => timeTicks(world.uptimeTicks(device.name, atMs));
  const rare = (name: string, ifIndex: number) =>
    // One port in fifty has a cable that spoils a packet now and then.
    chance(device.seed, 300 + ifIndex) < 0.02 ? Math.floor(live(name).inOctets / 4e12) : 0;

  add('1.3.6.1.2.1.2.1.0', integer(rows.length));
  const table = '1.3.6.1.2.1.2.2.1';
  addColumn(add, `${table}.1`, rows, (port) => integer(port.ifIndex));
  addColumn(add, `${table}.2`, rows, (port) => octets(port.name));
  addColumn(add, `${table}.3`, rows, (port) => integer(port.wireless ? 71 : port.speed === 0 ? 53 : 6));
  addColumn(add, `${table}.4`, rows, () => integer(1500));
  addColumn(add, `${table}.5`, rows, (port) => () => gauge32(connected(port.name)?.speed ?? 0));
  addColumn(add, `${table}.6`, rows, (port) => octets(macAddress(device, port.ifIndex)));
  addColumn(add, `${table}.7`, rows, () => integer(1));
  addColumn(add, `${table}.8`, rows, (port) => () => integer(live(port.name).up ? 1 : 2));
  addColumn(add, `${table}.9`, rows, (port) => () => ticks(live(port.name).changedAt));
  addColumn(add, `${table}.10`, rows, (port) => () => counter32(live(port.name).inOctets));
  addColumn(add, `${table}.11`, rows, (port) => () => counter32(live(port.name).inOctets / packetBytes));
  addColumn(add, `${table}.13`, rows, () => counter32(0));
  addColumn(add, `${table}.14`, rows, (port) => () => counter32(rare(port.name, port.ifIndex)));
  addColumn(add, `${table}.16`, rows, (port) => () => counter32(live(port.name).outOctets));
  addColumn(add, `${table}.17`, rows, (port) => () => counter32(live(port.name).outOctets / packetBytes));
  addColumn(add, `${table}.19`, rows, () => counter32(0));
  addColumn(add, `${table}.20`, rows, () => counter32(0));

  const extended = '1.3.6.1.2.1.31.1.1.1';
  addColumn(add, `${extended}.1`, rows, (port) => octets(port.name));
  addColumn(add, `${extended}.6`, rows, (port) => () => counter64(live(port.name).inOctets));
  addColumn(add, `${extended}.7`, rows, (port) => () => counter64(live(port.name).inOctets / packetBytes));
  addColumn(add, `${extended}.10`, rows, (port) => () => counter64(live(port.name).outOctets));
  addColumn(add, `${extended}.11`, rows, (port) => () => counter64(live(port.name).outOctets / packetBytes));
  addColumn(
    add,
    `${extended}.15`,
    rows,
    (port) => () =>
      gauge32(connected(port.name) === undefined ? 0 : (connected(port.name)?.speed ?? 0) / 1e6),
  );
  addColumn(add, `${extended}.17`, rows, (port) => integer(port.wireless ? 2 : 1));
  addColumn(add, `${extended}.18`, rows, (port) => () => octets(alias(connected(port.name))));
  addColumn(add, `${extended}.19`, rows, () => timeTicks(0));
  add('1.3.6.1.2.1.31.1.5.0', timeTicks(0));

  const wired = rows.filter(({ row }) => !row.wireless);
  const ether = '1.3.6.1.2.1.10.7.2.1';
  addColumn(add, `${ether}.3`, wired, (port) => () => counter32(rare(port.name, port.ifIndex)));
  addColumn(add, `${ether}.19`, wired, (port) => () => integer(live(port.name).up ? 3 : 1));

  if (device.role !== 'switch') return;
  add('1.3.6.1.2.1.17.1.1.0', octets(macAddress(device, 0)));
  add('1.3.6.1.2.1.17.1.2.0', integer(wired.length));
  bridgePortsMib(device, world, add);
};

/** dot1dBasePortTable: bridge ports are numbered as interfaces. */
export const bridgePortsMib: MibPart = (device, _world, add) => {
  const rows = device.ports
    .filter((port) => !port.wireless)
    .map((port) => ({ index: port.ifIndex, row: port }));
  addColumn(add, '1.3.6.1.2.1.17.1.4.1.1', rows, (port) => integer(port.ifIndex));
  addColumn(add, '1.3.6.1.2.1.17.1.4.1.2', rows, (port) => integer(port.ifIndex));
};

/** What an administrator would have written as the port's description: only uplinks have one. */
function alias(connection: Connection | undefined): string {
  if (connection === undefined || connection.workplace !== null) return '';
  return `${connection.far.owner} ${connection.far.port}`.slice(0, 64);
}
