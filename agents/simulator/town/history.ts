import type { EntityKind, Reading } from '@rackhaus/config/contract';
import { isMetricId, metric, plausible } from '@rackhaus/config/contract';
import { cpuUse, mainsFrequency, mainsVoltage, memoryUse, volumes } from './behaviour.ts';
import { switchTemperature } from './mib/entity.ts';
import { environmentValues } from './mib/environment.ts';
import { fillNow } from './mib/host.ts';
import { pduValues, phases } from './mib/pdu.ts';
import { upsValues } from './mib/ups.ts';
import { batteryJoules, calmState, type TownState } from './model.ts';
import { buildPowerMap, type PowerMap } from './power.ts';
import { forwards, portKey, type Town, type TownDevice } from './topology.ts';
import { type Connection, connect, rates } from './wiring.ts';
import type { Moment } from './world.ts';

/** A reading of the past, by the device's name: ids are the inventory's. */
export type HistoryReading = Omit<Reading, 'deviceId'> & { readonly device: string };

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Spans of the demo's past, each with its resolution: a year by the hour, a month by ten minutes, a day by the minute. */
export function historySpans(now: number): readonly { from: number; to: number; stepMs: number }[] {
  const end = Math.floor(now / minute) * minute;
  return [
    { from: end - 365 * day, to: end - 30 * day, stepMs: hour },
    { from: end - 30 * day, to: end - day, stepMs: 10 * minute },
    { from: end - day, to: end, stepMs: minute },
  ];
}

/** What happened, counted back from the end of history. */
const mainsFailure = { before: 15 * hour + 12 * minute, lasts: 7 * minute };
const rechargeMs = 45 * minute;
const gaps = [
  { before: 5 * hour + 50 * minute, lasts: 12 * minute },
  { before: 12 * day, lasts: 2 * hour + 40 * minute },
  { before: 121 * day, lasts: 19 * hour },
];
/** One switch was being updated. */
const switchGap = { before: 9 * hour, lasts: 24 * minute };

/**
 * What polling the town would have found in `from` ≤ time < `to`, by the same model that runs live, every `stepMs`. `end` is
 * where history meets the present: gaps and the one mains failure lie at fixed distances before it.
 */
export function* history(
  town: Town,
  span: { readonly from: number; readonly to: number; readonly stepMs: number },
  end: number,
): Generator<HistoryReading> {
  const connections = connect(town);
  const map = buildPowerMap(town, new Map());
  const devices = [...town.devices.values()].filter(
    (device) => device.monitoring !== null && device.credentials !== null,
  );
  const updated = devices.find((device) => device.role === 'switch' && device.inlets.length === 1)?.name;
  const during = (time: number, event: { before: number; lasts: number }) =>
    time >= end - event.before && time < end - event.before + event.lasts;
  for (let time = span.from; time < span.to; time += span.stepMs) {
    if (gaps.some((gap) => during(time, gap))) continue;
    const moment = pastMoment(town, map, time, end);
    for (const device of devices) {
      if (device.name === updated && during(time, switchGap)) continue;
      yield* deviceReadings(device, moment);
      yield* portReadings(town, device, moment, connections, span.stepMs > minute);
    }
  }
}

function pastMoment(town: Town, map: PowerMap, time: number, end: number): Moment {
  const state = calmState(town, map, time);
  const since = time - (end - mainsFailure.before);
  if (since < 0 || since > mainsFailure.lasts + rechargeMs) return { state, time, fault: () => false };
  const ups = new Map(
    [...state.ups.keys()].map((name) => [name, failedUps(town.devices.get(name), since, state)] as const),
  );
  return { state: { ...state, ups }, time, fault: () => false };
}

function failedUps(device: TownDevice | undefined, sinceMs: number, state: TownState) {
  if (device === undefined) return { charge: 1, onBatteryS: 0, hasMains: true };
  const drained = (ms: number) =>
    Math.min(0.95, ((state.flow.into.get(device.name) ?? 0) * ms) / 1000 / batteryJoules(device));
  if (sinceMs < mainsFailure.lasts)
    return { charge: 1 - drained(sinceMs), onBatteryS: sinceMs / 1000, hasMains: false };
  const back = (sinceMs - mainsFailure.lasts) / rechargeMs;
  return { charge: Math.min(1, 1 - drained(mainsFailure.lasts) * (1 - back)), onBatteryS: 0, hasMains: true };
}

function* deviceReadings(device: TownDevice, moment: Moment): Generator<HistoryReading> {
  const { time } = moment;
  const reading = (kind: EntityKind, entity: string, values: Record<string, number>): HistoryReading => ({
    device: device.name,
    kind,
    entity,
    time,
    values: rounded(kind, values),
  });
  switch (device.role) {
    case 'ups': {
      const now = upsValues(device, moment);
      yield reading('ups', '', {
        source: now.state.hasMains ? 3 : 5,
        battery: now.low ? 3 : 2,
        charge: now.state.charge,
        runtime: now.runtimeS,
        onBattery: now.state.onBatteryS,
        load: now.load,
        batteryTemperature: Math.floor(now.batteryTemperature),
      });
      if (now.state.hasMains)
        yield reading('line', 'Input 1', {
          voltage: Math.floor(now.inputVoltage),
          frequency: mainsFrequency(time),
        });
      yield reading('line', 'Output 1', {
        voltage: 230,
        power: now.watts,
        current: now.watts / 230,
        load: now.load,
      });
      yield reading('device', '', { power: now.watts });
      break;
    }
    case 'pdu': {
      const now = pduValues(device, moment, phases(device));
      for (const [at, amperes] of now.amperes.entries())
        yield reading('line', pduLine(at), {
          state: 0,
          current: amperes,
          voltage: Math.floor(mainsVoltage(at + 1, time)),
          power: now.watts[at] ?? 0,
        });
      yield reading('device', '', { power: now.watts.reduce((sum, watts) => sum + watts, 0) });
      break;
    }
    case 'sensor': {
      const now = environmentValues(device, moment);
      yield reading('sensor', 'Zuluft', { temperature: now.room });
      yield reading('sensor', 'Abluft', { temperature: now.exhaust });
      yield reading('sensor', 'Luftfeuchte', { humidity: now.humidity });
      break;
    }
    case 'server':
    case 'storage':
      yield reading('device', '', { cpu: cpuUse(device, time), memory: memoryUse(device, time) });
      for (const volume of volumes(device)) {
        const fill = fillNow(device, volume.name, moment);
        yield reading('storage', volume.name, {
          fill,
          used: fill * volume.sizeBytes,
          size: volume.sizeBytes,
        });
      }
      break;
    case 'switch':
    case 'firewall':
    case 'router':
      yield reading('device', '', {
        cpu: cpuUse(device, time),
        memory: memoryUse(device, time),
      });
      if (device.role === 'switch')
        yield reading('sensor', 'Temp Sensor', { temperature: switchTemperature(device, moment) });
      break;
    default:
      break;
  }
}

/** Traffic of switches and firewalls: all their ports to devices by the minute, further back only the uplinks. */
function* portReadings(
  town: Town,
  device: TownDevice,
  { time, state }: Moment,
  connections: ReadonlyMap<string, Connection>,
  uplinksOnly: boolean,
): Generator<HistoryReading> {
  if (!forwards(device) || !state.powered.has(device.name)) return;
  for (const port of device.ports) {
    const connection = connections.get(portKey(device.name, port.name));
    if (connection === undefined || connection.workplace !== null || connection.sentPeak < 1e5) continue;
    const peer = town.devices.get(connection.far.owner);
    if (uplinksOnly && (peer === undefined || !forwards(peer))) continue;
    const { sent, received } = rates(connection, time);
    yield {
      device: device.name,
      kind: 'port',
      entity: port.name,
      time,
      values: rounded('port', { rx: received, tx: sent }),
    };
  }
}

/** What the PDU profile calls a phase. */
function pduLine(at: number): string {
  return `Phase ${at + 1}`;
}

/** As the agent rounds them, so that history and present look alike and stay small. */
function rounded(kind: EntityKind, values: Record<string, number>): Record<string, number> {
  const result: Record<string, number> = {};
  for (const [name, value] of Object.entries(values)) {
    const id = `${kind}.${name}`;
    if (!isMetricId(id)) throw new Error(`${id} is not in the metric catalogue`);
    if (metric(id).kind !== kind) continue;
    const fit = plausible(id, value);
    if (fit !== undefined) result[name] = fit;
  }
  return result;
}
