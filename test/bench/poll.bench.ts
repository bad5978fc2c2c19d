import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { z } from 'zod';
import { agentFlags } from '../harness/agent.ts';
import { cpuOf } from '../harness/cpu.ts';
import { addPorts, createNamespace, type Namespace } from '../harness/namespace.ts';
import { startSnmpExporter } from '../harness/snmp-exporter.ts';
import { startSnmpd } from '../harness/snmpd.ts';
import { type Figure, median } from './figure.ts';

const rounds = 7;
const warmUpRounds = 40;
const pollsPerRound = 40;
const v3User = { name: 'rackhaus', authKey: 'bench-auth-key', privKey: 'bench-priv-key' };

/**
 * CPU per complete poll of a 48-port switch, wire to outbox, against Prometheus' snmp_exporter in the same run. The switch
 * is a real snmpd in a network namespace with 24 veth pairs; both clients run in that namespace, in turns.
 */
export async function run(): Promise<readonly Figure[]> {
  const namespace = createNamespace('poll');
  try {
    addPorts(namespace, 48);
    const snmpd = await startSnmpd({ port: 1161, namespace, v3User, asSwitch: true });
    const exporter = await startSnmpExporter({
      port: 9116,
      namespace,
      v3User,
      fetchText: async (url) => (await inside(namespace, 'curl', '-sf', url)).stdout,
    });
    const exporterPid = exporter.child.pid;
    if (exporterPid === undefined) throw new Error('snmp_exporter has no process id');
    const poller2 = await startPoller(namespace, '2c');
    const poller3 = await startPoller(namespace, '3');
    try {
      const scrape = async (module: 'columns' | 'tables' | 'columns-v3') => {
        const before = cpuOf(exporterPid);
        for (let n = 0; n < pollsPerRound; n++) await exporter.scrape(module, '127.0.0.1:1161');
        return (cpuOf(exporterPid) - before) / pollsPerRound;
      };
      const ours2: number[] = [];
      const ours3: number[] = [];
      const columns: number[] = [];
      const tables: number[] = [];
      const columns3: number[] = [];
      // An agent polls for months: what its first thousand polls cost the compiler is not what a poll costs. (The peer was compiled
      // before it started.)
      for (let round = 0; round < warmUpRounds; round++)
        await Promise.all([poller2.round(), poller3.round()]);
      // One round to warm up the peer, then turns, so that a noisy moment hits all alike.
      for (let round = 0; round <= rounds; round++) {
        const figures = [
          await poller2.round(),
          await poller3.round(),
          await scrape('columns'),
          await scrape('tables'),
          await scrape('columns-v3'),
        ];
        if (round === 0) continue;
        for (const [index, list] of [ours2, ours3, columns, tables, columns3].entries())
          list.push(figures[index] ?? Number.NaN);
      }
      return [
        figure('poll', median(ours2), median(columns), 1 / 6, 'snmp_exporter-same-columns'),
        figure('poll-whole-tables', median(ours2), median(tables), 1 / 10, 'snmp_exporter-whole-tables'),
        figure('poll-v3', median(ours3), median(columns3), 1 / 3, 'snmp_exporter-v3-same-columns'),
      ];
    } finally {
      await Promise.all([poller2.stop(), poller3.stop(), exporter.stop(), snmpd.stop()]);
    }
  } finally {
    namespace.remove();
  }
}

function figure(name: string, ours: number, peer: number, share: number, peerName: string): Figure {
  return { name, value: ours, unit: 'ms-cpu', atMost: peer * share, peer: { name: peerName, value: peer } };
}

function inside(namespace: Namespace, ...command: string[]): Promise<{ stdout: string }> {
  const [program, ...args] = [...namespace.prefix, ...command];
  return promisify(execFile)(program ?? 'ip', args, { encoding: 'utf8', maxBuffer: 1e8 });
}

const Round = z.object({ cpuMs: z.number(), ports: z.number().min(48) });

/** A process in the namespace that polls with the agent's own code and tells the CPU it used for a round. */
async function startPoller(
  namespace: Namespace,
  version: '2c' | '3',
): Promise<{ round(): Promise<number>; stop(): Promise<void> }> {
  const script = join(import.meta.dirname, 'poll-worker.ts');
  const [program, ...args] = [
    ...namespace.prefix,
    process.execPath,
    ...agentFlags(),
    script,
    version,
    String(pollsPerRound),
    JSON.stringify(v3User),
  ];
  const child = spawn(program ?? 'ip', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async round() {
      child.stdin.write('round\n');
      const line = await lines.next();
      if (line.done) throw new Error('the poller ended');
      return Round.parse(JSON.parse(line.value)).cpuMs;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.stdin.end();
      }),
  };
}
