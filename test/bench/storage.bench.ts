import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedStore, type MeasurementStore, openStore } from '@rackhaus/backend/measurements';
import { startInflux, startVictoria, type TestServer } from '@rackhaus/backend/measurements-testing';
import type { Figure } from './figure.ts';
import { portMetrics, portReadings, roundMs } from './port-readings.ts';

/** 9.4 million values, which all three stores get: 200 ports, each minute of three days and six hours, so that all three days are rolled up. */
const [ports, rounds] = [200, 3 * 1440 + 6 * 60];
const values = ports * rounds * portMetrics.length;
/** As often as the store packs by itself. */
const roundsPerTidy = 10;
/** Minutes that are written to a server at once. */
const roundsPerWrite = 10;

/**
 * What a value takes on disk with realistic readings of ports: `du` of the whole data folder, once all is packed, flushed and merged. That of the
 * embedded store is one file with journal, free pages and roll-ups; the servers keep readings only.
 */
export async function run(): Promise<readonly Figure[]> {
  const embedded = await embeddedBytes();
  const influx = await peerBytes(await startInflux({ settlesSoon: true }), {
    settings: (url) => ({ store: 'influx', url, database: 'bench' }),
    // It compacts by itself.
    settle: async () => undefined,
  });
  const victoria = await peerBytes(await startVictoria(), {
    settings: (url) => ({ store: 'victoria', url }),
    settle: async ({ url }) => {
      for (const path of ['force_flush', 'force_merge', 'force_flush']) {
        const reply = await fetch(`${url}/internal/${path}`);
        if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
      }
    },
  });
  process.stderr.write(`storage: ${embedded.cpuUs.toFixed(2)} us of CPU to write and pack a value\n`);
  const figure = { name: 'storage', value: embedded.bytes, unit: 'bytes/value', atMost: 1.0 } as const;
  return [
    { ...figure, peer: { name: 'influxdb', value: influx } },
    { ...figure, peer: { name: 'victoria', value: victoria } },
  ];
}

const start = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 4 * 86_400_000;
/** When what was written last is old enough to be packed. */
const settled = start + rounds * roundMs + 3 * 3_600_000;

/** Writes all readings. @returns the microseconds of CPU that making them up took */
async function fill(
  store: MeasurementStore,
  afterRound: (round: number, writing: Promise<void>) => Promise<void>,
): Promise<number> {
  let making = 0;
  for (let round = 0; round < rounds; round++) {
    const before = process.threadCpuUsage();
    const batch = portReadings({ entities: store.entities, count: ports }, 0, ports, start, round);
    const { user, system } = process.threadCpuUsage(before);
    making += user + system;
    await afterRound(round, store.write(batch));
  }
  return making;
}

async function embeddedBytes(): Promise<{ bytes: number; cpuUs: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-storage-'));
  const store = new EmbeddedStore({
    file: join(folder, 'measurements.sqlite'),
    log: (message) => process.stderr.write(`${message}\n`),
  });
  await store.start();
  const before = process.cpuUsage();
  const making = await fill(store, async (round, writing) => {
    await writing;
    if (round % roundsPerTidy === roundsPerTidy - 1) await store.tidy(start + round * roundMs);
  });
  await store.tidy(settled);
  const { user, system } = process.cpuUsage(before);
  await store.close();
  const bytes = sizeOf(folder) / values;
  await rm(folder, { recursive: true });
  return { bytes, cpuUs: (user + system - making) / values };
}

async function peerBytes(
  server: TestServer,
  {
    settings,
    settle,
  }: {
    settings: (url: string) => Parameters<typeof openStore>[0];
    settle: (server: TestServer) => Promise<void>;
  },
): Promise<number> {
  try {
    const store = await openStore(settings(server.url), {
      log: (message) => process.stderr.write(`${message}\n`),
    });
    let writes: Promise<void>[] = [];
    await fill(store, async (round, writing) => {
      writes.push(writing);
      if (round % roundsPerWrite !== roundsPerWrite - 1) return;
      await Promise.all(writes);
      writes = [];
    });
    await store.close();
    await settle(server);
    return (await settledSize(server.folder)) / values;
  } finally {
    await server.close();
  }
}

/** The size of a folder once it has not changed for a while: what is compacted by itself takes its time. */
async function settledSize(folder: string): Promise<number> {
  const [everyMs, quietMs, mostMs] = [1000, 20_000, 240_000];
  const began = performance.now();
  let size = sizeOf(folder);
  let since = began;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    const now = performance.now();
    const next = sizeOf(folder);
    if (next !== size) since = now;
    size = next;
    if (now - since >= quietMs || now - began >= mostMs) return size;
  }
}

/** Bytes that a folder's files take on disk. */
function sizeOf(folder: string): number {
  const [kilobytes] = execFileSync('du', ['-sk', folder], { encoding: 'utf8' }).split('\t');
  return Number(kilobytes) * 1024;
}
