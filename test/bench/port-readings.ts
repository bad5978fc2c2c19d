import {
  BatchBuilder,
  type EntityNumbers,
  metricNumber,
  type ReadingBatch,
} from '@rackhaus/backend/measurements';

/** What a poll of a port reads, in the order in which it is written. */
export const portMetrics = [
  'oper',
  'admin',
  'speed',
  'rx',
  'tx',
  'rxErrors',
  'txErrors',
  'rxDiscards',
  'txDiscards',
  'poePower',
] as const;

export const roundMs = 60_000;
const portsPerDevice = 48;

export interface Ports {
  readonly entities: EntityNumbers;
  readonly count: number;
}

/** The device and the name of a port. */
export function portKey(index: number): { deviceId: number; kind: 'port'; entity: string } {
  return {
    deviceId: 1 + Math.floor(index / portsPerDevice),
    kind: 'port',
    entity: `1/1/${1 + (index % portsPerDevice)}`,
  };
}

/** A number from 0 to before 1 that is the same for the same arguments. */
function noise(a: number, b: number, c: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

/**
 * A minute's readings of the ports from `from` to before `to`, as a town hall's access switches give them: a third of the ports is down, traffic follows the
 * hours of the day with noise, some ports are asleep at night, errors are rare, phones draw power. About 54 % are zero.
 */
export function portReadings(
  { entities }: Ports,
  from: number,
  to: number,
  start: number,
  round: number,
): ReadingBatch {
  const builder = new BatchBuilder(entities);
  const metrics = portMetrics.map((name) => metricNumber(`port.${name}`) ?? 0);
  const hour = ((start + round * roundMs) / 3_600_000) % 24;
  const office = Math.max(0.02, Math.sin(((hour - 6) / 13) * Math.PI));
  for (let port = from; port < to; port++) {
    const { deviceId, kind, entity } = portKey(port);
    // A switch's ports are read together, a little late each time.
    const late = Math.floor(noise(deviceId, round, 1) * 400);
    builder.begin(entities.numberOf(deviceId, kind, entity), start + round * roundMs + deviceId * 17 + late);
    const up = noise(port, 0, 2) > 0.33;
    const asleep = noise(port, 0, 3) > 0.5 && office < 0.1;
    const busy = 10 ** (3 + noise(port, 0, 4) * 4) * office;
    const rx = up && !asleep ? busy * (0.4 + noise(port, round, 5) * 1.2) : 0;
    const tx = up
      ? asleep
        ? 400 + noise(port, round, 6) * 300
        : busy * (0.1 + noise(port, round, 7) * 0.3)
      : 0;
    const phone = up && noise(port, 0, 8) > 0.65;
    const wrong = up && noise(port, round, 9) > 0.9995;
    const values = [
      up ? 1 : 2,
      1,
      up ? 1e9 : 0,
      Math.round(rx),
      Math.round(tx),
      wrong ? 0.02 : 0,
      0,
      0,
      wrong ? 1.5 : 0,
    ];
    values.push(phone ? Math.round(35 + noise(port, round >> 3, 10) * 6) / 10 : 0);
    for (const [i, metric] of metrics.entries()) builder.value(metric, values[i] ?? 0);
  }
  return builder.finish();
}
