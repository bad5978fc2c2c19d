import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** Whether a real InfluxDB 1.x is on this machine (Debian: influxdb). */
export function haveInfluxd(): boolean {
  return spawnSync('influxd', ['version'], { stdio: 'ignore' }).status === 0;
}

export interface TestInflux {
  readonly url: string;
  /** Ends it, as a crash would, and starts it again on the same data and port. */
  restart(whileDown: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Starts a real influxd with data of its own on free ports. For tests. */
export async function startInflux(): Promise<TestInflux> {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-influx-'));
  const config = join(folder, 'influxdb.conf');
  // A port that was free a moment ago may have been taken by a neighbour meanwhile.
  for (let attempt = 1; ; attempt++) {
    const http = await writeConfig(folder, config);
    const url = `http://127.0.0.1:${http}`;
    try {
      return handleOf(folder, config, url, await start(config, url));
    } catch (error) {
      if (attempt === 5 || !String(error).includes('address already in use')) throw error;
    }
  }
}

/** @returns the port of its HTTP service */
async function writeConfig(folder: string, config: string): Promise<number> {
  const [http, rpc] = [await freePort(), await freePort()];
  await writeFile(
    config,
    `reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${http}"
  log-enabled = false
`,
  );
  return http;
}

function handleOf(folder: string, config: string, url: string, started: ChildProcess): TestInflux {
  let process = started;
  return {
    url,
    async restart(whileDown) {
      await kill(process);
      await whileDown();
      process = await start(config, url);
    },
    async close() {
      await kill(process);
      await rm(folder, { recursive: true });
    },
  };
}

async function start(config: string, url: string): Promise<ChildProcess> {
  const child = spawn('influxd', ['-config', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000);
  });
  const end = performance.now() + 20_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`influxd ended:\n${output}`);
    const ready = await fetch(`${url}/ping`).then(
      (reply) => reply.status === 204,
      () => false,
    );
    if (ready) return child;
    if (performance.now() > end) {
      child.kill('SIGKILL');
      throw new Error(`influxd is not ready:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}
