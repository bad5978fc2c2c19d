import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, type StartedProcess, startNode } from './process.ts';

/** Devices of tests answer on addresses of this machine. */
const simulated = '127.0.0.0/8,::1/128,198.18.0.0/15';

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
  const set = { DATA_DIR: dataDir, DEMO_PASSWORD: password };
  runScript('backend/src/demo-setup.ts', [], set);
  if (inventory !== undefined) runScript('backend/src/import-inventory.ts', [inventory], set);
  return restartBackend({ dataDir, password }, env);
}

/** The backend of a new installation: the folder's inventory and nothing else, and an administrator made with the code from its console. */
export async function startOwnBackend(
  inventory: string,
  env: NodeJS.ProcessEnv = {},
): Promise<RunningBackend> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rackhaus-own-'));
  runScript('backend/src/import-inventory.ts', [inventory], { DATA_DIR: dataDir });
  const backend = await restartBackend({ dataDir, password: 'only-for-this-test' }, env);
  const code = /enter this code: (\S+)/.exec(backend.printed())?.[1];
  const { user, password } = backend;
  const reply = await fetch(`${backend.url}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, user, password }),
  });
  if (!reply.ok) throw new Error(`set-up: ${reply.status} ${await reply.text()}`);
  return backend;
}

/** Starts a backend on a data folder that one used before. */
export async function restartBackend(
  on: { readonly dataDir: string; readonly password: string },
  env: NodeJS.ProcessEnv = {},
): Promise<RunningBackend> {
  const started = await startNode('backend', 'backend/src/main.ts', [], {
    // Receivers of messages, NetBoxes and the like of tests all listen on this machine.
    env: {
      DATA_DIR: on.dataDir,
      PORT: '0',
      POLLED_NETWORKS: simulated,
      OUTGOING_NETWORKS: '127.0.0.0/8, ::1',
      ...env,
    },
  });
  const url = /https?:\/\/\S+/.exec(started.readyLine)?.[0];
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

/** Runs a script of this repository to its end. @throws when it fails */
export function runScript(script: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
    cwd: root,
    env: { ...process.env, POLLED_NETWORKS: simulated, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
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
