import type { Fault } from '@rackhaus/config/contract';
import { cooledTemperature, powerDraw, uncooledTemperature, within } from './behaviour.ts';
import { chance, seedOf } from './noise.ts';
import { type PowerFlow, type PowerMap, poweredDevices, powerFlow, reachesMains } from './power.ts';
import type { Town, TownDevice } from './topology.ts';

export interface UpsState {
  /** 0..1 */
  readonly charge: number;
  readonly onBatteryS: number;
  readonly hasMains: boolean;
}

/** All of the town that has a memory. Everything else follows from it and the time. */
export interface TownState {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly ups: ReadonlyMap<string, UpsState>;
  /** °C by room. */
  readonly rooms: ReadonlyMap<string, number>;
  /** Share of the largest volume that a fault has filled, by device. */
  readonly filled: ReadonlyMap<string, number>;
  readonly powered: ReadonlySet<string>;
  readonly flow: PowerFlow;
}

/** Seconds to go two thirds of the way to the temperature that a room tends to. */
const warmingS = 110;
const coolingS = 140;
/** Seconds from empty to full. */
const rechargeS = 2_700;
const fillingS = 6;

/** A calm town: full batteries, cooled rooms. */
export function calmState(town: Town, map: PowerMap, time: number): TownState {
  const ups = new Map<string, UpsState>();
  for (const device of town.devices.values())
    if (device.role === 'ups') ups.set(device.name, { charge: 1, onBatteryS: 0, hasMains: true });
  const powered = poweredDevices(town, map, new Set(), () => true);
  const flow = powerFlow(town, map, powered, (device) => powerDraw(device, time));
  const heat = heatByRoom(town, flow);
  const rooms = new Map(
    town.rooms.map((room) => [room, cooledTemperature(seedOf(room), heat.get(room) ?? 0, time)]),
  );
  return { time, ups, rooms, filled: new Map(), powered, flow };
}

/** The town `dtSeconds` later, while these faults last. Pure: the same arguments give the same town. */
export function step(
  town: Town,
  map: PowerMap,
  state: TownState,
  faults: readonly Fault[],
  dtSeconds: number,
): TownState {
  const time = state.time + dtSeconds * 1000;
  const targets = (kind: Fault['kind']) =>
    new Set(faults.filter((fault) => fault.kind === kind).map((fault) => fault.target));
  const cut = targets('cut-mains');
  const ups = new Map<string, UpsState>();
  const powered = poweredDevices(town, map, targets('kill-device'), (name, supplied) => {
    const before = state.ups.get(name) ?? { charge: 1, onBatteryS: 0, hasMains: true };
    const next = nextUps(town.devices.get(name), before, supplied && !cut.has(name), state.flow, dtSeconds);
    ups.set(name, next);
    return next.hasMains || next.charge > 0;
  });
  // A killed UPS was not asked: its battery rests as it is.
  for (const [name, before] of state.ups)
    if (!ups.has(name))
      ups.set(name, { ...before, hasMains: !cut.has(name) && reachesMains(map, name, powered) });

  const flow = powerFlow(town, map, powered, (device) => powerDraw(device, time));
  const heat = heatByRoom(town, flow);
  const hot = targets('heat-room');
  const rooms = new Map<string, number>();
  for (const room of town.rooms) {
    const before = state.rooms.get(room) ?? 21;
    const watts = heat.get(room) ?? 0;
    const cooled = cooledTemperature(seedOf(room), watts, time);
    const tends = hot.has(room) ? Math.max(uncooledTemperature(watts, time), cooled + 14) : cooled;
    const tau = tends > before ? warmingS : coolingS;
    rooms.set(room, before + (tends - before) * (1 - Math.exp(-dtSeconds / tau)));
  }

  const filled = new Map<string, number>();
  for (const device of targets('fill-disk')) {
    const before = state.filled.get(device) ?? 0;
    filled.set(device, before + (1 - before) * (1 - Math.exp(-dtSeconds / fillingS)));
  }
  return { time, ups, rooms, filled, powered, flow };
}

function nextUps(
  device: TownDevice | undefined,
  before: UpsState,
  hasMains: boolean,
  flow: PowerFlow,
  dtSeconds: number,
): UpsState {
  if (device === undefined) return before;
  if (hasMains)
    return { charge: within(before.charge + dtSeconds / rechargeS, 0, 1), onBatteryS: 0, hasMains };
  const watts = flow.into.get(device.name) ?? 0;
  const charge = within(before.charge - (watts * dtSeconds) / batteryJoules(device), 0, 1);
  return { charge, onBatteryS: before.onBatteryS + dtSeconds, hasMains };
}

/** What a UPS can give, in watts: VA as its model's name has them, `1500` or `5K`. */
export function upsRating(device: TownDevice): number {
  const text = `${device.type.model} ${device.type.part_number ?? ''}`;
  const thousands = /(\d{1,2})K/i.exec(text)?.[1];
  const plain = (text.match(/\d{3,5}/g) ?? []).map(Number);
  const va =
    thousands !== undefined ? Number(thousands) * 1000 : plain.length > 0 ? Math.max(...plain) : 3000;
  return within(va, 500, 20_000) * 0.9;
}

/** Energy of a full battery: about five minutes at full load, as usual for a UPS without extra batteries. */
export function batteryJoules(device: TownDevice): number {
  return upsRating(device) * 300 * (0.9 + 0.2 * chance(device.seed, 31));
}

/** Seconds that the battery holds at this load. */
export function runtimeS(device: TownDevice, charge: number, watts: number): number {
  // Small loads last longer than in proportion, but no card tells more than some hours.
  return Math.min(6 * 3600, (charge * batteryJoules(device)) / Math.max(watts, 20));
}

/** Watts given off in each room; what passes through to other rooms does not count. */
function heatByRoom(town: Town, flow: PowerFlow): Map<string, number> {
  const heat = new Map<string, number>();
  for (const [name, watts] of flow.into) {
    const device = town.devices.get(name);
    if (device === undefined || device.role === 'ups' || device.role === 'pdu') continue;
    heat.set(device.room, (heat.get(device.room) ?? 0) + watts);
  }
  return heat;
}
