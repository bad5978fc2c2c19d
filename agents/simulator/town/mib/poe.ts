import { counter32, gauge32, integer } from '../../snmp/value.ts';
import { poeDraw } from '../behaviour.ts';
import { portKey, type TownDevice } from '../topology.ts';
import type { World } from '../world.ts';
import { addColumn, type MibPart } from './writer.ts';

/** Watts that a port feeds at present. */
export function poeWatts(device: TownDevice, port: string, world: World): number {
  const connection = world.connection(portKey(device.name, port));
  if (connection === undefined) return 0;
  const { far, workplace } = connection;
  if (workplace !== null) return poeDraw(workplace.seed, false, true, world.time);
  if (world.map.poeSource.get(far.owner) !== device.name) return 0;
  return poeDraw(
    connection.seed,
    world.town.devices.get(far.owner)?.role === 'access-point',
    false,
    world.time,
  );
}

/** Watts that all ports of a switch feed together. */
export function poeTotal(device: TownDevice, world: World): number {
  let watts = 0;
  for (const port of device.ports) if (port.poe) watts += poeWatts(device, port.name, world);
  return watts;
}

/** POWER-ETHERNET-MIB (RFC 3621): ports of group 1 by their interface number, and the group's budget. */
export const poeMib: MibPart = (device, world, add) => {
  const ports = device.ports.filter((port) => port.poe);
  if (ports.length === 0) return;
  const rows = ports.map((port) => ({ index: `1.${port.ifIndex}`, row: port.name }));
  const table = '1.3.6.1.2.1.105.1.1.1';
  addColumn(add, `${table}.3`, rows, () => integer(1));
  addColumn(add, `${table}.6`, rows, (port) => () => integer(poeWatts(device, port, world) > 0 ? 3 : 2));
  addColumn(add, `${table}.10`, rows, (port) => () => integer(poeWatts(device, port, world) > 7 ? 5 : 2));
  addColumn(add, `${table}.12`, rows, () => counter32(0));
  const main = '1.3.6.1.2.1.105.1.3.1.1';
  add(`${main}.2.1`, gauge32(ports.length > 24 ? 740 : 370));
  add(`${main}.3.1`, integer(1));
  add(`${main}.4.1`, () => gauge32(Math.round(poeTotal(device, world))));
  add(`${main}.5.1`, integer(80));
};
