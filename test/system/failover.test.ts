import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentList, CreatedAgent, DevicePolling } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent } from '../harness/agent.ts';
import { type Api, createApi, deviceOf } from '../harness/api.ts';
import { type RunningBackend, startOwnBackend } from '../harness/backend.ts';
import { inventoryOfSwitch, roomName, switchName } from '../harness/inventory.ts';
import { cableToHere, createNamespace, type Namespace } from '../harness/namespace.ts';
import { type StartedProcess, startNode, until } from '../harness/process.ts';

/** The device counts its polls for each agent from another number, so that its value says who has read it. */
const countsFrom = [1000, 100_000];
const intervalSeconds = 2;
const devicePort = 1161;
const longestGapMs = 30_000 + intervalSeconds * 1000;

interface Post {
  readonly namespace: Namespace;
  readonly device: StartedProcess;
  readonly start: () => Promise<StartedProcess>;
  readonly id: number;
}

/** A value of the device as it was stored: what it had counted, and which agent had asked. */
interface Stored {
  readonly time: number;
  readonly count: number;
  readonly by: number;
}

describe('two agents, one the standby of the other', () => {
  let backend: RunningBackend;
  let api: Api;
  let deviceId: number;
  let first: Post;
  let second: Post;
  const running: StartedProcess[] = [];

  async function send(method: string, path: string, body: unknown): Promise<unknown> {
    const reply = await fetch(`${backend.url}${path}`, {
      method,
      headers: { cookie: api.cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
    return reply.status === 204 ? null : await reply.json();
  }

  async function setUp(index: number, made: { id: number; tokenFile: string }): Promise<Post> {
    const namespace = createNamespace('agent');
    const { here } = cableToHere(namespace, 'uplink');
    const device = await startNode(
      'counting-device',
      'test/harness/counting-device-main.ts',
      [String(devicePort), String(countsFrom[index])],
      { prefix: namespace.prefix },
    );
    running.push(device);
    const url = `http://${here}:${new URL(backend.url).port}`;
    const dataDir = mkdtempSync(join(tmpdir(), 'rackhaus-agent-'));
    const start = async () => {
      const agent = await startAgent(
        { url, agentTokenFile: made.tokenFile },
        dataDir,
        { TRAP_PORT: '0' },
        namespace.prefix,
      );
      running.push(agent);
      return agent;
    };
    return { namespace, device, start, id: made.id };
  }

  beforeAll(async () => {
    backend = await startOwnBackend(inventoryOfSwitch({ port: devicePort, intervalSeconds }), {
      HOST: '0.0.0.0',
    });
    api = await createApi(backend);
    deviceId = deviceOf(await api.room(roomName), switchName).id;
    const local = (await api.get('/api/agents', AgentList)).agents[0]?.id ?? 0;
    first = await setUp(0, { id: local, tokenFile: backend.agentTokenFile });
    const made = CreatedAgent.parse(await send('POST', '/api/agents', { name: 'Schule' }));
    const tokenFile = join(mkdtempSync(join(tmpdir(), 'rackhaus-token-')), 'token');
    writeFileSync(tokenFile, made.token, { mode: 0o600 });
    second = await setUp(1, { id: made.id, tokenFile });
    await send('PATCH', `/api/agents/${first.id}`, { standbyAgentId: second.id });
  }, 60_000);

  afterAll(async () => {
    for (const each of running.reverse()) await each.stop();
    await backend?.stop();
    first?.namespace.remove();
    second?.namespace.remove();
  });

  const polledBy = async () =>
    (await api.get(`/api/devices/${deviceId}/polling`, DevicePolling)).polled?.agentId ?? null;

  /** Everything that is stored since then, each value once, in the order of time. */
  async function stored(from: number): Promise<Stored[]> {
    const reply = await api.series({
      device: deviceId,
      kind: 'device',
      metrics: 'load',
      from,
      to: Date.now() + 1000,
    });
    const seen = new Map<number, Stored>();
    for (const [index] of (reply.series[0]?.mean ?? []).entries())
      for (const load of [reply.series[0]?.min[index], reply.series[0]?.max[index]]) {
        if (load === null || load === undefined) continue;
        const count = Math.round(load * 100);
        const by = count >= (countsFrom[1] ?? 0) ? second.id : first.id;
        if (!seen.has(count)) seen.set(count, { time: reply.start + index * reply.step, count, by });
      }
    return [...seen.values()];
  }

  const storedBy = (id: number, from: number, timeoutMs: number) =>
    until(
      `a value read by agent ${id}`,
      async () => ((await stored(from)).some(({ by }) => by === id) ? true : undefined),
      timeoutMs,
    );
  const inHandsOf = (id: number, timeoutMs: number) =>
    until(
      `the device with agent ${id}`,
      async () => ((await polledBy()) === id ? true : undefined),
      timeoutMs,
    );

  /** Who read, in turns: by each agent from one value to another. */
  function turns(values: readonly Stored[]): { by: number; counts: number[] }[] {
    const found: { by: number; counts: number[] }[] = [];
    for (const { by, count } of values) {
      const last = found.at(-1);
      if (last?.by === by) last.counts.push(count);
      else found.push({ by, counts: [count] });
    }
    return found;
  }

  function longestGap(values: readonly Stored[]): number {
    return Math.max(...values.slice(1).map(({ time }, index) => time - (values[index]?.time ?? time)));
  }

  it('hands over within 30 s when the link is cut and gives back when it is there: nothing lost, nothing twice', async () => {
    await Promise.all([first.start(), second.start()]);
    await storedBy(first.id, Date.now() - 60_000, 30_000);
    const begun = Date.now();
    await storedBy(first.id, begun, 10_000);

    first.namespace.ip('link', 'set', 'uplink', 'down');
    const cut = Date.now();
    await storedBy(second.id, begun, 30_000);
    expect(Date.now() - cut).toBeLessThan(30_000);
    expect(await polledBy()).toBe(second.id);
    // Both go on reading for a while; only one of them counts.
    await until('more from the standby', async () =>
      (await stored(begun)).filter(({ by }) => by === second.id).length >= 3 ? true : undefined,
    );

    first.namespace.ip('link', 'set', 'uplink', 'up');
    await inHandsOf(first.id, 60_000);
    const back = Date.now();
    await storedBy(first.id, back, 20_000);
    // The backlog of the time before it was cut off comes beside what is new.
    const gapless = ({ counts }: { counts: number[] }) =>
      counts.every((count, index) => index === 0 || count === (counts[index - 1] ?? 0) + 1);
    const all = await until('the backlog', async () => {
      const values = await stored(begun);
      return turns(values).every(gapless) ? values : undefined;
    });
    expect(turns(all).map(({ by }) => by)).toEqual([first.id, second.id, first.id]);
    expect(longestGap(all)).toBeLessThanOrEqual(longestGapMs);
    const [before] = turns(all);
    // It had read on after the cut until the other took over, some 12 s later: that was taken in.
    const readAfterCut = all.filter(({ by, time }) => by === first.id && time > cut && time < back - 10_000);
    expect(readAfterCut.length).toBeGreaterThanOrEqual(4);
    expect(before?.counts.length).toBeGreaterThan(readAfterCut.length);
  }, 180_000);

  it('hands over when the agent is killed, and gives back when it has been started again', async () => {
    const begun = Date.now();
    await storedBy(first.id, begun, 20_000);
    const agent = running.find((each) => each.readyLine === 'ready agent local');
    await agent?.stop('SIGKILL');
    const killed = Date.now();
    await storedBy(second.id, begun, 30_000);
    expect(Date.now() - killed).toBeLessThan(30_000);
    await first.start();
    // It was stood in for a moment ago already: it has to be well for longer.
    await inHandsOf(first.id, 120_000);
    await storedBy(first.id, Date.now(), 20_000);
    const all = await stored(begun);
    expect(turns(all).map(({ by }) => by)).toEqual([first.id, second.id, first.id]);
    expect(longestGap(all)).toBeLessThanOrEqual(longestGapMs);
  }, 240_000);
});
