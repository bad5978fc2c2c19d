import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { SimulatorState } from '@rackhaus/config/contract';
import { z } from 'zod';
import { type Api, createApi } from '../harness/api.ts';
import { memoryOf } from '../harness/cpu.ts';
import type { StartedProcess } from '../harness/process.ts';
import { startTown } from '../harness/town.ts';
import { type Figure, median } from './figure.ts';

/**
 * An hour of the sample town hall, whose devices are asked ten times as often as usual, while faults come and go at random:
 * mains cut, cables pulled, devices dead, rooms hot, disks full, doors open, water. The memory of each process must stay, and
 * no log may hold an error: what is wrong in the town is no error of Rackhaus. `SOAK_MINUTES` makes it shorter.
 */
const minutes = z.coerce
  .number()
  .min(2)
  .max(600)
  .parse(process.env.SOAK_MINUTES ?? '60');
const faster = 10;
const faultEveryMs = 5000;
const mostFaults = 6;
const sampleEveryMs = 5000;
/** Share of the time in which caches fill: what is used afterwards must stay. */
const warmUp = 0.25;
const mostGrowthPercent = 10;

export async function run(): Promise<readonly Figure[]> {
  const town = await startTown({}, askOften);
  const parts = { backend: town.backend, agent: town.agent, simulator: town.simulator };
  const errors = new Map(Object.entries(parts).map(([name, part]) => [name, watchLog(part)]));
  const memory = new Map(Object.keys(parts).map((name) => [name, [] as number[]]));
  try {
    const api = await createApi(town.backend);
    const end = performance.now() + minutes * 60_000;
    let played = 0;
    let nextFault = 0;
    while (performance.now() < end) {
      for (const [name, { child }] of Object.entries(parts)) memory.get(name)?.push(memoryOf(child.pid ?? 0));
      if (performance.now() >= nextFault) {
        nextFault = performance.now() + faultEveryMs;
        if (await playOne(town.backend.url, api)) played++;
      }
      await wait(sampleEveryMs);
    }
    process.stderr.write(`soak: ${minutes} minutes, ${played} faults\n`);
    for (const [name, lines] of errors)
      for (const line of lines()) process.stderr.write(`${name}: ${line}\n`);
    return [
      ...Array.from(memory, ([name, samples]): Figure => {
        const { growth, megabytes } = growthOf(samples);
        process.stderr.write(`soak: ${name} ${megabytes.toFixed(0)} MB\n`);
        return { name: `soak-memory-${name}`, value: growth, unit: '%', atMost: mostGrowthPercent };
      }),
      {
        name: 'soak-errors',
        value: [...errors.values()].reduce((sum, lines) => sum + lines().length, 0),
        unit: 'lines',
        atMost: 0,
      },
    ];
  } finally {
    await town.stop();
  }
}

/** More often than people may set it in the interface. */
function askOften(dataDir: string): void {
  const db = new DatabaseSync(join(dataDir, 'rackhaus.sqlite'));
  db.prepare('UPDATE device_monitoring SET interval_seconds = max(0.5, interval_seconds / ?)').run(faster);
  db.close();
}

/** Plays one fault that is offered, or undoes one when there are many. @returns whether one was played */
async function playOne(url: string, api: Api): Promise<boolean> {
  const state = await api.get('/api/simulator', SimulatorState);
  const headers = { cookie: api.cookie, origin: url, 'content-type': 'application/json' };
  if (state.faults.length >= mostFaults || (state.faults.length > 0 && Math.random() < 0.4)) {
    const { id } = oneOf(state.faults);
    const reply = await fetch(`${url}/api/simulator/faults/${id}`, { method: 'DELETE', headers });
    if (!reply.ok && reply.status !== 409) throw new Error(`undo: ${reply.status} ${await reply.text()}`);
    return false;
  }
  const offer = oneOf(state.offers.filter(({ targets }) => targets.length > 0));
  const { target } = oneOf(offer.targets);
  const reply = await fetch(`${url}/api/simulator/faults`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ kind: offer.kind, target }),
  });
  // What another fault forbids, such as a cable in a port that is taken, is refused.
  if (!reply.ok && reply.status !== 409) throw new Error(`fault: ${reply.status} ${await reply.text()}`);
  return reply.ok;
}

function oneOf<T>(items: readonly T[]): T {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
}

/** By how many percent the median of the last quarter is above that of the first one after the warm-up. */
function growthOf(samples: readonly number[]): { growth: number; megabytes: number } {
  const settled = samples.slice(Math.floor(samples.length * warmUp));
  const quarter = Math.ceil(settled.length / 4);
  const [before, after] = [median(settled.slice(0, quarter)), median(settled.slice(-quarter))];
  return { growth: (after / before - 1) * 100, megabytes: after / 1e6 };
}

/** The lines of its output at level error (50) and above. Source: pino's levels. */
function watchLog({ logFile }: StartedProcess): () => string[] {
  const Line = z.object({ level: z.number() });
  return () =>
    readFileSync(logFile, 'utf8')
      .split('\n')
      .filter((line) => {
        if (!line.startsWith('{')) return false;
        const parsed = Line.safeParse(JSON.parse(line));
        return parsed.success && parsed.data.level >= 50;
      });
}
