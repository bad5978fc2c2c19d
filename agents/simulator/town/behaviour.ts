import { backupActivity, officeActivity, season } from './calendar.ts';
import { chance, seedOf, wander } from './noise.ts';
import type { TownDevice } from './topology.ts';

/** What devices do on an ordinary day, as functions of time alone: the live simulation and its history agree by them. */

/** Processor use, 0..1. */
export function cpuUse(device: TownDevice, timeMs: number): number {
  const office = officeActivity(timeMs);
  const night = isBackup(device) || device.role === 'storage' ? backupActivity(timeMs) : 0;
  const [idle, busy] = cpuShape[device.role] ?? [0.05, 0.1];
  const own = 0.7 + 0.6 * chance(device.seed, 11);
  const quick = wander(device.seed, timeMs, 25) * 0.05 + wander(device.seed + 1, timeMs, 400) * 0.06;
  return within((idle + busy * office + 0.35 * night) * own + quick * (0.3 + office), 0.01, 0.97);
}

const cpuShape: Partial<Record<TownDevice['role'], readonly [number, number]>> = {
  server: [0.1, 0.34],
  storage: [0.08, 0.18],
  firewall: [0.06, 0.3],
  switch: [0.09, 0.07],
  router: [0.06, 0.2],
};

/** Memory in use, 0..1: grows a little with the day, falls back with nightly restarts of services. */
export function memoryUse(device: TownDevice, timeMs: number): number {
  const base = device.role === 'server' ? 0.45 : 0.3;
  return within(
    base +
      0.25 * chance(device.seed, 12) +
      0.06 * officeActivity(timeMs) +
      0.02 * wander(device.seed + 2, timeMs, 900),
    0.05,
    0.95,
  );
}

/** Watts that a device takes for itself while it runs, without what it feeds. */
export function powerDraw(device: TownDevice, timeMs: number): number {
  const rated = ratedDraw(device);
  const work = device.role === 'pdu' || device.role === 'ups' ? 0 : cpuUse(device, timeMs);
  return rated * (0.62 + 0.38 * work + 0.015 * wander(device.seed + 3, timeMs, 40));
}

/** Watts at full work: what the type says of its first inlet, else what devices of that role usually take. */
function ratedDraw(device: TownDevice): number {
  const [inlet] = device.type['power-ports'];
  const said =
    inlet?.allocated_draw ?? (inlet?.maximum_draw === undefined ? undefined : inlet.maximum_draw * 0.45);
  if (device.role === 'ups') return 45;
  if (device.role === 'pdu') return 6;
  return said ?? usualDraw[device.role] ?? 10;
}

const usualDraw: Partial<Record<TownDevice['role'], number>> = {
  switch: 75,
  firewall: 60,
  router: 30,
  server: 340,
  storage: 320,
  'access-point': 11,
  sensor: 4,
  printer: 20,
  other: 12,
};

/** Watts that a powered port feeds to what is plugged in; 0 for what needs none. */
export function poeDraw(seed: number, isAccessPoint: boolean, isClient: boolean, timeMs: number): number {
  if (isAccessPoint) return 8.5 + 2.5 * officeActivity(timeMs) + 0.4 * wander(seed, timeMs, 45);
  if (isClient && hasTelephone(seed)) return 2.9 + 0.5 * wander(seed, timeMs, 60);
  return isClient ? 0 : 4.2 + 0.2 * wander(seed, timeMs, 60);
}

/** Every third workplace has a telephone between socket and computer. */
export function hasTelephone(workplaceSeed: number): boolean {
  return chance(workplaceSeed, 21) < 0.34;
}

export interface Volume {
  readonly name: string;
  readonly sizeBytes: number;
}

/** Volumes of a server, storage or backup system. */
export function volumes(device: TownDevice): readonly Volume[] {
  const tera = 1e12;
  const size = 1 + Math.floor(chance(device.seed, 13) * 4);
  if (device.role === 'storage')
    return [
      { name: '/', sizeBytes: 8e9 },
      { name: '/volume1', sizeBytes: size * 8 * tera },
      { name: '/volume2', sizeBytes: size * 4 * tera },
    ];
  return [
    { name: '/', sizeBytes: 100e9 },
    { name: '/var', sizeBytes: 200e9 },
    { name: '/srv', sizeBytes: size * tera },
  ];
}

/** Share in use of a volume: slow growth over the years with clean-ups, and the day's work. */
export function volumeFill(device: TownDevice, volume: string, timeMs: number): number {
  const seed = seedOf(`${device.name} ${volume}`);
  const start = 0.28 + 0.25 * chance(seed, 1);
  const months = (timeMs / 86_400_000 / 30.4) % 14;
  const growth = 0.012 * months * (0.4 + chance(seed, 2));
  return within(start + growth + 0.006 * wander(seed, timeMs, 20_000), 0.02, 0.8);
}

/** °C that the cooling holds in a room that gives off so much heat. */
export function cooledTemperature(roomSeed: number, heatW: number, timeMs: number): number {
  const held = 20.6 + 1.6 * chance(roomSeed, 1);
  return (
    held +
    Math.min(2.5, heatW * 0.00035) +
    0.35 * season(timeMs) +
    0.25 * wander(roomSeed, timeMs, 700) +
    0.06 * wander(roomSeed + 1, timeMs, 50)
  );
}

/** °C that a room tends to without cooling. */
export function uncooledTemperature(heatW: number, timeMs: number): number {
  return 20 + 2 * season(timeMs) + 8 + Math.min(30, heatW * 0.006 + 6);
}

/** Relative humidity 0..1 of a room's air: warm air is relatively drier. */
export function humidity(roomSeed: number, temperature: number, timeMs: number): number {
  const percent =
    44 +
    5 * season(timeMs) -
    1.6 * (temperature - 22) +
    1.5 * wander(roomSeed + 2, timeMs, 1_800) +
    0.2 * wander(roomSeed + 3, timeMs, 60);
  return within(percent / 100, 0.08, 0.95);
}

/** Volts of one phase of the mains. */
export function mainsVoltage(phase: number, timeMs: number): number {
  return (
    231 -
    2 * officeActivity(timeMs) +
    1.4 * wander(900 + phase, timeMs, 120) +
    0.5 * wander(950 + phase, timeMs, 9)
  );
}

/** Hertz of the European grid. */
export function mainsFrequency(timeMs: number): number {
  return 50 + 0.035 * wander(990, timeMs, 30);
}

export function isBackup(device: TownDevice): boolean {
  return /backup|sicherung/i.test(device.name);
}

export function within(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
