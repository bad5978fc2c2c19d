import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, type StartedProcess, startNode } from './process.ts';

export interface RunningBackend extends StartedProcess {
  readonly url: string;
  readonly dataDir: string;
  readonly agentTokenFile: string;
  readonly user: string;
  readonly password: string;
}

/**
 * The backend with the sample town hall's inventory and an administrator, without simulator and agent.
 * @param inventory a folder that is imported besides
 */
export async function startBackend(env: NodeJS.ProcessEnv = {}, inventory?: string): Promise<RunningBackend> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rackhaus-backend-'));
  const password = 'only-for-this-test';
  const run = (script: string, ...args: string[]) =>
    execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
      cwd: root,
      env: { ...process.env, DATA_DIR: dataDir, DEMO_PASSWORD: password },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  run('backend/src/demo-setup.ts');
  if (inventory !== undefined) run('backend/src/import-inventory.ts', inventory);
  return restartBackend({ dataDir, password }, env);
}

/** Starts a backend on a data folder that one used before. */
export async function restartBackend(
  on: { readonly dataDir: string; readonly password: string },
  env: NodeJS.ProcessEnv = {},
): Promise<RunningBackend> {
  const started = await startNode('backend', 'backend/src/main.ts', [], {
    env: { DATA_DIR: on.dataDir, PORT: '0', ...env },
  });
  const url = /http:\/\/\S+/.exec(started.readyLine)?.[0];
  if (url === undefined) throw new Error(`cannot read "${started.readyLine}"`);
  return {
    ...started,
    url,
    dataDir: on.dataDir,
    agentTokenFile: join(on.dataDir, 'local-agent.token'),
    user: 'admin',
    password: on.password,
  };
}

/** Signs in as a browser would and returns the value for a Cookie header. */
export async function signIn(backend: {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}): Promise<string> {
  const reply = await fetch(`${backend.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: backend.user, password: backend.password }),
  });
  if (!reply.ok) throw new Error(`sign-in: ${reply.status} ${await reply.text()}`);
  return reply.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
