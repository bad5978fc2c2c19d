import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type EntityKey, openStore } from '@rackhaus/backend/measurements';
import type { Reading } from '@rackhaus/config/contract';
import { startAgent } from '../harness/agent.ts';
import { type Api, createApi } from '../harness/api.ts';
import { type RunningBackend, restartBackend, startOwnBackend } from '../harness/backend.ts';
import { type CountingDevice, onePollMs, startCountingDevice } from '../harness/counting-device.ts';
import { inventoryOfDevices, roomName } from '../harness/inventory.ts';
import { fillOutbox, waitingReadings } from '../harness/outbox.ts';
import { freePort, until } from '../harness/process.ts';
import type { Figure } from './figure.ts';

/**
 * The backend is stopped for 30 minutes, and the agent is killed (-9) ten times meanwhile. Time is compressed: devices that
 * are asked once a minute are asked twice a second, so that 15 seconds hold as many polls as 30 minutes. What the agent had
 * put into its outbox before each kill must be in the store afterwards, once; so must 30 minutes of batches of a large site,
 * which make the replay long enough to see whether fresh readings flow beside it.
 */
const devices = 12;
const intervalSeconds = 0.5;
const kills = 10;
const betweenKillsMs = 1500;
const backlog = { batches: 1800, entities: 200 };
/** A poll every half second, gathered, sent, stored and asked for: more than this is not live. */
const liveMs = 2500;
const askedMs = 20_000;
const replayWithinMs = 300_000;

export async function run(): Promise<readonly Figure[]> {
  const counted = await Promise.all(Array.from({ length: devices }, () => startCountingDevice()));
  const env = { PORT: String(await freePort()) };
  let backend = await startOwnBackend(inventory(counted), env);
  const agentDir = join(backend.dataDir, 'agent');
  let agent = await startAgent(backend, agentDir);
  try {
    const api = await createApi(backend);
    const ids = (await api.room(roomName)).unracked.map(({ id }) => id);
    const began = Date.now();
    for (const deviceId of ids)
      await until(
        'a reading of every device',
        async () => (await newest(api, deviceId)) ?? undefined,
        30_000,
      );

    await backend.stop('SIGKILL');
    const past = pastOf(ids[0] ?? 0);
    const takenDown = new Map<string, Reading>();
    const keep = (readings: readonly Reading[]) => {
      for (const reading of readings) if (reading.deviceId !== 0) takenDown.set(keyOf(reading), reading);
    };
    for (let kill = 0; kill < kills; kill++) {
      // Any moment: this is not a wait for something.
      await wait(betweenKillsMs * (0.5 + Math.random()));
      await agent.stop('SIGKILL');
      if (kill === kills - 1) fillOutbox(agentDir, past);
      keep(waitingReadings(agentDir));
      agent = await startAgent(backend, agentDir);
    }

    backend = await restartBackend(backend, env);
    const live = await oldestWhileReplaying({ api, ids, past });
    await agent.stop();
    await backend.stop();
    const { lost, twice, rows } = await compare(backend, takenDown, { ids, from: began });
    process.stderr.write(
      `outage: ${takenDown.size} readings taken down, ${rows} stored of these devices, ${counted.reduce((sum, one) => sum + one.polls(), 0)} polls\n`,
    );
    return [
      { name: 'outage-lost', value: lost, unit: 'readings', atMost: 0 },
      { name: 'outage-duplicated', value: twice, unit: 'readings', atMost: 0 },
      { name: 'outage-live', value: live, unit: 'ms', atMost: liveMs },
      { name: 'outage-kills', value: kills, unit: 'kills', atLeast: 10 },
    ];
  } finally {
    await agent.stop();
    await backend.stop();
    await Promise.all(counted.map((device) => device.close()));
  }
}

function inventory(counted: readonly CountingDevice[]): string {
  return inventoryOfDevices(
    counted.map(({ port }, n) => ({
      name: `host-${n}`,
      type: 'dell-poweredge-r540',
      role: 'server',
      host: '127.0.0.1',
      port,
      intervalSeconds,
    })),
  );
}

/** Readings of a large site over half an hour, a batch a second, as the agent would have gathered them: an hour ago. */
function pastOf(deviceId: number): Reading[][] {
  const start = Date.now() - 2 * 3_600_000;
  return Array.from({ length: backlog.batches }, (_, second) =>
    Array.from({ length: backlog.entities }, (_, port) => ({
      deviceId,
      kind: 'port' as const,
      entity: `past/${port}`,
      time: start + second * 1000 + port,
      values: { oper: 1, rx: (second * 7919 + port * 104_729) % 1_000_000_000, tx: port },
    })),
  );
}

/** Time of the newest poll of a device that can be asked for; null: none. */
async function newest(api: Api, device: number): Promise<number | null> {
  const to = Date.now();
  const reply = await api.series({ device, kind: 'device', metrics: 'load', from: to - askedMs, to });
  const mean = reply.series[0]?.mean ?? [];
  const last = mean.findLastIndex((value) => value !== null);
  return last === -1 ? null : reply.start + (last + 1) * reply.step;
}

/** How old the newest reading was at worst from the moment that fresh ones came until the whole past was there, ms. */
async function oldestWhileReplaying(of: {
  api: Api;
  ids: readonly number[];
  past: readonly (readonly Reading[])[];
}): Promise<number> {
  const back = Date.now();
  for (const id of of.ids)
    await until(
      'fresh readings',
      async () => ((await newest(of.api, id)) ?? 0) > back + liveMs || undefined,
      30_000,
    );
  let worst = 0;
  for (let round = 0; (await replayed(of.api, of.past)) < of.past.length; round++) {
    if (Date.now() - back > replayWithinMs) throw new Error('the past does not arrive');
    const id = of.ids[round % of.ids.length] ?? 0;
    const at = await newest(of.api, id);
    // Nothing within the time that was asked for.
    worst = Math.max(worst, at === null ? askedMs : Date.now() - at);
    await wait(100);
  }
  return worst;
}

/** How many of the batches of the past have arrived, by one of their ports. */
async function replayed(api: Api, past: readonly (readonly Reading[])[]): Promise<number> {
  const [first, last] = [past[0]?.[0], past.at(-1)?.[0]];
  if (!first || !last) return 0;
  const { deviceId: device, kind, entity } = first;
  const reply = await api.series({ device, kind, entity, metrics: 'rx', from: first.time, to: last.time });
  return (reply.series[0]?.mean ?? []).filter((value) => value !== null).length;
}

function keyOf({ deviceId, kind, entity, time }: Omit<Reading, 'values'>): string {
  return `${deviceId}/${kind}/${entity}/${time}`;
}

/** Looks at every reading in the store: those that were taken down, and how often each poll is there. */
async function compare(
  backend: RunningBackend,
  takenDown: ReadonlyMap<string, Reading>,
  of: { ids: readonly number[]; from: number },
): Promise<{ lost: number; twice: number; rows: number }> {
  const log: string[] = [];
  const store = await openStore(
    { store: 'embedded', file: join(backend.dataDir, 'measurements.sqlite') },
    { log: (message) => log.push(message) },
  );
  const open = new Map(takenDown);
  let [twice, rows] = [0, 0];
  try {
    for (const entity of await store.listEntities()) {
      if (!of.ids.includes(entity.deviceId)) continue;
      const kept = await store.kept(entity, 0, Date.now() + 60_000);
      const loads = new Map<number, number>();
      for (const row of kept.rows) {
        rows++;
        if (row.resolution !== 'raw')
          throw new Error(`${keyOf({ ...entity, time: row.time })} is no reading`);
        const key = keyOf({ ...entity, time: row.time });
        const reading = open.get(key);
        if (reading && sameValues(reading, kept.metrics, row)) open.delete(key);
        twice += countTwice(entity, kept.metrics, row, { loads, from: of.from });
      }
    }
  } finally {
    await store.close();
  }
  if (log.length > 0) throw new Error(`the store complained: ${log.join('; ')}`);
  return { lost: open.size, twice, rows };
}

function sameValues(
  reading: Reading,
  metrics: readonly string[],
  row: { readonly n: ArrayLike<number>; readonly sum: ArrayLike<number> },
): boolean {
  return Object.entries(reading.values).every(([name, value]) => {
    const at = metrics.indexOf(name);
    return row.n[at] === 1 && Math.abs((row.sum[at] ?? Number.NaN) - value) <= Math.abs(value) * 1e-9;
  });
}

/** Every poll of a counting device has a load of its own: one that is there before came twice. */
function countTwice(
  { kind }: EntityKey,
  metrics: readonly string[],
  row: { readonly time: number; readonly n: ArrayLike<number>; readonly sum: ArrayLike<number> },
  seen: { loads: Map<number, number>; from: number },
): number {
  if (Array.from(row.n).some((n) => n > 1)) return 1;
  const at = metrics.indexOf('load');
  const load = row.sum[at];
  // While a device is found out about, it is asked for more than once with the same answer.
  if (kind !== 'device' || row.n[at] !== 1 || load === undefined || row.time < seen.from) return 0;
  const before = seen.loads.get(load);
  seen.loads.set(load, row.time);
  return before !== undefined && row.time - before > 2 * onePollMs ? 1 : 0;
}
