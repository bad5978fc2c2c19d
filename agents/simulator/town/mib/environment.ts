import { integer, octets } from '../../snmp/value.ts';
import { humidity } from '../behaviour.ts';
import { seedOf, wander } from '../noise.ts';
import type { TownDevice } from '../topology.ts';
import type { Moment } from '../world.ts';
import { addColumn, type MibPart } from './writer.ts';

export interface EnvironmentValues {
  /** °C */
  readonly room: number;
  readonly exhaust: number;
  /** 0..1 */
  readonly humidity: number;
  readonly doorOpen: boolean;
  readonly wet: boolean;
}

/** What the probes of one sensor device measure. */
export function environmentValues(device: TownDevice, world: Moment): EnvironmentValues {
  const room = world.state.rooms.get(device.room) ?? 21;
  return {
    room,
    exhaust: room + 7 + 0.8 * wander(device.seed + 8, world.time, 500),
    humidity: humidity(seedOf(device.room), room, world.time),
    doorOpen: world.fault('open-door', device.name),
    wet: world.fault('leak-water', device.name),
  };
}

/** The sensor device's tables in the tree of its maker. */
export const environmentMib: MibPart = (device, world, add) => {
  if (device.role !== 'sensor') return;
  const family = device.type.manufacturer.toLowerCase();
  if (family.includes('akcp')) akcp(device, world, add);
  else if (family.includes('gude')) gude(device, world, add);
  else poseidon(device, world, add);
};

/** HW group Poseidon (1.3.6.1.4.1.21796.3.3): inputs (contacts) in .1, sensors in .3. */
const poseidon: MibPart = (device, world, add) => {
  const root = '1.3.6.1.4.1.21796.3.3';
  const now = () => environmentValues(device, world);
  const inputs = [
    // A door holds its contact closed, water closes one that is open.
    { index: 1, row: { name: 'Tür', closed: () => !now().doorOpen, alarm: () => now().doorOpen } },
    { index: 2, row: { name: 'Wasser', closed: () => now().wet, alarm: () => now().wet } },
  ];
  addColumn(add, `${root}.1.1.2`, inputs, (input) => () => integer(input.closed() ? 1 : 0));
  addColumn(add, `${root}.1.1.3`, inputs, (input) => octets(input.name));
  addColumn(add, `${root}.1.1.4`, inputs, () => integer(1));
  addColumn(add, `${root}.1.1.5`, inputs, (input) => () => integer(input.alarm() ? 1 : 0));

  const celsius = { code: 0, text: 'C' };
  const percent = { code: 3, text: '%RH' };
  const sensors = [
    { index: 1, row: { name: 'Zuluft', unit: celsius, high: 32, value: () => now().room, id: 8202 } },
    { index: 2, row: { name: 'Abluft', unit: celsius, high: 42, value: () => now().exhaust, id: 1350 } },
    {
      index: 3,
      row: { name: 'Luftfeuchte', unit: percent, high: 70, value: () => now().humidity * 100, id: 5716 },
    },
  ];
  const tenths = (value: number) => Math.round(value * 10);
  addColumn(add, `${root}.3.1.2`, sensors, (sensor) => octets(sensor.name));
  addColumn(add, `${root}.3.1.4`, sensors, (sensor) => () => integer(sensor.value() > sensor.high ? 3 : 1));
  addColumn(
    add,
    `${root}.3.1.5`,
    sensors,
    (sensor) => () => octets(`${sensor.value().toFixed(1)} ${sensor.unit.text}`),
  );
  addColumn(add, `${root}.3.1.6`, sensors, (sensor) => () => integer(tenths(sensor.value())));
  addColumn(add, `${root}.3.1.7`, sensors, (sensor) => () => integer(tenths(sensor.value())));
  addColumn(add, `${root}.3.1.8`, sensors, (sensor) => integer(sensor.id));
  addColumn(add, `${root}.3.1.9`, sensors, (sensor) => integer(sensor.unit.code));
  addColumn(add, `${root}.3.1.10`, sensors, (sensor) => octets(sensor.unit.text));
};

/** AKCP sensorProbe (1.3.6.1.4.1.3854.1.2.2.1): temperatures .16, humidity .17, contacts .18, by port. */
const akcp: MibPart = (device, world, add) => {
  const root = '1.3.6.1.4.1.3854.1.2.2.1';
  const now = () => environmentValues(device, world);
  const temperatures = [
    { index: 0, row: { name: 'Zuluft', high: 32, value: () => now().room } },
    { index: 1, row: { name: 'Abluft', high: 42, value: () => now().exhaust } },
  ];
  addColumn(add, `${root}.16.1.1`, temperatures, (probe) => octets(probe.name));
  addColumn(add, `${root}.16.1.3`, temperatures, (probe) => () => integer(Math.round(probe.value())));
  addColumn(
    add,
    `${root}.16.1.4`,
    temperatures,
    (probe) => () => integer(probe.value() > probe.high ? 4 : 2),
  );
  addColumn(add, `${root}.16.1.5`, temperatures, () => integer(1));
  addColumn(add, `${root}.16.1.14`, temperatures, (probe) => () => integer(Math.round(probe.value() * 10)));
  add(`${root}.17.1.1.2`, octets('Luftfeuchte'));
  add(`${root}.17.1.3.2`, () => integer(Math.round(now().humidity * 100)));
  add(`${root}.17.1.4.2`, integer(2));
  add(`${root}.17.1.5.2`, integer(1));
  const contacts = [
    { index: 3, row: { name: 'Tür', alarm: () => now().doorOpen } },
    { index: 4, row: { name: 'Wasser', alarm: () => now().wet } },
  ];
  addColumn(add, `${root}.18.1.1`, contacts, (contact) => octets(contact.name));
  addColumn(add, `${root}.18.1.3`, contacts, (contact) => () => integer(contact.alarm() ? 4 : 2));
  addColumn(add, `${root}.18.1.4`, contacts, () => integer(1));
};

/** Gude Expert Sensor Box 7213 (1.3.6.1.4.1.28507.66): no door contact and no water probe fit on it. */
const gude: MibPart = (device, world, add) => {
  const now = () => environmentValues(device, world);
  const table = '1.3.6.1.4.1.28507.66.1.6.1.1';
  add(`${table}.1.1`, integer(1));
  add(`${table}.2.1`, () => integer(Math.round(now().room * 10)));
  add(`${table}.3.1`, () => integer(Math.round(now().humidity * 1000)));
  add(`${table}.32.1`, octets('Zuluft'));
};
