import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder = '';
let file = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  file = join(folder, 'device.snmprec');
  await writeFile(file, '1.3.6.1.2.1.1.5.0|4|sw1\nnot a line\n');
});
afterAll(() => rm(folder, { recursive: true }));

function simulate(...parameters: string[]): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...parameters]);
}

async function outcome(child: ChildProcess): Promise<{ code: unknown; errors: string }> {
  if (child.stderr === null) throw new Error('no stderr');
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code, errors };
}

describe('simulate', () => {
  it('says when it is ready, what it left out, and ends when told', async () => {
    const child = simulate(
      file,
      '--port',
      '0',
      '--v3-user',
      'u',
      '--v3-auth',
      'sha256',
      '--v3-auth-key',
      'authpass12',
    );
    const ended = outcome(child);
    const [line] = await once(child.stdout ?? child, 'data');
    expect(String(line)).toMatch(/^ready udp:\/\/127\.0\.0\.1:\d+\n$/);
    child.kill('SIGTERM');
    const { code, errors } = await ended;
    expect(code).toBe(0);
    expect(errors).toContain('device.snmprec:2: left out: not OID|TAG|VALUE');
  });

  it.each([
    ['no file', [], 'exactly one FILE'],
    ['a missing file', ['absent.snmprec', '--port', '0'], 'absent.snmprec'],
    ['no port', ['FILE'], '--port is needed'],
    ['a bad number', ['FILE', '--port', '0', '--loss', '2'], '--loss 2: must be a number from 0 to 1'],
    ['an unknown fault', ['FILE', '--port', '0', '--fault', 'fire'], '--fault fire'],
    ['an unknown option', ['FILE', '--prot', '0'], '--prot'],
    [
      'a short key',
      ['FILE', '--port', '0', '--v3-user', 'u', '--v3-auth', 'sha', '--v3-auth-key', 'x'],
      'at least 8',
    ],
    [
      'privacy alone',
      ['FILE', '--port', '0', '--v3-user', 'u', '--v3-priv', 'aes', '--v3-priv-key', 'privpass12'],
      'needs --v3-auth',
    ],
  ])('ends with a clear message: %s', async (_, parameters, message) => {
    const { code, errors } = await outcome(
      simulate(...parameters.map((word) => (word === 'FILE' ? file : word))),
    );
    expect(code).toBe(1);
    expect(errors).toContain(message);
    expect(errors).not.toContain('    at ');
  });
});
