import { spawn } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { prepareChain } from '@rackhaus/backend/chain-testing';
import { z } from 'zod';
import type { Figure } from './figure.ts';

/**
 * Engine, planner and queue on a real database are killed (-9) at random moments, 500 times, while devices break and are mended
 * and three channels fail at random: refuse, hang up before or after they have taken the message. At the end each channel must
 * have been told the beginning and the end of every fault, in that order, repeats with the same key.
 */
const kills = 500;
const lanes = 2;
const channels = ['/a', '/b', '/c'];
const brokenAtOnce = 20;
const quietMs = 780_000;
const longLifeEvery = 50;
const longLifeMs = 120_000;

const Body = z.object({ key: z.string(), notice: z.string(), title: z.string() });

interface Told {
  readonly keys: Set<string>;
  times: number;
}

export async function run(): Promise<Figure[]> {
  const results = await Promise.all(Array.from({ length: lanes }, () => runLane(Math.ceil(kills / lanes))));
  const sum = (key: keyof (typeof results)[number]) => results.reduce((total, one) => total + one[key], 0);
  process.stderr.write(
    `no-loss: ${sum('killed')} kills, ${sum('faults')} faults, ${sum('messages')} messages, ${sum('repeated')} of them repeats\n`,
  );
  return [
    { name: 'no-loss', value: sum('lost'), unit: 'lost', atMost: 0 },
    { name: 'no-loss-other-key', value: sum('otherKey'), unit: 'repeats', atMost: 0 },
    { name: 'no-loss-order', value: sum('outOfOrder'), unit: 'before their beginning', atMost: 0 },
    { name: 'no-loss-kills', value: sum('killed'), unit: 'kills', atLeast: kills },
  ];
}

async function runLane(times: number) {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-no-loss-'));
  const told = new Map<string, Told>();
  let outOfOrder = 0;
  let messages = 0;
  let ends = 0;
  let failing = true;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const chance = failing ? Math.random() : 1;
    if (chance < 0.1) return void request.socket.destroy();
    if (chance < 0.2) return void response.writeHead(503).end();
    const { key, notice, title } = Body.parse(JSON.parse(Buffer.concat(parts).toString()));
    messages++;
    const about = `${request.url} ${title} ${notice}`;
    const known = told.get(about) ?? { keys: new Set(), times: 0 };
    if (notice === 'resolved') ends++;
    if (notice === 'resolved' && !told.has(`${request.url} ${title} opened`)) outOfOrder++;
    known.keys.add(key);
    known.times++;
    told.set(about, known);
    // Taken, and nobody gets to know: the same comes again.
    if (chance < 0.3) return void request.socket.destroy();
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await prepareChain(
    folder,
    channels.map((path) => `http://127.0.0.1:${port}${path}`),
  );

  let faults = 0;
  const broken = new Set<number>();
  const titleOf = (id: number) => `d${id}: fan-failed fan`;
  const isTold = (id: number, notice: string) =>
    channels.every((path) => told.has(`${path} ${titleOf(id)} ${notice}`));
  /** Devices break at any time, and are mended some time after all were told. */
  const world = async (mayBreak: boolean) => {
    for (const id of [...broken]) if (isTold(id, 'opened')) broken.delete(id);
    while (mayBreak && broken.size < brokenAtOnce) broken.add(++faults);
    const file = join(folder, 'world.json');
    await writeFile(`${file}.new`, JSON.stringify([...broken]));
    await rename(`${file}.new`, file);
  };
  const start = async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'no-loss-process.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const running = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
    await Promise.race([running, gone]);
    return { child, gone };
  };

  await world(true);
  let killed = 0;
  for (; killed < times; killed++) {
    const { child, gone } = await start();
    await world(true);
    // An end is believed some time after a start only: some live until the first is told, and die among the others.
    if (killed % longLifeEvery === longLifeEvery - 1) {
      const before = ends;
      const until = performance.now() + longLifeMs;
      while (ends === before && performance.now() < until) {
        await world(true);
        await wait(20);
      }
    }
    await wait(Math.random() * 1200);
    child.kill('SIGKILL');
    await gone;
  }
  // Now all is well: what waits has to come.
  failing = false;
  const { child, gone } = await start();
  let [toldBefore, stillSince] = [-1, performance.now()];
  const all = () => Array.from({ length: faults }, (_, i) => i + 1);
  const missing = () =>
    all().flatMap((id) =>
      channels.flatMap((path) =>
        ['opened', 'resolved'].filter((notice) => !told.has(`${path} ${titleOf(id)} ${notice}`)),
      ),
    ).length;
  // Lost is what does not come although nothing has come for long: longer than the longest delay between two attempts.
  while (missing() > 0 && performance.now() - stillSince < quietMs) {
    await world(false);
    if (messages > toldBefore) [toldBefore, stillSince] = [messages, performance.now()];
    await wait(50);
  }
  child.kill('SIGKILL');
  await gone;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
  const each = [...told.values()];
  return {
    killed,
    faults,
    messages,
    lost: missing(),
    outOfOrder,
    otherKey: each.filter(({ keys }) => keys.size > 1).length,
    repeated: each.reduce((total, one) => total + one.times - 1, 0),
  };
}
