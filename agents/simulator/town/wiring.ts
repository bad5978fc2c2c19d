import { isBackup, within } from './behaviour.ts';
import { farEnd } from './cabling.ts';
import { backupActivity, officeActivity } from './calendar.ts';
import { chance, seedOf, wander } from './noise.ts';
import {
  type Cabling,
  portKey,
  type Town,
  type TownDevice,
  type TownEnd,
  type TownPort,
} from './topology.ts';
import type { Workplace } from './workplaces.ts';

/** One network port that has something at its other end. */
export interface Connection {
  readonly far: TownEnd;
  /** Whose computer that is; null for a device. */
  readonly workplace: Workplace | null;
  /** bit/s on the line: what the slower end can. */
  readonly speed: number;
  readonly seed: number;
  /** bit/s in a busy hour. */
  readonly sentPeak: number;
  readonly receivedPeak: number;
  /** Seeds that both ends derive alike, so that one's sent is the other's received. */
  readonly sentSeed: number;
  readonly receivedSeed: number;
  readonly nightly: boolean;
}

/** What every network port of active devices is connected to, by {@link portKey}. */
export function connect(town: Town, cabling: Cabling = town): ReadonlyMap<string, Connection> {
  const connections = new Map<string, Connection>();
  for (const device of town.devices.values())
    for (const port of device.ports) {
      const far = farEnd(town, device.name, port.name, cabling);
      if (far !== null) connections.set(portKey(device.name, port.name), connection(town, device, port, far));
    }
  return connections;
}

function connection(town: Town, device: TownDevice, port: TownPort, far: TownEnd): Connection {
  const near = portKey(device.name, port.name);
  const other = portKey(far.owner, far.port);
  const workplace = town.workplaces.get(far.owner) ?? null;
  const peer = town.devices.get(far.owner);
  const peerPort = peer?.ports.find((candidate) => candidate.name === far.port);
  const peerSpeed = workplace === null ? (peerPort?.speed ?? 0) : 1e9;
  // Ports for management carry a poll now and then.
  const quiet = port.mgmtOnly || peerPort?.mgmtOnly === true;
  const speeds = [port.speed, peerSpeed].filter((speed) => speed > 0);
  const speed = speeds.length === 0 ? 1e9 : Math.min(...speeds);
  const forward = seedOf(`${near}>${other}`);
  const backward = seedOf(`${other}>${near}`);
  return {
    far,
    workplace,
    speed,
    seed: seedOf([near, other].sort().join('=')),
    sentPeak: quiet ? quietPeak : peak(device, peer, speed, forward),
    receivedPeak: quiet ? quietPeak : peak(peer, device, speed, backward),
    sentSeed: forward,
    receivedSeed: backward,
    nightly: isNightly(device) || (peer !== undefined && isNightly(peer)),
  };
}

const quietPeak = 3_000;

function isNightly(device: TownDevice): boolean {
  return isBackup(device) || device.role === 'storage';
}

/** bit/s that one kind of device sends to another in a busy hour. */
function peak(from: TownDevice | undefined, to: TownDevice | undefined, speed: number, seed: number): number {
  const spread = 0.3 + 1.4 * chance(seed, 1);
  return Math.min(speed * 0.7, usual(from?.role ?? 'client', to?.role ?? 'client') * spread);
}

function usual(from: string, to: string): number {
  const between = (a: string, b: string) => (from === a && to === b) || (from === b && to === a);
  if (from === 'switch' && to === 'switch') return 160e6;
  if (between('switch', 'firewall') || between('switch', 'router') || between('firewall', 'router'))
    return 140e6;
  if (from === 'server' || to === 'server') return 110e6;
  if (from === 'storage' || to === 'storage') return 190e6;
  if (from === 'access-point') return 6e6;
  if (to === 'access-point') return 24e6;
  if (from === 'client') return 0.6e6;
  if (to === 'client') return 3.5e6;
  return quietPeak;
}

export interface Rates {
  /** bit/s */
  readonly sent: number;
  readonly received: number;
}

/** Traffic of a port that is up, at a time. */
export function rates(connection: Connection, timeMs: number): Rates {
  const day = 0.03 + officeActivity(timeMs);
  const activity = connection.nightly ? day * 0.8 + 2.2 * backupActivity(timeMs) : day;
  return {
    sent: rate(connection.sentPeak, connection.sentSeed, activity, connection.speed, timeMs),
    received: rate(connection.receivedPeak, connection.receivedSeed, activity, connection.speed, timeMs),
  };
}

function rate(peakRate: number, seed: number, activity: number, speed: number, timeMs: number): number {
  const swing = 0.55 + 0.3 * wander(seed, timeMs, 18) + 0.25 * wander(seed + 1, timeMs, 420);
  return within(peakRate * activity * Math.max(0.05, swing), 200, speed * 0.95);
}
