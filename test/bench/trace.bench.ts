import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { loadGraphAround, openDatabase, tracePort } from '@rackhaus/backend/trace';
import { type Figure, percentile } from './figure.ts';
import { circuit, fillPlant, peerQuery, portCount, stepsPerCircuit } from './trace-plant.ts';

const circuits = 600;
/** The least of these is what the work costs: the rest is what else the machine did meanwhile. The first one warms up. */
const rounds = 8;

/**
 * What a trace costs among a million ports: nine steps through panels and trunks of 24 lanes, from the query to the path, with the
 * file in memory. In the same run: the query that a peer needs for it.
 */
export async function run(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-trace-'));
  try {
    const file = join(folder, 'plant.db');
    await (await openDatabase(file)).destroy();
    fillPlant(file);
    const db = await openDatabase(file);
    const peer = new DatabaseSync(file, { readOnly: true });
    const query = peer.prepare(peerQuery);
    const costs = new Array<number>(circuits).fill(Number.POSITIVE_INFINITY);
    const peerCosts = [...costs];
    for (let round = 0; round < rounds; round++)
      for (let n = 0; n < circuits; n++) {
        const { from, to } = circuit(n * 7919);
        const began = performance.now();
        const path = tracePort(await loadGraphAround(db, [from]), from);
        const done = performance.now();
        const rows = query.all(from);
        const peerDone = performance.now();
        if (path.edges.length !== stepsPerCircuit || path.nodes.at(-1)?.portId !== to)
          throw new Error(`port ${from} of ${portCount}: traced to ${path.nodes.at(-1)?.portId}, not ${to}`);
        if (rows.length !== stepsPerCircuit + 1 || rows.at(-1)?.id !== to)
          throw new Error(`the peer told ${JSON.stringify(rows)} of port ${from}`);
        if (round === 0) continue;
        costs[n] = Math.min(costs[n] ?? 0, done - began);
        peerCosts[n] = Math.min(peerCosts[n] ?? 0, peerDone - done);
      }
    peer.close();
    await db.destroy();
    return [
      {
        name: 'trace-p99',
        value: percentile(costs, 0.99),
        unit: 'ms',
        atMost: 0.2,
        peer: { name: 'recursive-query', value: percentile(peerCosts, 0.99) },
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
