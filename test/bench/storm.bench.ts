import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type District, stormDistrict } from '@rackhaus/backend/alerting-testing';
import { z } from 'zod';
import { type Figure, percentile } from './figure.ts';

const devices = 20_000;
const storms = 6;
const calmMs = 40_000;
/** After it, a fault that comes again is another incident. */
const forgottenMs = 6 * 60_000;
const patienceMs = 60_000;

/**
 * The core switch of a district dies: 20,000 devices cannot be reached at once. How long it takes until the one page about it is
 * written, the check of the core included, and how much memory is left behind by each storm.
 */
export async function run(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-storm-'));
  const district = await stormDistrict({ file: join(folder, 'rackhaus.db'), devices });
  try {
    const seconds: number[] = [];
    const heaps: number[] = [];
    let pages = 0;
    for (let storm = 0; storm < storms; storm++) {
      const before = await opened(district);
      const started = performance.now();
      await district.core(false);
      await until(async () => (await opened(district)) > before);
      seconds.push((performance.now() - started) / 1000);
      await district.passes(20_000);
      if (district.affected() !== district.behind)
        throw new Error(`${district.affected()} devices are shown as affected, not ${district.behind}`);
      await district.core(true);
      await district.passes(0);
      await district.passes(calmMs);
      await until(async () => district.affected() === 0);
      await district.passes(forgottenMs);
      pages = Math.max(pages, (await opened(district)) - before);
      heaps.push(heapBytes());
    }
    // The first storms warm up what is compiled and prepared.
    const growth = ((heaps.at(-1) ?? 0) - (heaps[1] ?? 0)) / (storms - 2) / 1e6;
    return [
      { name: 'storm', value: percentile(seconds, 1), unit: 's', atMost: 10 },
      { name: 'storm-pages', value: pages, unit: 'pages', atMost: 1 },
      { name: 'storm-memory', value: growth, unit: 'MB-per-storm', atMost: 1 },
    ];
  } finally {
    await district.stop();
    await rm(folder, { recursive: true });
  }
}

async function opened(district: District): Promise<number> {
  return (await district.notices()).filter(({ kind }) => kind === 'opened').length;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it took too long');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage = z
  .custom<() => void>((value) => typeof value === 'function')
  .parse(runInNewContext('gc'));

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
