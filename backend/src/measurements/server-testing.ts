import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real server with data of its own. For tests and benches. */
export interface TestServer {
  readonly url: string;
  /** Holds its data and its log; gone once it is closed. */
  readonly folder: string;
  readonly pid: number;
  /** Ends it, as a crash would, and starts it again on the same data and port. */
  restart(whileDown: () => Promise<void>): Promise<void>;
  /** Ends it and deletes its data. */
  close(): Promise<void>;
}

export interface ServerProgram {
  readonly command: string;
  /** Its arguments, after what it needs has been written into its folder. `otherPort` is for a second address of its own. */
  prepare(place: { folder: string; port: number; otherPort: number }): Promise<string[]> | string[];
  /** Whether it answers. */
  ready(url: string): Promise<boolean>;
}

/** Whether the program is on this machine. */
export function isInstalled(command: string): boolean {
  return spawnSync('which', [command], { stdio: 'ignore' }).status === 0;
}

/** Starts a server on a free port of 127.0.0.1 and waits until it answers. @throws Error with the end of its log */
export async function startServer(program: ServerProgram): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), `rackhaus-${program.command}-`));
  // A port that was free a moment ago may have been taken by a neighbour meanwhile.
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const args = await program.prepare({ folder, port, otherPort: await freePort() });
    const start = () => started(program, { folder, url, args });
    try {
      return handleOf({ folder, url, start, child: await start() });
    } catch (error) {
      if (attempt === 5 || !String(error).includes('address already in use')) throw error;
    }
  }
}

function handleOf(server: {
  folder: string;
  url: string;
  start: () => Promise<ChildProcess>;
  child: ChildProcess;
}): TestServer {
  const { folder, url, start } = server;
  let { child } = server;
  return {
    url,
    folder,
    get pid() {
      return child.pid ?? 0;
    },
    async restart(whileDown) {
      await kill(child);
      await whileDown();
      child = await start();
    },
    async close() {
      await kill(child);
      await rm(folder, { recursive: true });
    },
  };
}

async function started(
  { command, ready }: ServerProgram,
  { folder, url, args }: { folder: string; url: string; args: readonly string[] },
): Promise<ChildProcess> {
  const logFile = join(folder, 'server.log');
  const log = openSync(logFile, 'w');
  const child = spawn(command, args, { stdio: ['ignore', log, log] });
  closeSync(log);
  let failed: Error | undefined;
  child.on('error', (error) => {
    failed = error;
  });
  const end = performance.now() + 20_000;
  while (failed === undefined && child.exitCode === null && performance.now() < end) {
    if (await ready(url)) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (failed) throw failed;
  await kill(child);
  throw new Error(`${command} did not start:\n${(await readFile(logFile, 'utf8')).slice(-4000)}`);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Below those that Linux gives to outgoing connections: one of these could take it before it is used. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
