import { ErrorStatus } from '../../snmp/answer.ts';
import { gauge32, integer, octets } from '../../snmp/value.ts';
import { mainsVoltage } from '../behaviour.ts';
import { portKey, type TownDevice } from '../topology.ts';
import type { Moment, World } from '../world.ts';
import { snmpIdentity } from './identity.ts';
import { addColumn, type MibPart } from './writer.ts';

const powerFactor = 0.95;
/** Amperes that one phase may carry, and the marks below it, as such PDUs come configured. */
const rating = 16;
const near = 12.8;

export interface PduValues {
  /** Watts by phase or bank, from 1. */
  readonly watts: readonly number[];
  readonly amperes: readonly number[];
}

/** Which phase or bank an outlet hangs on: from its type's feed leg, else shared out in blocks. */
export function bankOf(device: TownDevice, outlet: string, banks: number): number {
  const legs = { A: 0, B: 1, C: 2 } as const;
  const leg = device.type['power-outlets'].find((candidate) => candidate.name === outlet)?.feed_leg;
  if ((leg === 'A' || leg === 'B' || leg === 'C') && banks > legs[leg]) return legs[leg];
  return Math.floor((device.outlets.indexOf(outlet) / device.outlets.length) * banks);
}

/** Phases by the type: three where its outlets hang on several legs, else one. */
export function phases(device: TownDevice): number {
  return new Set(device.type['power-outlets'].map((outlet) => outlet.feed_leg).filter(Boolean)).size > 1
    ? 3
    : 1;
}

export function pduValues(device: TownDevice, world: Moment, parts: number): PduValues {
  const watts = Array.from({ length: parts }, () => 6 / parts);
  for (const outlet of device.outlets) {
    const bank = bankOf(device, outlet, parts);
    watts[bank] = (watts[bank] ?? 0) + outletWatts(device, outlet, world);
  }
  return { watts, amperes: watts.map((value, at) => value / powerFactor / mainsVoltage(at + 1, world.time)) };
}

export function outletWatts(device: TownDevice, outlet: string, world: Moment): number {
  return world.state.flow.outlets.get(portKey(device.name, outlet)) ?? 0;
}

/** PowerNet-MIB: rPDU2 (device, phases, banks, outlets), and the older rPDU's identity and load. */
export const pduMib: MibPart = (device, world, add) => {
  if (device.role !== 'pdu') return;
  const { firmware } = snmpIdentity(device);
  const phaseCount = phases(device);
  const phase = () => pduValues(device, world, phaseCount);
  const total = () => phase().watts.reduce((sum, watts) => sum + watts, 0);
  const rpdu2 = '1.3.6.1.4.1.318.1.1.26';

  const ident = [device.name, device.place, '02', firmware.replace(/^v/, ''), '04/16/2023'];
  const model = device.type.part_number ?? device.type.model;
  add(`${rpdu2}.2.1.1.1`, integer(1));
  add(`${rpdu2}.2.1.2.1`, integer(1));
  for (const [at, text] of [...ident, model, device.serial].entries())
    add(`${rpdu2}.2.1.${at + 3}.1`, octets(text));

  const status = `${rpdu2}.4.3.1`;
  add(`${status}.1.1`, integer(1));
  add(`${status}.2.1`, integer(1));
  add(`${status}.3.1`, octets(device.name));
  add(`${status}.4.1`, () => integer(Math.max(...phase().amperes) > near ? 3 : 2));
  add(`${status}.5.1`, () => integer(total() / 10));
  add(`${status}.6.1`, () => integer(total() / 10 + 120));
  // 0.1 kWh, at the present power since the PDU was mounted four years before its first boot here.
  add(`${status}.9.1`, () => integer(40_000 + (world.uptimeTicks(device.name) / 360_000_000) * 450));
  add(`${status}.12.1`, integer(1));
  add(`${status}.13.1`, integer(1));
  add(`${status}.16.1`, () => integer(total() / powerFactor / 10));
  add(`${status}.17.1`, integer(powerFactor * 100));

  const phaseRows = Array.from({ length: phaseCount }, (_, at) => ({ index: at + 1, row: at }));
  const phaseTable = `${rpdu2}.6.3.1`;
  addColumn(add, `${phaseTable}.1`, phaseRows, (at) => integer(at + 1));
  addColumn(add, `${phaseTable}.2`, phaseRows, () => integer(1));
  addColumn(add, `${phaseTable}.3`, phaseRows, (at) => integer(at + 1));
  addColumn(add, `${phaseTable}.4`, phaseRows, (at) => () => integer(loadState(phase().amperes[at])));
  addColumn(add, `${phaseTable}.5`, phaseRows, (at) => () => integer((phase().amperes[at] ?? 0) * 10));
  addColumn(add, `${phaseTable}.6`, phaseRows, (at) => () => integer(mainsVoltage(at + 1, world.time)));
  addColumn(add, `${phaseTable}.7`, phaseRows, (at) => () => integer((phase().watts[at] ?? 0) / 10));
  addColumn(
    add,
    `${phaseTable}.8`,
    phaseRows,
    (at) => () => integer((phase().watts[at] ?? 0) / 10 / powerFactor),
  );
  addColumn(add, `${phaseTable}.9`, phaseRows, () => integer(powerFactor * 100));
  addColumn(add, `${rpdu2}.6.1.1.7`, phaseRows, () => integer(rating));

  const bankCount = phaseCount === 1 && device.outlets.length > 12 ? 2 : phaseCount;
  const bank = () => pduValues(device, world, bankCount);
  const bankRows = Array.from({ length: bankCount }, (_, at) => ({ index: at + 1, row: at }));
  addColumn(add, `${rpdu2}.8.3.1.1`, bankRows, (at) => integer(at + 1));
  addColumn(add, `${rpdu2}.8.3.1.2`, bankRows, () => integer(1));
  addColumn(add, `${rpdu2}.8.3.1.3`, bankRows, (at) => integer(at + 1));
  addColumn(add, `${rpdu2}.8.3.1.4`, bankRows, (at) => () => integer(loadState(bank().amperes[at])));
  addColumn(add, `${rpdu2}.8.3.1.5`, bankRows, (at) => () => integer((bank().amperes[at] ?? 0) * 10));

  const outlets = device.outlets.map((name, at) => ({ index: at + 1, row: { name, number: at + 1 } }));
  const watts = (name: string) => outletWatts(device, name, world);
  addColumn(add, `${rpdu2}.9.2.3.1.1`, outlets, (outlet) => integer(outlet.number));
  addColumn(add, `${rpdu2}.9.2.3.1.2`, outlets, () => integer(1));
  addColumn(add, `${rpdu2}.9.2.3.1.3`, outlets, (outlet) => octets(outlet.name));
  addColumn(add, `${rpdu2}.9.2.3.1.4`, outlets, (outlet) => integer(outlet.number));
  addColumn(
    add,
    `${rpdu2}.9.2.3.1.5`,
    outlets,
    (outlet) => () => integer(world.isOutletOn(device.name, outlet.name) ? 2 : 1),
  );
  addColumn(
    add,
    `${commandColumn}`,
    outlets,
    (outlet) => () => integer(world.isOutletOn(device.name, outlet.name) ? 1 : 2),
  );
  addColumn(add, `${rpdu2}.9.2.3.1.6`, outlets, () => integer(2));
  addColumn(add, `${rpdu2}.9.4.3.1.1`, outlets, (outlet) => integer(outlet.number));
  addColumn(add, `${rpdu2}.9.4.3.1.2`, outlets, () => integer(1));
  addColumn(add, `${rpdu2}.9.4.3.1.3`, outlets, (outlet) => octets(outlet.name));
  addColumn(add, `${rpdu2}.9.4.3.1.4`, outlets, (outlet) => integer(outlet.number));
  addColumn(add, `${rpdu2}.9.4.3.1.5`, outlets, () => integer(2));
  addColumn(
    add,
    `${rpdu2}.9.4.3.1.6`,
    outlets,
    (outlet) => () => integer((watts(outlet.name) / powerFactor / mainsVoltage(1, world.time)) * 10),
  );
  addColumn(add, `${rpdu2}.9.4.3.1.7`, outlets, (outlet) => () => integer(watts(outlet.name)));

  const rpdu = '1.3.6.1.4.1.318.1.1.12';
  add(`${rpdu}.1.1.0`, octets(device.name));
  add(`${rpdu}.1.3.0`, octets(firmware));
  add(`${rpdu}.1.5.0`, octets(model));
  add(`${rpdu}.1.6.0`, octets(device.serial));
  add(`${rpdu}.1.8.0`, integer(device.outlets.length));
  add(`${rpdu}.1.9.0`, integer(phaseCount));
  add(`${rpdu}.1.16.0`, () => integer(total()));
  addColumn(add, `${rpdu}.2.3.1.1.2`, phaseRows, (at) => () => gauge32((phase().amperes[at] ?? 0) * 10));
  addColumn(add, `${rpdu}.2.3.1.1.3`, phaseRows, () => integer(1));
};

/** rPDU2OutletSwitchedControlCommand. */
const commandColumn = '1.3.6.1.4.1.318.1.1.26.9.2.4.1.5';
const commands = new Map([
  [1, 'on'],
  [2, 'off'],
  [3, 'cycle'],
] as const);

/** Does what is written to the command of an outlet. @returns the error-status; 0: done */
export function setOutlet(device: TownDevice, world: World, oid: string, value: number | null): number {
  const index = oid.startsWith(`${commandColumn}.`) ? Number(oid.slice(commandColumn.length + 1)) : 0;
  const outlet = device.outlets[index - 1];
  if (outlet === undefined) return ErrorStatus.notWritable;
  for (const [number, command] of commands)
    if (number === value) {
      world.switchOutlet(device.name, outlet, command);
      return ErrorStatus.noError;
    }
  return ErrorStatus.wrongValue;
}

/** rPDU2 load states: lowLoad 1, normal 2, nearOverload 3, overload 4. */
function loadState(amperes = 0): number {
  return amperes > rating ? 4 : amperes > near ? 3 : 2;
}
