import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type StartedProcess, startNode } from './process.ts';

export interface Demo extends StartedProcess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly dataDir: string;
  /** Ends one of its processes with SIGKILL, as a crash would. */
  kill(part: 'backend' | 'agent' | 'simulator'): void;
}

/** The sample town hall as `npm run demo` starts it, on a free port and in a folder of its own. */
export async function startDemo(env: NodeJS.ProcessEnv = {}): Promise<Demo> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rackhaus-demo-'));
  const password = 'only-for-this-test';
  const started = await startNode('demo', 'scripts/demo.ts', [], {
    env: { PORT: String(await freePort()), DATA_DIR: dataDir, DEMO_PASSWORD: password, ...env },
    ready: /^ready http/,
    timeoutMs: 180_000,
  });
  const [, url, user] = /^ready (\S+) user (\S+) password /.exec(started.readyLine) ?? [];
  if (url === undefined || user === undefined) throw new Error(`cannot read "${started.readyLine}"`);
  const script = {
    backend: 'backend/src/main.ts',
    agent: 'agents/src/main.ts',
    simulator: 'agents/simulator/town-hall.ts',
  };
  const kill = (part: keyof typeof script) => {
    const pid = childrenOf(started.child.pid ?? 0).find((child) =>
      readFileSync(`/proc/${child}/cmdline`, 'utf8').split('\0').includes(script[part]),
    );
    if (pid === undefined) throw new Error(`the demo has no process "${part}"`);
    process.kill(pid, 'SIGKILL');
  };
  return { ...started, url, user, password, dataDir, kill };
}

/** Source: proc(5), /proc/PID/task/TID/children. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  );
}
