import { gauge32, integer, octets } from '../../snmp/value.ts';
import { cpuUse, memoryUse } from '../behaviour.ts';
import { memoryBytes } from './host.ts';
import { snmpIdentity } from './identity.ts';
import { supplies } from './supplies.ts';
import { addColumn, type MibPart } from './writer.ts';

/** The makers' own trees of switches, as far as their profiles read them: supplies, fans, processor, memory, identity. */
export const vendorSwitchMib: MibPart = (device, world, add) => {
  if (device.role !== 'switch') return;
  const { sysObjectId } = snmpIdentity(device);
  if (sysObjectId.startsWith('1.3.6.1.4.1.47196.')) arubaCx(device, world, add);
  else if (sysObjectId.startsWith('1.3.6.1.4.1.11.2.3.7.')) arubaOsSwitch(device, world, add);
  else if (sysObjectId === '1.3.6.1.4.1.9.1.3211') ciscoSmallBusiness(device, world, add);
  else if (sysObjectId.startsWith('1.3.6.1.4.1.9.1.')) ciscoIosXe(device, world, add);
};

/** ARUBAWIRED-POWERSUPPLY-MIB: name, state as a word, watts; ARUBAWIRED-FAN-MIB: state and rpm. */
const arubaCx: MibPart = (device, world, add) => {
  const chassis = '1.3.6.1.4.1.47196.4.1.1.3.11';
  const rows = supplies(device, world).map(({ index, row }) => ({ index: `1.1.${index}`, row }));
  addColumn(add, `${chassis}.2.1.1.3`, rows, (supply) => octets(`1/${supply.number}`));
  addColumn(add, `${chassis}.2.1.1.4`, rows, (supply) => () => octets(supply.works() ? 'ok' : 'fault_input'));
};

/** HP-ICF chassis trees: processor, memory, fans (ok 5), supplies (powered 3, not plugged 2), serial number. */
const arubaOsSwitch: MibPart = (device, world, add) => {
  const icf = '1.3.6.1.4.1.11.2.14.11.5.1';
  add(`${icf}.9.6.1.0`, () => integer(Math.round(cpuUse(device, world.time) * 100)));
  add(`${icf}.1.2.1.1.1.5.1`, integer(memoryBytes(device) / 4));
  add(`${icf}.1.2.1.1.1.7.1`, () => integer((memoryUse(device, world.time) * memoryBytes(device)) / 4));
  for (const fan of [1, 2]) add(`${icf}.54.2.1.1.4.${fan}`, integer(5));
  addColumn(
    add,
    `${icf}.55.1.1.1.2`,
    supplies(device, world),
    (supply) => () => integer(supply.works() ? 3 : 2),
  );
  add('1.3.6.1.4.1.11.2.36.1.1.2.9.0', octets(device.serial));
};

/** CISCO-PROCESS-MIB, and the fans and supplies of CISCO-ENVMON-MIB (normal 1, critical 3). */
const ciscoIosXe: MibPart = (device, world, add) => {
  const cisco = '1.3.6.1.4.1.9.9';
  const kilobytes = memoryBytes(device) / 1024;
  add(`${cisco}.109.1.1.1.1.8.1`, () => gauge32(cpuUse(device, world.time) * 100));
  add(`${cisco}.109.1.1.1.1.12.1`, () => gauge32(memoryUse(device, world.time) * kilobytes));
  add(`${cisco}.109.1.1.1.1.13.1`, () => gauge32((1 - memoryUse(device, world.time)) * kilobytes));
  const fans = [1, 2].map((fan) => ({ index: 1000 + fan, row: `Switch 1 FAN ${fan}` }));
  addColumn(add, `${cisco}.13.1.4.1.2`, fans, (name) => octets(name));
  addColumn(add, `${cisco}.13.1.4.1.3`, fans, () => integer(1));
  const rows = supplies(device, world).map(({ index, row }) => ({ index: 1050 + index, row }));
  addColumn(add, `${cisco}.13.1.5.1.2`, rows, (supply) => octets(`Switch 1 ${supply.name}`));
  addColumn(add, `${cisco}.13.1.5.1.3`, rows, (supply) => () => integer(supply.works() ? 1 : 3));
};

/** CISCOSB-Physicaldescription-MIB and the processor of CISCOSB-rndMng. */
const ciscoSmallBusiness: MibPart = (device, world, add) => {
  const root = '1.3.6.1.4.1.9.6.1.101';
  add(`${root}.53.14.1.2.1`, octets(snmpIdentity(device).firmware));
  add(`${root}.53.14.1.5.1`, octets(device.serial));
  add(`${root}.53.14.1.7.1`, octets(device.type.part_number ?? device.type.model));
  add(`${root}.1.9.0`, () => integer(Math.round(cpuUse(device, world.time) * 100)));
};
