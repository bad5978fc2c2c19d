import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type StartedProcess, startNode } from './process.ts';

export interface Demo extends StartedProcess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly dataDir: string;
}

/** The sample town hall as `npm run demo` starts it, on a free port and in a folder of its own. */
export async function startDemo(): Promise<Demo> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rackhaus-demo-'));
  const password = 'only-for-this-test';
  const started = await startNode('demo', 'scripts/demo.ts', [], {
    env: { PORT: String(await freePort()), DATA_DIR: dataDir, DEMO_PASSWORD: password },
    ready: /^ready http/,
    timeoutMs: 180_000,
  });
  const [, url, user] = /^ready (\S+) user (\S+) password /.exec(started.readyLine) ?? [];
  if (url === undefined || user === undefined) throw new Error(`cannot read "${started.readyLine}"`);
  return { ...started, url, user, password, dataDir };
}
