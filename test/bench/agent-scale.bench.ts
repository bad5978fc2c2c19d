import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { startAgent } from '../harness/agent.ts';
import { cpuOf, mainThreadWaitedMs, memoryOf } from '../harness/cpu.ts';
import { freePort, startNode } from '../harness/process.ts';
import { startSwitchFleet } from '../harness/switch-fleet.ts';
import { type Figure, median } from './figure.ts';

/**
 * Ten thousand simulated 48-port switches, polled every 60 s by one real agent process with its outbox, which delivers to a
 * sink over HTTP: ten rounds with all well, then five with one of a hundred silent and one slow. A poll is late that began over
 * a second after its turn, as the times of the readings tell. Without ICMP. `AGENT_SCALE_DEVICES`, `AGENT_SCALE_ROUNDS` and
 * `AGENT_SCALE_WARM_UP` make it shorter.
 */
const setting = (name: string, usual: number) =>
  z.coerce
    .number()
    .positive()
    .parse(process.env[name] ?? usual);
const devices = setting('AGENT_SCALE_DEVICES', 10_000);
const rounds = setting('AGENT_SCALE_ROUNDS', 10);
/** All are found, known, and their answers have grown to their size. */
const warmUpRounds = setting('AGENT_SCALE_WARM_UP', 5);
const intervalSeconds = 60;
const mostCpuPercent = 60;
const mostGrowthPercent = 5;
const sampleEveryMs = 5000;

const Sums = z.object({
  polls: z.number(),
  late: z.number(),
  missing: z.number(),
  worstMs: z.number(),
  unreachable: z.number(),
  batches: z.number(),
  bytes: z.number(),
  lines: z.number(),
  ownLate: z.number(),
});
type Sums = z.infer<typeof Sums>;

export async function run(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-scale-'));
  const agentTokenFile = join(folder, 'token');
  writeFileSync(agentTokenFile, 'agent-scale-token\n');
  const port = await freePort();
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const fleet = await startSwitchFleet({ count: devices, port });
    stops.push(() => fleet.stop());
    const sink = await startNode('scale-sink', 'test/bench/agent-scale-sink.ts', [
      String(devices),
      String(port),
      String(intervalSeconds),
    ]);
    stops.push(() => sink.stop());
    const url = `http://127.0.0.1:${sink.readyLine.split(' ')[1]}`;
    const agent = await startAgent({ url, agentTokenFile }, join(folder, 'data'));
    stops.push(() => agent.stop());
    const pid = agent.child.pid ?? 0;
    const sums = async () => Sums.parse(await (await fetch(`${url}/figures`)).json());

    const measure = async (name: string, lasts: number) => {
      const memory: number[] = [];
      const cpuBefore = cpuOf(pid);
      const waitedBefore = mainThreadWaitedMs(pid);
      const from = performance.now();
      const end = from + lasts * intervalSeconds * 1000;
      while (performance.now() < end) {
        await wait(Math.min(sampleEveryMs, end - performance.now()));
        memory.push(memoryOf(pid));
      }
      const cpu = (100 * (cpuOf(pid) - cpuBefore)) / (performance.now() - from);
      // On a machine that others use as well, what is late may be late because of them.
      const waited = (100 * (mainThreadWaitedMs(pid) - waitedBefore)) / (performance.now() - from);
      const result = { ...(await sums()), cpu, memory, waitedPercent: Math.round(waited) };
      say(name, result);
      return result;
    };

    await measure('warm-up', warmUpRounds);
    const well = await measure('all well', rounds);
    fleet.child.kill('SIGUSR2');
    await measure('faults begin', 1);
    const faulty = await measure('silent and slow ones', Math.max(1, rounds / 2));
    return [
      { name: 'agent-scale-cpu', value: well.cpu, unit: '%', atMost: mostCpuPercent },
      { name: 'agent-scale-late', value: lateOf(well), unit: 'polls', atMost: 0 },
      {
        name: 'agent-scale-memory-growth',
        value: growthOf(well.memory),
        unit: '%',
        atMost: mostGrowthPercent,
      },
      { name: 'agent-scale-faults-cpu', value: faulty.cpu, unit: '%', atMost: mostCpuPercent },
      { name: 'agent-scale-faults-late', value: lateOf(faulty), unit: 'polls', atMost: 0 },
    ];
  } finally {
    for (const stop of stops.reverse()) await stop();
    rmSync(folder, { recursive: true });
  }
}

/** Polls that began late, did not come, or of which the device would have answered and was not heard. */
function lateOf({ late, missing, unreachable, polls }: Sums): number {
  return polls === 0 ? Number.NaN : late + missing + unreachable;
}

function growthOf(memory: readonly number[]): number {
  const quarter = Math.max(1, Math.floor(memory.length / 4));
  return 100 * (median(memory.slice(-quarter)) / median(memory.slice(0, quarter)) - 1);
}

function say(
  name: string,
  {
    memory,
    cpu,
    ...sums
  }: Sums & { readonly memory: number[]; readonly cpu: number; readonly waitedPercent: number },
): void {
  const megabytes = (median(memory) / 1e6).toFixed(0);
  process.stderr.write(
    `agent-scale: ${name}: ${cpu.toFixed(1)} % CPU, ${megabytes} MB, ${JSON.stringify(sums)}\n`,
  );
}
