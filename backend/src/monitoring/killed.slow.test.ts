import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { agentHeaders, formatLines, type Reading } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../measurements/index.ts';

const kills = 60;
const entities = 20;
const start = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;

/** Every batch has a time of its own, so that each reading can be told from all others. */
function batch(sequence: number): Reading[] {
  return Array.from({ length: entities }, (_, port) => ({
    deviceId: 1 + (port % 2),
    kind: 'port',
    entity: `1/1/${port}`,
    time: start + sequence * 10,
    values: { oper: 1, rx: sequence * 100 + port },
  }));
}

describe('a backend that is killed at any moment', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rackhaus-killed-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function startServer(): Promise<{ child: ChildProcess; url: string; token: string }> {
    const script = join(import.meta.dirname, 'server-to-kill.ts');
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const [url = '', token = ''] = String(line).split(' ');
    return { child, url, token };
  }

  /** Whether the backend has said that it has the batch. What did not get an answer is sent again, as agents do. */
  async function acknowledged(to: { url: string; token: string }, sequence: number): Promise<boolean> {
    try {
      const reply = await fetch(`${to.url}/api/agent/readings`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${to.token}`,
          'content-type': 'text/plain; charset=utf-8',
          [agentHeaders.outbox]: 'box',
          [agentHeaders.sequence]: String(sequence),
        },
        body: formatLines(batch(sequence)),
      });
      return reply.status === 204;
    } catch {
      // It was killed meanwhile.
      return false;
    }
  }

  it('has every reading that it acknowledged, once, and nothing else', async () => {
    let next = 0;
    const open: number[] = [];
    for (let kill = 0; kill < kills; kill++) {
      const server = await startServer();
      const gone = once(server.child, 'exit');
      const timer = setTimeout(() => server.child.kill('SIGKILL'), (kill * 37) % 200);
      const lane = async () => {
        while (server.child.exitCode === null && server.child.signalCode === null) {
          const sequence = open.pop() ?? next++;
          if (!(await acknowledged(server, sequence))) open.push(sequence);
        }
      };
      await Promise.all([lane(), lane(), lane(), gone]);
      clearTimeout(timer);
    }
    expect(next).toBeGreaterThan(kills);

    const log: string[] = [];
    const store = await openStore(
      { store: 'embedded', file: join(folder, 'samples.db') },
      { log: (message) => log.push(message) },
    );
    expect(log).toEqual([]);
    const unsure = new Set(open);
    for (let port = 0; port < entities; port++) {
      const entity = { deviceId: 1 + (port % 2), kind: 'port' as const, entity: `1/1/${port}` };
      const { metrics, rows } = await store.kept(entity, 0, Date.now() + 1e9);
      const rx = metrics.indexOf('rx');
      const found = new Map(rows.map((row) => [(row.time - start) / 10, row]));
      expect(found.size).toBe(rows.length);
      for (let sequence = 0; sequence < next; sequence++) {
        const row = found.get(sequence);
        if (row === undefined) expect(unsure).toContain(sequence);
        else expect([row.n[rx], row.sum[rx]]).toEqual([1, sequence * 100 + port]);
      }
      expect(Math.max(...found.keys())).toBeLessThan(next);
    }
    await store.close();
  }, 300_000);
});
