import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reading } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent } from '../harness/agent.ts';
import { type Api, createApi, deviceOf } from '../harness/api.ts';
import { type RunningBackend, restartBackend, startOwnBackend } from '../harness/backend.ts';
import { type CountingDevice, pollsSeen, startCountingDevice } from '../harness/counting-device.ts';
import { inventoryOfSwitch, roomName, switchName } from '../harness/inventory.ts';
import { fillOutbox, waitingReadings } from '../harness/outbox.ts';
import { freePort, type StartedProcess, until } from '../harness/process.ts';

describe('a device that is polled every half second', () => {
  let device: CountingDevice;
  let env: NodeJS.ProcessEnv;
  let backend: RunningBackend;
  let agent: StartedProcess;
  let agentDir: string;
  let api: Api;
  let deviceId: number;

  beforeAll(async () => {
    device = await startCountingDevice();
    env = { PORT: String(await freePort()) };
    backend = await startOwnBackend(inventoryOfSwitch({ port: device.port, intervalSeconds: 0.5 }), env);
    api = await createApi(backend);
    deviceId = deviceOf(await api.room(roomName), switchName).id;
    agentDir = join(backend.dataDir, 'agent');
    agent = await startAgent(backend, agentDir);
  });

  afterAll(async () => {
    await agent?.stop();
    await backend?.stop();
    await device?.close();
  });

  const loads = (from: number, to = Date.now()) =>
    api.series({ device: deviceId, kind: 'device', metrics: 'load', from, to });
  const polls = (count: number) =>
    until(`poll ${count}`, () => (device.polls() >= count ? true : undefined), 30_000);
  /** Waits until a poll is stored, and says what is there since `from`. */
  const stored = (poll: number, from: number, firstPoll: number) =>
    until(
      `poll ${poll} in the store`,
      async () => {
        const seen = pollsSeen(await loads(from), firstPoll);
        return seen.last >= poll ? seen : undefined;
      },
      30_000,
    );

  it('has every poll once after the backend was killed and away for five seconds', async () => {
    const from = Date.now() - 1000;
    const first = device.polls() + 3;
    await stored(first + 5, from, first);
    await backend.stop('SIGKILL');
    await polls(device.polls() + 10);
    backend = await restartBackend(backend, env);
    const seen = await stored(device.polls() + 2, from, first);
    // What waited while the backend was away arrives beside what is new.
    await expect
      .poll(async () => pollsSeen(await loads(from), first).missing, { timeout: 20_000 })
      .toEqual([]);
    const all = pollsSeen(await loads(from), first);
    expect(all.last).toBeGreaterThanOrEqual(seen.last);
    expect(all.twice).toEqual([]);
    expect(all.longestGap).toBeLessThanOrEqual(1);
  });

  it('has once what the agent had taken down when it was killed, at any moment', async () => {
    const from = Date.now() - 1000;
    const first = device.polls() + 1;
    const takenDown: Reading[] = [];
    for (let kill = 0; kill < 4; kill++) {
      await polls(device.polls() + 2);
      // Any moment between two polls: this is not a wait for something.
      await sleep(Math.random() * 700);
      await agent.stop('SIGKILL');
      takenDown.push(...waitingReadings(agentDir));
      agent = await startAgent(backend, agentDir);
    }
    const seen = await stored(device.polls() + 2, from, first);
    // At most what was being gathered at that moment: a poll under way, and one that waited for the disk.
    expect(seen.missing.length).toBeLessThanOrEqual(4);
    for (const { count } of seen.missing) expect(count).toBeLessThanOrEqual(3);
    expect(seen.twice).toEqual([]);
    await until('what had been taken down', async () => await holds(await loads(from), takenDown));
  });

  it('has once what was taken down while the backend was away and the agent was killed', async () => {
    const from = Date.now();
    await backend.stop('SIGKILL');
    await polls(device.polls() + 6);
    await agent.stop('SIGKILL');
    const takenDown = waitingReadings(agentDir);
    expect(loadsOf(takenDown).length).toBeGreaterThanOrEqual(3);
    backend = await restartBackend(backend, env);
    agent = await startAgent(backend, agentDir);
    await until('what had been taken down', async () => await holds(await loads(from), takenDown), 30_000);
    expect(pollsSeen(await loads(from)).twice).toEqual([]);
  });

  it('shows what is fresh before the backlog is through, and all of the backlog in the end', async () => {
    await agent.stop();
    const count = 300;
    const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
    const backlog = Array.from({ length: count }, (_, n): Reading => {
      const time = start + n * 1000;
      return { deviceId, kind: 'device', entity: '', time, values: { load: 1000 + n } };
    });
    fillOutbox(
      agentDir,
      backlog.map((reading) => [reading]),
    );
    const arrived = async () =>
      (await loads(start, start + (count - 1) * 1000)).series[0]?.mean.filter((value) => value !== null) ??
      [];

    const from = Date.now();
    const next = device.polls() + 1;
    agent = await startAgent(backend, agentDir);
    await stored(next, from, next);
    expect((await arrived()).length).toBeLessThan(count);
    await until('the backlog', async () => ((await arrived()).length === count ? true : undefined), 30_000);
    expect(await arrived()).toEqual(backlog.map(({ values }) => values.load));
  });

  it('goes on with a new outbox when the old one is damaged, and keeps the damaged one', async () => {
    await backend.stop('SIGKILL');
    await polls(device.polls() + 4);
    await agent.stop('SIGKILL');
    for (const file of ['outbox.sqlite', 'outbox.sqlite-wal'].map((name) => join(agentDir, name)))
      if (existsSync(file)) flipBits(file);
    backend = await restartBackend(backend, env);
    agent = await startAgent(backend, agentDir);
    const next = device.polls() + 2;
    await stored(next, Date.now() - 5000, next);
    expect(readdirSync(agentDir).filter((name) => /^outbox\.sqlite\.corrupt-[^.]*/.test(name))).not.toEqual(
      [],
    );
    expect(agent.printed()).toMatch(/damaged/);
  });
});

function loadsOf(readings: readonly Reading[]): Reading[] {
  return readings.filter((reading) => reading.values.load !== undefined);
}

/** Whether each of the readings is in its bucket. */
function holds(reply: Awaited<ReturnType<Api['series']>>, readings: readonly Reading[]): true | undefined {
  const column = reply.series[0];
  const missing = loadsOf(readings).filter(({ time, values: { load = Number.NaN } }) => {
    const bucket = Math.floor((time - reply.start) / reply.step);
    const [min, max] = [column?.min[bucket] ?? Number.NaN, column?.max[bucket] ?? Number.NaN];
    return !(load >= min && load <= max);
  });
  return missing.length === 0 ? true : undefined;
}

/** One bit of every hundredth byte, the first ones among them. */
function flipBits(file: string): void {
  const bytes = readFileSync(file);
  for (let at = 0; at < bytes.length; at += 100) bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
  writeFileSync(file, bytes);
}
