import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startInflux } from '@rackhaus/backend/measurements-testing';
import { Assignment, SeriesReply } from '@rackhaus/config/contract';
import { z } from 'zod';
import { type RunningBackend, restartBackend, signIn, startOwnBackend } from '../harness/backend.ts';
import { cpuOf } from '../harness/cpu.ts';
import { inventoryOfDevices } from '../harness/inventory.ts';
import { type Figure, median } from './figure.ts';
import { switchBodies } from './ingest-bodies.ts';
import { Sender } from './ingest-sender.ts';

/**
 * Values per second of CPU of the whole backend process, all threads: HTTP bodies (zstd 1) of 48-port switches with 12 fields a
 * port, read, checked, stored in the embedded store (acknowledged when they are on the disk) and taken into the live state with
 * all rules; once more through to a real InfluxDB, whose own CPU is not in it. `INGEST_DEVICES` and `INGEST_MINUTES` make it shorter.
 */
const setting = (name: string, usual: number) =>
  z.coerce
    .number()
    .int()
    .positive()
    .parse(process.env[name] ?? usual);
const devices = setting('INGEST_DEVICES', 500);
/** Enough that windows of two hours are packed while it is measured. */
const minutes = setting('INGEST_MINUTES', 60);
const warmUpMinutes = 8;
/** The whole is measured in so many parts, of which the middle one counts. */
const parts = 4;
const perBody = 20;
const least = 1_000_000;
/** What preparing takes at most; more only delays the beginning. */
const prepareMs = devices * minutes * 2;
/** A minute of the devices takes a second: what is sent is as young as the rules and the store are used to. */
const timesFaster = 60;
const minuteMs = 60_000;
/** Until it has started, in its own time. */
const startMs = 10 * minuteMs;

export async function run(): Promise<readonly Figure[]> {
  const setUp = await startOwnBackend(inventoryOfSwitches());
  const deviceIds = await assignedTo(setUp);
  await setUp.stop();
  if (deviceIds.length !== devices) throw new Error(`${deviceIds.length} devices are polled, not ${devices}`);
  const embedded = await measure(setUp, deviceIds, {});
  const server = await startInflux();
  try {
    const influx = await measure(setUp, deviceIds, { STORE: 'influx', INFLUX_URL: server.url });
    return [
      { name: 'ingest', value: embedded, unit: 'values/cpu-s', atLeast: least },
      { name: 'ingest-influx', value: influx, unit: 'values/cpu-s', atLeast: least },
    ];
  } finally {
    await server.close();
  }
}

async function measure(
  on: RunningBackend,
  deviceIds: readonly number[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  // Prepared before, so that who sends is not what is waited for.
  const begin = Date.now() + prepareMs;
  const start = begin + startMs;
  const rounds = Array.from({ length: minutes }, (_, minute) => [
    ...switchBodies({ deviceIds, start: start + minute * minuteMs, perBody }),
  ]);
  await until(begin);
  const backend = await restartBackend(on, {
    ...env,
    FAST_CLOCK: `${begin}x${timesFaster}`,
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'fast-clock.ts')}`,
  });
  const sender = new Sender({ url: backend.url, token: tokenOf(backend) });
  const send = async (from: number, to: number) => {
    for (const [at, bodies] of rounds.slice(from, to).entries()) {
      await until(begin + (startMs + (from + at) * minuteMs) / timesFaster);
      await sender.send(bodies);
    }
  };
  try {
    await send(0, warmUpMinutes);
    const rates: number[] = [];
    const size = Math.ceil((minutes - warmUpMinutes) / parts);
    for (let from = warmUpMinutes; from < minutes; from += size) {
      const before = cpuOf(backend.child.pid ?? 0);
      await send(from, from + size);
      const seconds = (cpuOf(backend.child.pid ?? 0) - before) / 1000;
      const values = rounds
        .slice(from, from + size)
        .flat()
        .reduce((sum, body) => sum + body.values, 0);
      rates.push(values / seconds);
    }
    process.stderr.write(`ingest: ${rates.map((rate) => Math.round(rate)).join(', ')} values/cpu-s\n`);
    const kept = await keptOf(backend, deviceIds.at(-1) ?? 0, start);
    if (kept !== minutes) throw new Error(`${kept} readings of a port are kept, not ${minutes}`);
    return median(rates);
  } finally {
    sender.close();
    await backend.stop();
  }
}

async function until(time: number): Promise<void> {
  const ms = time - Date.now();
  if (ms > 0) await wait(ms);
}

function inventoryOfSwitches(): string {
  return inventoryOfDevices(
    Array.from({ length: devices }, (_, at) => ({
      name: `sw-${at + 1}`,
      type: 'hpe-aruba-6200f-48g-class4-poe-4sfpp',
      role: 'switch',
      host: `127.0.${Math.floor(at / 250)}.${(at % 250) + 1}`,
      port: 161,
      intervalSeconds: 60,
    })),
  );
}

function tokenOf(backend: RunningBackend): string {
  return readFileSync(backend.agentTokenFile, 'utf8').trim();
}

async function assignedTo(backend: RunningBackend): Promise<number[]> {
  const reply = await fetch(`${backend.url}/api/agent/assignment`, {
    headers: { authorization: `Bearer ${tokenOf(backend)}` },
  });
  if (!reply.ok) throw new Error(`assignment: ${reply.status}`);
  return Assignment.parse(await reply.json()).devices.map(({ id }) => id);
}

/** How many readings of a port can be asked for. */
async function keptOf(backend: RunningBackend, deviceId: number, start: number): Promise<number> {
  const query = new URLSearchParams({
    device: String(deviceId),
    kind: 'port',
    entity: '48',
    metrics: 'rx',
    from: String(start),
    to: String(start + (minutes - 1) * minuteMs),
    points: String(minutes),
  });
  const reply = await fetch(`${backend.url}/api/series?${query}`, {
    headers: { cookie: await signIn(backend) },
  });
  if (!reply.ok) throw new Error(`series: ${reply.status} ${await reply.text()}`);
  const { series } = SeriesReply.parse(await reply.json());
  return series[0]?.mean.filter((mean) => mean !== null).length ?? 0;
}
