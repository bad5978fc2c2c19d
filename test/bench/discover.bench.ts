import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DiscoveryRun, DiscoveryRuns, FoundReply, ScanMade } from '@rackhaus/config/contract';
import { startAgent } from '../harness/agent.ts';
import { createApi } from '../harness/api.ts';
import { startOwnBackend } from '../harness/backend.ts';
import { cpuOf, cpuOfEndedChildren } from '../harness/cpu.ts';
import { startFoundDevices } from '../harness/found-devices.ts';
import { inventoryOfSwitch } from '../harness/inventory.ts';
import { createNamespace } from '../harness/namespace.ts';
import { until } from '../harness/process.ts';
import type { Figure } from './figure.ts';

const devices = 300;
const port = 161;
/** RFC 2544: 198.18.0.0/15 is for tests. */
const network = '198.19.252.0/22';
const here = '198.19.252.1';

/** The nth device: every third address of the network, so that devices and silence are mixed. */
function addressOf(device: number): string {
  const host = 2 + device * 3;
  return `198.19.${252 + (host >> 8)}.${host & 0xff}`;
}

/**
 * A /22 behind a cable with 300 devices that answer ping and SNMP mixed with 700 addresses where nobody is: how long
 * one agent takes at the polite pace that a new scan has until all are found and recognised, and how much of one processor its process
 * and its pings use meanwhile.
 */
export async function run(): Promise<readonly Figure[]> {
  const namespace = createNamespace('discover');
  const end = `rhd${process.pid}`.slice(0, 15);
  const stops: (() => Promise<void> | void)[] = [() => namespace.remove()];
  try {
    const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    ip('link', 'add', end, 'type', 'veth', 'peer', 'name', 'net', 'netns', namespace.name);
    ip('address', 'add', `${here}/22`, 'dev', end);
    ip('link', 'set', end, 'up');
    const addresses = Array.from({ length: devices }, (_, device) => addressOf(device));
    for (const address of addresses) namespace.ip('address', 'add', `${address}/22`, 'dev', 'net');
    namespace.ip('link', 'set', 'net', 'up');
    const found = await startFoundDevices({ addresses, port, latencyMs: 5, prefix: namespace.prefix });
    stops.push(() => found.stop());
    const backend = await startOwnBackend(inventoryOfSwitch({ port: 1, intervalSeconds: 60 }));
    stops.push(() => backend.stop());
    const agent = await startAgent(backend, mkdtempSync(join(tmpdir(), 'rackhaus-discover-')));
    stops.push(() => agent.stop());
    const api = await createApi(backend);
    const post = async (path: string, body?: unknown) => {
      const reply = await fetch(`${backend.url}${path}`, {
        method: 'POST',
        headers: { cookie: api.cookie, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
      return ScanMade.parse(await reply.json()).id;
    };
    const scan = await post('/api/discovery/scans', {
      name: 'bench',
      networks: [network],
      credentialIds: [1],
    });
    const pid = agent.child.pid ?? 0;
    const cpuBefore = cpuWithChildren(pid);
    const began = performance.now();
    const id = await post(`/api/discovery/scans/${scan}/run`);
    const over = await until(
      'the run to end',
      async () => {
        const { runs } = await api.get('/api/discovery/runs', DiscoveryRuns);
        const run: DiscoveryRun | undefined = runs.find((each) => each.id === id);
        return run === undefined || run.state === 'waiting' || run.state === 'running' ? undefined : run;
      },
      180_000,
    );
    const seconds = (performance.now() - began) / 1000;
    const cpu = (cpuWithChildren(pid) - cpuBefore) / 1000;
    if (over.state !== 'done') throw new Error(`the run ended ${over.state}: ${over.problem}`);
    const recognised = await recognisedOf(api);
    return [
      { name: 'discover', value: seconds, unit: 's', atMost: 60 },
      { name: 'discover-cpu', value: cpu / seconds, unit: 'ratio', atMost: 0.3 },
      { name: 'discover-recognised', value: recognised, unit: 'devices', atLeast: devices },
    ];
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** Devices of the list that say vendor, model and serial number, and would be polled with the right name. */
async function recognisedOf(api: Awaited<ReturnType<typeof createApi>>): Promise<number> {
  let count = 0;
  for (let page = 1; page <= 4; page++) {
    const { found } = await api.get(`/api/discovery/found?state=new&size=100&page=${page}`, FoundReply);
    for (const { identity } of found)
      if (
        identity !== null &&
        identity.vendor !== null &&
        identity.model !== null &&
        identity.serial !== null &&
        identity.name?.startsWith('unknown-') === true
      )
        count++;
  }
  return count;
}

/** Of a process and of those that it has started and that have ended (its pings), ms. */
function cpuWithChildren(pid: number): number {
  return cpuOf(pid) + cpuOfEndedChildren(pid);
}
