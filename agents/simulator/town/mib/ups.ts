import { counter32, gauge32, integer, objectId, octets, timeTicks } from '../../snmp/value.ts';
import { mainsFrequency, mainsVoltage } from '../behaviour.ts';
import type { UpsState } from '../model.ts';
import { runtimeS, upsRating } from '../model.ts';
import { wander } from '../noise.ts';
import type { TownDevice } from '../topology.ts';
import type { Moment } from '../world.ts';
import { snmpIdentity } from './identity.ts';
import type { MibPart } from './writer.ts';

/** Minutes below which the battery is called low (upsConfigLowBattTime). */
const lowMinutes = 3;

/** What a UPS measures, in base units. */
export interface UpsValues {
  readonly state: UpsState;
  readonly watts: number;
  /** 0..1 of what it can give. */
  readonly load: number;
  readonly runtimeS: number;
  readonly inputVoltage: number;
  readonly batteryVoltage: number;
  readonly batteryTemperature: number;
  readonly low: boolean;
}

export function upsValues(device: TownDevice, world: Moment): UpsValues {
  const state = world.state.ups.get(device.name) ?? { charge: 1, onBatteryS: 0, hasMains: true };
  const watts = world.state.flow.into.get(device.name) ?? 0;
  const room = world.state.rooms.get(device.room) ?? 22;
  const seconds = runtimeS(device, state.charge, watts);
  return {
    state,
    watts,
    load: watts / upsRating(device),
    runtimeS: seconds,
    inputVoltage: state.hasMains ? mainsVoltage(1, world.time) : 0,
    // Lead batteries of 192 V: full on charge, sinking on load.
    batteryVoltage: state.hasMains ? 205 + 13 * state.charge : 168 + 27 * state.charge,
    batteryTemperature: room + 3 + (state.hasMains ? 0 : 4) + 0.4 * wander(device.seed + 5, world.time, 600),
    low: seconds < lowMinutes * 60,
  };
}

/** UPS-MIB (RFC 1628), one line in and out. */
export const upsMib: MibPart = (device, world, add) => {
  if (device.role !== 'ups') return;
  const root = '1.3.6.1.2.1.33.1';
  const now = () => upsValues(device, world);
  const { firmware } = snmpIdentity(device);
  add(`${root}.1.1.0`, octets(device.type.manufacturer));
  add(`${root}.1.2.0`, octets(device.type.model));
  add(`${root}.1.3.0`, octets(firmware));
  add(`${root}.1.4.0`, octets(firmware));
  add(`${root}.1.5.0`, octets(device.name));

  add(`${root}.2.1.0`, () => integer(now().state.charge <= 0.02 ? 4 : now().low ? 3 : 2));
  add(`${root}.2.2.0`, () => integer(now().state.onBatteryS));
  add(`${root}.2.3.0`, () => integer(Math.max(1, now().runtimeS / 60)));
  add(`${root}.2.4.0`, () => integer(Math.round(now().state.charge * 100)));
  add(`${root}.2.5.0`, () => integer(now().batteryVoltage * 10));
  add(`${root}.2.6.0`, () => {
    const { state, watts, batteryVoltage } = now();
    return integer(state.hasMains ? (1 - state.charge) * 40 : (watts / batteryVoltage) * 10);
  });
  add(`${root}.2.7.0`, () => integer(now().batteryTemperature));

  add(`${root}.3.1.0`, () => counter32(now().state.hasMains ? 2 : 3));
  add(`${root}.3.2.0`, integer(1));
  add(`${root}.3.3.1.2.1`, () => integer(now().state.hasMains ? mainsFrequency(world.time) * 10 : 0));
  add(`${root}.3.3.1.3.1`, () => integer(now().inputVoltage));
  add(`${root}.3.3.1.4.1`, () => integer(now().state.hasMains ? (now().watts / 228) * 10 : 0));
  add(`${root}.3.3.1.5.1`, () => integer(now().state.hasMains ? now().watts * 1.06 : 0));

  add(`${root}.4.1.0`, () => integer(now().state.hasMains ? 3 : 5));
  add(`${root}.4.2.0`, integer(500));
  add(`${root}.4.3.0`, integer(1));
  add(`${root}.4.4.1.2.1`, () => integer(230 + Math.round(0.5 * wander(device.seed + 6, world.time, 30))));
  add(`${root}.4.4.1.3.1`, () => integer((now().watts / 230) * 10));
  add(`${root}.4.4.1.4.1`, () => integer(now().watts));
  add(`${root}.4.4.1.5.1`, () => integer(Math.round(now().load * 100)));

  // RFC 1628 upsWellKnownAlarms: onBattery 2, lowBattery 3, inputBad 6, outputOverload 8.
  const alarms: readonly (readonly [number, (values: UpsValues) => boolean])[] = [
    [2, ({ state }) => !state.hasMains],
    [3, ({ low, state }) => low && !state.hasMains],
    [6, ({ state }) => !state.hasMains],
    [8, ({ load }) => load > 1],
  ];
  add(`${root}.6.1.0`, () => gauge32(alarms.filter(([, holds]) => holds(now())).length));
  for (const [known, holds] of alarms) {
    add(`${root}.6.2.1.1.${known}`, () => (holds(now()) ? integer(known) : undefined));
    add(`${root}.6.2.1.2.${known}`, () => (holds(now()) ? objectId(`${root}.6.3.${known}`) : undefined));
    add(`${root}.6.2.1.3.${known}`, () => {
      const { state } = now();
      const since = world.time - state.onBatteryS * 1000;
      return holds(now()) ? timeTicks(world.uptimeTicks(device.name, since)) : undefined;
    });
  }
  add(`${root}.7.3.0`, integer(1));
  add(`${root}.9.1.0`, integer(230));
  add(`${root}.9.3.0`, integer(230));
  add(`${root}.9.5.0`, integer(upsRating(device) / 0.9));
  add(`${root}.9.6.0`, integer(upsRating(device)));
  add(`${root}.9.7.0`, integer(lowMinutes));
};
