import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseLines } from '@rackhaus/config/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './testing/eventually.ts';
import { FakeBackend } from './testing/fake-backend.ts';

const startMs = 20_000;

describe('npm run agent', () => {
  let folder: string;
  let backend: FakeBackend;
  let child: ChildProcess | null;
  let output: string;
  let errors: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rackhaus-agent-cli-'));
    backend = new FakeBackend();
    await backend.start();
    child = null;
    output = '';
    errors = '';
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await backend.stop();
    rmSync(folder, { recursive: true });
  });

  function run(...args: string[]): Promise<number | null> {
    const started = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
      env: { ...process.env, RACKHAUS_LOG_LEVEL: 'info' },
    });
    child = started;
    started.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    started.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    return new Promise((resolve) => started.once('close', resolve));
  }

  it(
    'waits for its token, polls, says that a silent device is silent, and ends in order',
    async () => {
      const tokenFile = join(folder, 'token');
      const ended = run(
        '--server',
        backend.url.href,
        '--token-file',
        tokenFile,
        '--data',
        join(folder, 'data'),
      );
      await eventually('it waits for the token', () => errors.includes('waiting for it'), startMs);
      writeFileSync(tokenFile, 'token-from-file\n');
      backend.assign({
        version: '1',
        agent: { id: 1, name: 'town hall' },
        devices: [
          {
            id: 5,
            name: 'nobody there',
            address: '127.0.0.1',
            // The discard port: nobody answers.
            snmp: { port: 9, credentials: { version: '2c', community: 'secret-community' } },
            profile: null,
            intervalSeconds: 1,
            ping: true,
            tcp: [],
          },
        ],
      });
      await eventually('it is ready', () => output.includes('ready agent town hall\n'), startMs);
      const readings = () =>
        backend.received.flatMap(({ kind, text }) => (kind === 'readings' ? parseLines(text) : []));
      await eventually(
        'it is silent',
        () => readings().some(({ values }) => values.reachable === 0),
        startMs,
      );
      await eventually(
        'it is pinged',
        () => readings().some(({ values }) => values.ping !== undefined),
        startMs,
      );
      expect([...backend.tokens]).toEqual(['Bearer token-from-file']);
      child?.kill('SIGTERM');
      expect(await ended).toBe(0);
      expect(existsSync(join(folder, 'data', 'outbox.sqlite-wal'))).toBe(false);
      expect(output).toBe('ready agent town hall\n');
      expect(errors).not.toContain('secret-community');
      expect(errors).not.toContain('token-from-file');
    },
    startMs * 2,
  );

  it(
    'ends while it waits for its token',
    async () => {
      const ended = run(
        '--server',
        backend.url.href,
        '--token-file',
        join(folder, 'token'),
        '--data',
        folder,
      );
      await eventually('it waits for the token', () => errors.includes('waiting for it'), startMs);
      child?.kill('SIGINT');
      expect(await ended).toBe(0);
    },
    startMs,
  );

  it(
    'says what is wrong with its arguments',
    async () => {
      expect(await run('--server', 'nonsense')).toBe(2);
      expect(errors).toContain('--server');
      expect(errors).toContain('Usage');
    },
    startMs,
  );

  it(
    'says that the data folder cannot be used',
    async () => {
      writeFileSync(join(folder, 'in-the-way'), '');
      const data = join(folder, 'in-the-way', 'data');
      expect(await run('--server', backend.url.href, '--token', 'abc', '--data', data)).toBe(1);
      expect(errors).toContain('in-the-way');
      expect(errors).not.toContain(' at ');
    },
    startMs,
  );
});
