import { integer, objectId, octets, type SnmpValue } from '../../snmp/value.ts';
import { cpuUse } from '../behaviour.ts';
import { wander } from '../noise.ts';
import type { TownDevice } from '../topology.ts';
import type { Moment, World } from '../world.ts';
import { snmpIdentity } from './identity.ts';
import { poeTotal } from './poe.ts';
import { type Add, addColumn, type MibPart } from './writer.ts';

/** entPhysicalClass */
const Class = { chassis: 3, powerSupply: 6, fan: 7, sensor: 8, port: 10 } as const;
/** entPhySensorType and entPhySensorScale */
const Type = { watts: 6, celsius: 8, rpm: 10 } as const;
const Scale = { milli: 8, units: 9 } as const;

interface Part {
  readonly index: number;
  readonly inside: number;
  readonly class: number;
  readonly name: string;
  readonly description: string;
  readonly model?: string;
  readonly serial?: string;
}

interface Sensor {
  readonly index: number;
  readonly type: number;
  readonly scale: number;
  readonly value: () => number;
}

/** ENTITY-MIB: chassis with serial and versions for every device; fans, supplies, ports and ENTITY-SENSOR-MIB for switches. */
export const entityMib: MibPart = (device, world, add) => {
  const { manufacturer, model } = device.type;
  const parts: Part[] = [
    {
      index: 1,
      inside: 0,
      class: Class.chassis,
      name: 'Chassis',
      description: `${manufacturer} ${model}`,
      model: device.type.part_number ?? model,
      serial: device.serial,
    },
  ];
  const sensors: Sensor[] = [];
  if (device.role === 'switch') addSwitchParts(device, world, parts, sensors);
  writeParts(device, add, parts);
  writeSensors(add, sensors);
};

function addSwitchParts(device: TownDevice, world: World, parts: Part[], sensors: Sensor[]): void {
  const sensor = (part: Omit<Part, 'class'>, type: number, scale: number, value: () => number): void => {
    parts.push({ ...part, class: Class.sensor });
    sensors.push({ index: part.index, type, scale, value });
  };
  const warm = () => switchTemperature(device, world);
  sensor(
    { index: 7001, inside: 1, name: 'Temp Sensor', description: 'Inlet temperature' },
    Type.celsius,
    Scale.milli,
    () => Math.round(warm() * 1000),
  );
  for (let fan = 1; fan <= 2; fan++) {
    parts.push({
      index: 10_000 + fan,
      inside: 1,
      class: Class.fan,
      name: `Fan 1/${fan}`,
      description: 'Fan',
    });
    sensor(
      { index: 7100 + fan, inside: 10_000 + fan, name: `Fan 1/${fan} speed`, description: 'Fan speed' },
      Type.rpm,
      Scale.units,
      () => Math.round(3600 + 120 * (warm() - 25) + 60 * wander(device.seed + fan, world.time, 20)),
    );
  }
  for (const [at, inlet] of device.inlets.entries()) {
    const index = 13_001 + at;
    parts.push({
      index,
      inside: 1,
      class: Class.powerSupply,
      name: inlet,
      description: `Power supply ${at + 1}`,
      serial: `${device.serial}-P${at + 1}`,
    });
    sensor(
      { index: 7201 + at, inside: index, name: `Power sensor for ${inlet}`, description: 'Input power' },
      Type.watts,
      Scale.units,
      () => Math.round(supplyWatts(device, inlet, world)),
    );
  }
  for (const port of device.ports)
    parts.push({
      index: 20_000 + port.ifIndex * 10,
      inside: 1,
      class: Class.port,
      name: port.name,
      description: 'Port',
    });
}

/** °C at the inlet: the room, and a little of the switch's own warmth. */
export function switchTemperature(device: TownDevice, world: Moment): number {
  const room = world.state.rooms.get(device.room) ?? 22;
  return room + 4 + 6 * cpuUse(device, world.time);
}

/** Watts into one supply: an even share of what the switch takes over the inlets that have power. */
export function supplyWatts(device: TownDevice, inlet: string, world: World): number {
  const total = (world.state.flow.into.get(device.name) ?? 0) + poeTotal(device, world);
  const live = liveInlets(device, world);
  return live.includes(inlet) ? total / live.length : 0;
}

/** Inlets that have power at present; one without a documented cord counts as plugged into the wall. */
export function liveInlets(device: TownDevice, world: World): readonly string[] {
  const feeds = world.map.feeds.get(device.name);
  if (feeds === undefined) return device.inlets.slice(0, 1);
  return feeds.filter((feed) => world.isOn(feed.source)).map((feed) => feed.inlet);
}

function writeParts(device: TownDevice, add: Add, parts: readonly Part[]): void {
  const { firmware } = snmpIdentity(device);
  const rows = parts.map((part) => ({ index: part.index, row: part }));
  const table = '1.3.6.1.2.1.47.1.1.1.1';
  const column = (number: number, value: (part: Part) => SnmpValue) =>
    addColumn(add, `${table}.${number}`, rows, value);
  column(2, (part) => octets(part.description));
  column(4, (part) => integer(part.inside));
  column(5, (part) => integer(part.class));
  column(6, (part) => integer(part.inside === 0 ? -1 : part.index));
  column(7, (part) => octets(part.name));
  column(8, () => octets(''));
  column(9, (part) => octets(part.class === Class.chassis ? firmware : ''));
  column(10, (part) => octets(part.class === Class.chassis ? firmware : ''));
  column(11, (part) => octets(part.serial ?? ''));
  column(12, (part) => octets(part.class === Class.chassis ? device.type.manufacturer : ''));
  column(13, (part) => octets(part.model ?? ''));
  column(16, (part) => integer(part.class === Class.powerSupply ? 1 : 2));
  // ENTITY-MIB entAliasMappingIdentifier: a port's ifIndex.
  for (const port of device.role === 'switch' ? device.ports : [])
    add(
      `1.3.6.1.2.1.47.1.3.2.1.2.${20_000 + port.ifIndex * 10}.0`,
      objectId(`1.3.6.1.2.1.2.2.1.1.${port.ifIndex}`),
    );
}

function writeSensors(add: Add, sensors: readonly Sensor[]): void {
  const rows = sensors.map((sensor) => ({ index: sensor.index, row: sensor }));
  const table = '1.3.6.1.2.1.99.1.1.1';
  addColumn(add, `${table}.1`, rows, (sensor) => integer(sensor.type));
  addColumn(add, `${table}.2`, rows, (sensor) => integer(sensor.scale));
  addColumn(add, `${table}.3`, rows, () => integer(0));
  addColumn(add, `${table}.4`, rows, (sensor) => () => integer(sensor.value()));
  addColumn(add, `${table}.5`, rows, () => integer(1));
}
