import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Client } from './testing/client.ts';

let dataDir: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rackhaus-main-'));
});
afterEach(async () => {
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(dataDir, { recursive: true });
});

/** Runs one of the backend's scripts to its end, or to the line that begins with `until`. */
async function run(
  script: string,
  env: Record<string, string>,
  until = 'ready ',
): Promise<{ lines: string[]; errors: string }> {
  const started = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, script)],
    {
      env: { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  child = started;
  let errors = '';
  started.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  const ended = once(started, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface(started.stdout)) {
    lines.push(line);
    if (line.startsWith(until)) return { lines, errors };
  }
  await ended;
  return { lines, errors };
}

async function end(signal: NodeJS.Signals): Promise<number | null> {
  if (child === undefined) throw new Error('nothing runs');
  child.kill(signal);
  await once(child, 'exit');
  return child.exitCode;
}

describe('the backend as a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'shows the set-up code, says when it serves, ends on %s',
    async (signal) => {
      const { lines } = await run('main.ts', {});
      expect(lines).toHaveLength(2);
      expect(lines[0]).toMatch(/enter this code: (\w{4}-){3}\w{4}$/);
      const url = /^ready (http:\/\/127\.0\.0\.1:\d+)$/.exec(lines[1] ?? '')?.[1] ?? '';
      expect((await new Client(url).get('/api/health')).json).toEqual({ status: 'ok' });
      expect(await end(signal)).toBe(0);
    },
    60_000,
  );

  it('ends with 1 and says what is wrong: settings, a port in use', async () => {
    const wrong = await run('main.ts', { PORT: 'http' });
    expect(wrong).toEqual({ lines: [], errors: 'PORT (environment): must be a whole number\n' });
    expect(child?.exitCode).toBe(1);

    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = z.object({ port: z.number() }).parse(other.address());
    const busy = await run('main.ts', { PORT: String(port), RACKHAUS_LOG_LEVEL: 'error' });
    expect(busy.errors).toBe(`Port ${port} on 127.0.0.1 is in use. Set PORT to another one.\n`);
    expect(child?.exitCode).toBe(1);
    other.close();
  }, 60_000);

  it('serves the demo that was prepared before, with the given password', async () => {
    for (const password of ['the first password', 'the second password']) {
      const prepared = await run('demo-setup.ts', { DEMO_PASSWORD: password });
      expect(prepared.lines).toEqual(['user admin']);
      expect(child?.exitCode).toBe(0);
    }
    const demo = { SIMULATOR_URL: 'http://127.0.0.1:1', SIMULATOR_TOKEN: 'simulator token' };
    const { lines } = await run('main.ts', demo);
    const client = new Client(lines.at(-1)?.slice('ready '.length) ?? '');
    expect(
      (await client.post('/api/session', { user: 'admin', password: 'the first password' })).status,
    ).toBe(401);
    const answer = await client.post('/api/session', { user: 'admin', password: 'the second password' });
    expect(answer.json).toEqual({
      state: 'signed-in',
      userId: expect.any(Number),
      user: 'admin',
      role: 'administrator',
      sites: null,
      demo: true,
    });
    expect(lines).toHaveLength(1);
  }, 120_000);
});
