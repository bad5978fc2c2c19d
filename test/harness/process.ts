import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const root = join(import.meta.dirname, '..', '..');
const output = join(root, 'test', 'output');

export interface StartedProcess {
  readonly child: ChildProcess;
  /** The line that said it is ready. */
  readonly readyLine: string;
  /** Everything that it prints. */
  readonly logFile: string;
  /** The latest of what it has printed, for messages of failed tests. */
  readonly printed: () => string;
  /** Ends it (SIGTERM, after 5 s SIGKILL) and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface StartOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Ready when a line of its output matches, or when this resolves true (asked again every 50 ms). */
  readonly ready: RegExp | (() => Promise<boolean>);
  readonly timeoutMs?: number;
}

/** Starts a real process and waits until it is ready. Its output is kept in test/output. Rejects with that output otherwise. */
export async function startProcess(options: StartOptions): Promise<StartedProcess> {
  mkdirSync(output, { recursive: true });
  const child = spawn(options.command, options.args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logFile = join(output, `${options.name}-${child.pid ?? 'none'}.log`);
  const log = createWriteStream(logFile);
  let text = '';
  let ended: string | undefined;
  let readyLine: string | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      text = `${text}${line}\n`.slice(-200_000);
      log.write(`${line}\n`);
      if (options.ready instanceof RegExp && options.ready.test(line)) readyLine ??= line;
    });
  }
  child.on('error', (error) => {
    ended = error.message;
  });
  const gone = new Promise<void>((resolve) =>
    child.on('exit', (code, signal) => {
      ended ??= `ended with ${signal ?? code}`;
      resolve();
    }),
  );

  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (ended !== undefined) return;
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(force);
  };

  const deadline = performance.now() + (options.timeoutMs ?? 90_000);
  for (;;) {
    if (readyLine !== undefined) break;
    if (options.ready instanceof Function && (await options.ready())) break;
    if (ended !== undefined) throw new Error(`${options.name}: ${ended} before it was ready\n${text}`);
    if (performance.now() > deadline) {
      await stop('SIGKILL');
      throw new Error(`${options.name}: not ready in time\n${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { child, logFile, readyLine: readyLine ?? '', printed: () => text, stop };
}

/** Node 24 with a script of this repository. */
export function startNode(
  name: string,
  script: string,
  args: readonly string[],
  options: {
    env?: NodeJS.ProcessEnv;
    ready?: RegExp;
    timeoutMs?: number;
    prefix?: readonly string[];
    /** For Node itself. */
    flags?: readonly string[];
  } = {},
): Promise<StartedProcess> {
  const [command, ...rest] = [
    ...(options.prefix ?? []),
    process.execPath,
    ...(options.flags ?? ['--disable-warning=ExperimentalWarning']),
    join(root, script),
    ...args,
  ];
  return startProcess({
    name,
    command: command ?? process.execPath,
    args: rest,
    ready: options.ready ?? /^ready/,
    ...(options.env ? { env: options.env } : {}),
    ...(options.timeoutMs ? { timeoutMs: options.timeoutMs } : {}),
  });
}

/** A TCP port that nobody uses at the moment. */
export async function freePort(): Promise<number> {
  // Below those that Linux gives to outgoing connections: one of these could take it before it is used.
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

/** Asks again every 50 ms until the answer is not undefined; rejects with what was waited for after the time. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  timeoutMs = 40_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
