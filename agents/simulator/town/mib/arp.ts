import { isIPv4 } from 'node:net';
import { integer, ipAddress, octets } from '../../snmp/value.ts';
import type { MibPart } from './writer.ts';

/** IP-MIB ipNetToMediaTable of what routes: who has which address. */
export const arpMib: MibPart = (device, world, add) => {
  const table = '1.3.6.1.2.1.4.22.1';
  for (const { station, ifIndex } of world.forwarding().neighbours.get(device.name) ?? []) {
    const { address } = station;
    if (address === null || !isIPv4(address)) continue;
    const index = `${ifIndex}.${address}`;
    add(`${table}.1.${index}`, integer(ifIndex));
    add(`${table}.2.${index}`, octets(station.mac));
    add(`${table}.3.${index}`, ipAddress(Uint8Array.from(address.split('.').map(Number))));
    // dynamic(3)
    add(`${table}.4.${index}`, integer(3));
  }
};
