import { readFileSync } from 'node:fs';
import { BatchReply, SearchReply } from '@rackhaus/config/contract';
import { type RunningBackend, signIn, startBackend } from '../harness/backend.ts';
import { type Figure, percentile } from './figure.ts';

const devices = 20_800;
const portsPerDevice = 48;
const perBatch = 2000;
const perKind = 60;

/**
 * What one search costs the server among a million ports: part of a device's name as it is being typed, a port of a device,
 * a MAC address, an IP address, a serial number, a label, and words that are not there. CPU time of the server's main thread,
 * from the request to the reply.
 */
export async function run(): Promise<readonly Figure[]> {
  const backend = await startBackend({ RACKHAUS_LOG_LEVEL: 'error' });
  try {
    const cookie = await signIn(backend);
    await fill(backend, cookie);
    const find = async (query: string): Promise<number> => {
      const before = mainThreadMs(backend);
      const reply = await fetch(`${backend.url}/api/search?q=${encodeURIComponent(query)}`, {
        headers: { cookie },
      });
      const { results } = SearchReply.parse(await reply.json());
      const cost = mainThreadMs(backend) - before;
      if (results.length === 0 && !query.startsWith('zz')) throw new Error(`"${query}" was not found`);
      return cost;
    };
    const queries = Array.from({ length: perKind }, (_, n) => wordsOf((n * 347 + 11) % devices)).flat();
    for (const query of queries.slice(0, 20)) await find(query);
    const costs: number[] = [];
    for (const query of queries) costs.push(await find(query));
    return [{ name: 'search-p99', value: percentile(costs, 0.99), unit: 'ms', atMost: 30 }];
  } finally {
    await backend.stop();
  }
}

const nameOf = (n: number) => `acc-${String(n).padStart(5, '0')}`;
const serialOf = (n: number) => `SG${(n * 7919).toString(36).toUpperCase().padStart(7, '0')}`;
const addressOf = (n: number) => `10.${100 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;

/** What somebody types who looks for the n-th device, letter by letter as far as it matters. */
function wordsOf(n: number): string[] {
  return [
    'acc',
    nameOf(n).slice(0, 6),
    nameOf(n),
    nameOf(n).slice(5),
    `${nameOf(n)} ${1 + (n % portsPerDevice)}`,
    String(1 + (n % portsPerDevice)),
    serialOf(n).slice(0, 5),
    serialOf(n),
    addressOf(n),
    'schrank',
    'zz nowhere',
  ];
}

async function fill(backend: RunningBackend, cookie: string): Promise<void> {
  const batch = async (operations: readonly object[]) => {
    const reply = await fetch(`${backend.url}/api/inventory/batch`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', origin: backend.url },
      body: JSON.stringify({ operations }),
    });
    if (!reply.ok) throw new Error(`batch: ${reply.status} ${await reply.text()}`);
    return BatchReply.parse(await reply.json()).ids;
  };
  const [typeId] = await batch([
    {
      op: 'create',
      kind: 'device-type',
      values: {
        definition: {
          manufacturer: 'Test',
          model: 'Switch 48',
          slug: 'test-switch-48',
          u_height: 0,
          interfaces: Array.from({ length: portsPerDevice }, (_, n) => ({
            name: String(n + 1),
            type: '1000base-t',
          })),
        },
      },
    },
  ]);
  for (let start = 0; start < devices; start += perBatch)
    await batch(
      Array.from({ length: Math.min(perBatch, devices - start) }, (_, index) => {
        const n = start + index;
        return [
          {
            op: 'create',
            kind: 'device',
            key: `d${n}`,
            values: { name: nameOf(n), typeId, role: 'switch', serial: serialOf(n) },
          },
          { op: 'create', kind: 'address', values: { address: addressOf(n), deviceId: `#d${n}` } },
        ];
      })
        .flat()
        .toSorted((a, b) => (a.kind === b.kind ? 0 : a.kind === 'device' ? -1 : 1)),
    );
}

/** CPU time of the main thread so far. Source: proc(5), /proc/PID/task/TID/schedstat, first field, nanoseconds. */
function mainThreadMs(backend: RunningBackend): number {
  const pid = backend.child.pid ?? 0;
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}
