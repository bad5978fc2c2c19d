import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const root = join(import.meta.dirname, '..');

export interface Service {
  readonly name: string;
  /** Script and arguments for Node 24; a function is asked at each start. */
  readonly args: readonly string[] | (() => readonly string[]);
  readonly env?: NodeJS.ProcessEnv;
  /** Called with every line on stdout. */
  readonly onLine?: (line: string) => void;
  /** Called with every message over the IPC channel. */
  readonly onMessage?: (message: unknown) => void;
}

interface Running {
  readonly service: Service;
  child: ChildProcess | undefined;
  wanted: boolean;
  /** Ends when its work is done, and is not started again then. */
  readonly job: boolean;
  failures: number;
  /** The last line on stderr: why it ended, when it ends. */
  lastWords: string;
  timer: NodeJS.Timeout | undefined;
}

/** Starts the parts of Rackhaus as processes, starts them again when they fall, and stops them together. */
export class Supervisor {
  private readonly logs: string;
  private readonly running = new Map<string, Running>();

  /** @param logs folder that gets one log file a service */
  constructor(logs: string) {
    this.logs = logs;
  }

  /** Starts a service and resolves with the first line of its stdout that begins with `ready`. Rejects when it ends before. */
  start(service: Service): Promise<string> {
    mkdirSync(this.logs, { recursive: true });
    const running: Running = {
      service,
      child: undefined,
      wanted: true,
      job: false,
      failures: 0,
      lastWords: '',
      timer: undefined,
    };
    this.running.set(service.name, running);
    return new Promise((resolve, reject) => {
      const child = this.spawn(running, (line) => {
        child.off('exit', fellEarly);
        resolve(line);
      });
      const fellEarly = (code: number | null) => {
        running.wanted = false;
        clearTimeout(running.timer);
        const why = running.lastWords === '' ? `exit code ${code}` : running.lastWords;
        reject(
          new Error(`The ${service.name} could not start: ${why}\nIts log: ${this.logOf(service.name)}`),
        );
      };
      // Before the listener that starts a fallen service again: what never was ready is not started again.
      child.prependListener('exit', fellEarly);
    });
  }

  /** Starts what does a piece of work and ends: nothing waits for it, it is tried again while it fails, and not once it is done. */
  startJob(service: Service): void {
    mkdirSync(this.logs, { recursive: true });
    const running: Running = {
      service,
      child: undefined,
      wanted: true,
      job: true,
      failures: 0,
      lastWords: '',
      timer: undefined,
    };
    this.running.set(service.name, running);
    this.spawn(running);
  }

  /** Stops or starts one service; does nothing when it is so already. */
  want(name: string, run: boolean): void {
    const running = this.running.get(name);
    if (!running || running.wanted === run) return;
    running.wanted = run;
    if (run) this.spawn(running);
    else void this.end(running);
  }

  /** Ends a service that runs, so that it is started again: with the arguments that hold now. */
  restart(name: string): void {
    this.running.get(name)?.child?.kill('SIGTERM');
  }

  /** Stops everything, last started first; after 5 s by force. */
  async stop(): Promise<void> {
    for (const running of [...this.running.values()].reverse()) {
      running.wanted = false;
      await this.end(running);
    }
  }

  private spawn(running: Running, onReady?: (line: string) => void): ChildProcess {
    const { service } = running;
    const args = typeof service.args === 'function' ? service.args() : service.args;
    // With RACKHAUS_WATCH, Node restarts the service when a file that it imported changes (`npm run dev`).
    const watch = process.env.RACKHAUS_WATCH === '1' ? ['--watch', '--watch-preserve-output'] : [];
    const child = spawn(
      process.execPath,
      // Readings are short-lived garbage: with Node's own limit for it, twice the memory is kept for the same speed.
      ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8', ...watch, ...args],
      {
        cwd: root,
        env: { ...process.env, ...service.env },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    running.child = child;
    running.timer = undefined;
    const log = createWriteStream(this.logOf(service.name), { flags: 'a', mode: 0o600 });
    child.stderr?.pipe(log);
    child.stderr?.on('data', (chunk: Buffer) => {
      running.lastWords = chunk.toString().trimEnd().split('\n').at(-1) ?? '';
    });
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('ready')) onReady?.(line);
        service.onLine?.(line);
      });
    }
    child.on('message', (message) => service.onMessage?.(message));
    child.on('error', (error) => log.write(`${error.message}\n`));
    const startedAt = performance.now();
    child.on('exit', (code, signal) => {
      running.child = undefined;
      if (!running.wanted || (running.job && code === 0)) return;
      // One that ran for a while and fell is not one that falls at once: begin the back-off anew.
      running.failures = performance.now() - startedAt > 60_000 ? 1 : running.failures + 1;
      process.stderr.write(
        `${service.name} ended (${signal ?? code}); starting it again. Its log: ${this.logOf(service.name)}\n`,
      );
      running.timer = setTimeout(() => this.spawn(running), Math.min(250 * 2 ** running.failures, 15_000));
    });
    return child;
  }

  private logOf(name: string): string {
    return join(this.logs, `${name}.log`);
  }

  private end(running: Running): Promise<void> {
    clearTimeout(running.timer);
    const { child } = running;
    if (!child || child.exitCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
      child.once('exit', () => {
        clearTimeout(force);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }
}

/** Runs `stop` once on the first signal that asks this process to end, then ends it. */
export function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}
