import { constants, zstdCompressSync } from 'node:zlib';
import { formatLines, type Reading } from '@rackhaus/config/contract';

const ports = 48;

export interface Body {
  readonly packed: Buffer;
  readonly values: number;
}

/**
 * What an agent sends of 48-port switches that it has read in one minute: 12 fields a port, half of the ports in use, their
 * traffic going up and down over the hours; a few switches a body, packed with zstd 1.
 */
export function* switchBodies(options: {
  readonly deviceIds: readonly number[];
  readonly start: number;
  readonly perBody: number;
}): Generator<Body> {
  const { deviceIds, start, perBody } = options;
  for (let from = 0; from < deviceIds.length; from += perBody) {
    const readings = deviceIds
      .slice(from, from + perBody)
      .flatMap((id, at) => switchReadings(id, start + at * 50));
    const values = readings.reduce((sum, reading) => sum + Object.keys(reading.values).length, 0);
    const packed = zstdCompressSync(formatLines(readings), {
      params: { [constants.ZSTD_c_compressionLevel]: 1 },
    });
    yield { packed, values };
  }
}

function switchReadings(deviceId: number, time: number): Reading[] {
  const reading = (kind: Reading['kind'], entity: string, values: Reading['values']): Reading => ({
    deviceId,
    kind,
    entity,
    time,
    values,
  });
  const noise = (seed: number, of = time) => noiseOf(deviceId, seed, of);
  const device = reading('device', '', {
    reachable: 1,
    uptime: Math.round(time / 1000) - 1_700_000_000,
    pollDuration: rounded(0.02 + noise(1) / 50, 3),
    pollRequests: 12,
    pollTimeouts: 0,
    pollRetries: 0,
    pollValues: 580,
    ping: rounded(0.001 + noise(2) / 1000, 4),
    pingLoss: 0,
    cpu: rounded(0.1 + noise(3) / 20, 3),
    memory: rounded(0.4 + noise(4) / 500, 3),
  });
  return [
    device,
    ...Array.from({ length: ports }, (_, port) => {
      const used = noise(port, 0) < 0.5;
      const day = 1 + Math.sin(time / 13_750_000 + deviceId);
      const busy = used ? noise(port + 100, 0) ** 4 * 2e8 * day : 0;
      const poe = used && noise(port + 200, 0) < 0.5;
      return reading('port', String(port + 1), {
        oper: used ? 1 : 2,
        admin: 1,
        speed: used ? 1e9 : 0,
        rx: Math.round(busy * (0.8 + noise(port + 300) * 0.4)),
        tx: Math.round(busy * 3 * (0.8 + noise(port + 400) * 0.4)),
        rxErrors: 0,
        txErrors: 0,
        rxDiscards: 0,
        txDiscards: noise(port + 500) < 0.01 ? rounded(noise(port + 600), 2) : 0,
        changedAt: 1_760_000_000_000 + Math.floor(noise(port, 1) * 1e6) * 10_000,
        poe: poe ? 3 : 2,
        poePower: poe ? rounded(4 + noise(port + 700), 1) : 0,
      });
    }),
  ];
}

/** Even, repeatable noise from 0 to 1. */
function noiseOf(...seeds: number[]): number {
  let x = 17;
  for (const seed of seeds) {
    x = Math.imul(x ^ seed ^ Math.floor(seed / 2 ** 32), 0x9e3779b1);
    x ^= x >>> 15;
  }
  x = Math.imul(x, 0x85ebca6b);
  return ((x ^ (x >>> 13)) >>> 0) / 2 ** 32;
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
