import { counter64, gauge32, integer, octets } from '../../snmp/value.ts';
import { cpuUse, memoryUse, volumes } from '../behaviour.ts';
import { wander } from '../noise.ts';
import { fillNow } from './host.ts';
import { snmpIdentity } from './identity.ts';
import { supplies } from './supplies.ts';
import { upsValues } from './ups.ts';
import { addColumn, type MibPart } from './writer.ts';

/** The makers' own trees of firewalls, UPS and storage, as far as their profiles read them. */
export const vendorMib: MibPart = (device, world, add) => {
  const { manufacturer } = device.type;
  if (/sophos/i.test(manufacturer)) sophos(device, world, add);
  else if (/fortinet/i.test(manufacturer)) fortinet(device, world, add);
  else if (/eaton|mge/i.test(manufacturer) && device.role === 'ups') eaton(device, world, add);
  else if (/synology/i.test(manufacturer)) synology(device, world, add);
};

/** SFOS-FIREWALL-MIB: device type, firmware, serial number. */
const sophos: MibPart = (device, _world, add) => {
  const root = '1.3.6.1.4.1.2604.5.1.1';
  add(`${root}.1.0`, octets(device.name));
  add(`${root}.2.0`, octets(`${device.type.model.replace(/\s/g, '')}_SFOS`));
  add(`${root}.3.0`, octets(snmpIdentity(device).firmware));
  add(`${root}.4.0`, octets(device.serial));
};

/** FORTINET-CORE-MIB serial number; FORTINET-FORTIGATE-MIB version, processor, memory. */
const fortinet: MibPart = (device, world, add) => {
  add('1.3.6.1.4.1.12356.100.1.1.1.0', octets(device.serial));
  const system = '1.3.6.1.4.1.12356.101.4.1';
  add(`${system}.1.0`, octets(snmpIdentity(device).firmware));
  add(`${system}.3.0`, () => gauge32(Math.round(cpuUse(device, world.time) * 100)));
  add(`${system}.4.0`, () => gauge32(Math.round(memoryUse(device, world.time) * 100)));
  add(`${system}.8.0`, () => gauge32(300 + 4000 * cpuUse(device, world.time)));
};

/** MG-SNMP-UPS-MIB: identity, remaining time in seconds, battery to be replaced (no 2). */
const eaton: MibPart = (device, world, add) => {
  const root = '1.3.6.1.4.1.705.1';
  add(`${root}.1.1.0`, octets(device.type.manufacturer));
  add(`${root}.1.2.0`, octets(device.type.model));
  add(`${root}.1.4.0`, octets(snmpIdentity(device).firmware));
  add(`${root}.1.7.0`, octets(device.serial));
  add(`${root}.5.1.0`, () => integer(upsValues(device, world).runtimeS));
  add(`${root}.5.11.0`, integer(2));
};

/** SYNOLOGY-SYSTEM-MIB, -DISK-MIB and -RAID-MIB (normal 1, failed 2; RAID normal 1). */
const synology: MibPart = (device, world, add) => {
  const root = '1.3.6.1.4.1.6574';
  const room = () => world.state.rooms.get(device.room) ?? 22;
  add(`${root}.1.1.0`, integer(1));
  add(`${root}.1.2.0`, () => integer(room() + 14));
  add(`${root}.1.3.0`, () => integer(supplies(device, world).every(({ row }) => row.works()) ? 1 : 2));
  add(`${root}.1.4.1.0`, integer(1));
  add(`${root}.1.4.2.0`, integer(1));
  add(`${root}.1.5.1.0`, octets(device.type.model.replace('RackStation ', '')));
  add(`${root}.1.5.2.0`, octets(device.serial));
  add(`${root}.1.5.3.0`, octets('DSM 7.2-64570'));
  add(`${root}.1.5.4.0`, integer(2));

  const disks = Array.from({ length: 12 }, (_, at) => ({ index: at, row: at + 1 }));
  addColumn(add, `${root}.2.1.1.2`, disks, (disk) => octets(`Disk ${disk}`));
  addColumn(add, `${root}.2.1.1.5`, disks, () => integer(1));
  addColumn(
    add,
    `${root}.2.1.1.6`,
    disks,
    (disk) => () => integer(Math.round(room() + 11 + wander(device.seed + disk, world.time, 1500))),
  );
  const raids = volumes(device)
    .filter((volume) => volume.name.startsWith('/volume'))
    .map((volume, at) => ({ index: at, row: volume }));
  addColumn(add, `${root}.3.1.1.2`, raids, (raid) => octets(`Volume ${raid.name.replace('/volume', '')}`));
  addColumn(add, `${root}.3.1.1.3`, raids, () => integer(1));
  addColumn(
    add,
    `${root}.3.1.1.4`,
    raids,
    (raid) => () => counter64(raid.sizeBytes * (1 - fillNow(device, raid.name, world))),
  );
  addColumn(add, `${root}.3.1.1.5`, raids, (raid) => counter64(raid.sizeBytes));
};
