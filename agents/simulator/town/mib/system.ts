import { integer, objectId, octets, timeTicks } from '../../snmp/value.ts';
import { macAddress } from '../mac.ts';
import type { TownDevice } from '../topology.ts';
import { snmpIdentity } from './identity.ts';
import type { MibPart } from './writer.ts';

/** RFC 3411 section 5: enterprise 0 belongs to no product; format 3, MAC address. */
export function engineId(device: TownDevice): Uint8Array {
  return Buffer.concat([Uint8Array.of(0x80, 0, 0, 0, 3), macAddress(device, 0)]);
}

/** SNMPv2-MIB system group and SNMP-FRAMEWORK-MIB engine group. */
export const systemMib: MibPart = (device, world, add) => {
  const system = '1.3.6.1.2.1.1';
  const identity = snmpIdentity(device);
  add(`${system}.1.0`, octets(identity.sysDescr));
  add(`${system}.2.0`, objectId(identity.sysObjectId));
  add(`${system}.3.0`, () => timeTicks(world.uptimeTicks(device.name)));
  add(`${system}.4.0`, octets('it@rathaus.example'));
  add(`${system}.5.0`, octets(device.name));
  add(`${system}.6.0`, octets(device.place));
  add(`${system}.7.0`, integer(device.role === 'switch' ? 2 : 72));

  const engine = '1.3.6.1.6.3.10.2.1';
  add(`${engine}.1.0`, octets(engineId(device)));
  add(`${engine}.2.0`, () => integer(world.boot(device.name).count));
  add(`${engine}.3.0`, () => integer(world.uptimeTicks(device.name) / 100));
  add(`${engine}.4.0`, integer(65_507));
};
