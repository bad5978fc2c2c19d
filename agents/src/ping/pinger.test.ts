import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPlainHost } from './host.ts';
import { Pinger } from './pinger.ts';

const { signal } = new AbortController();

describe('isPlainHost', () => {
  it.each(['127.0.0.1', 'switch-1', 'sw_1.example.org', '::1', 'fe80::1', 'a', '2001:db8::1:2'])(
    'takes %s',
    (host) => {
      expect(isPlainHost(host)).toBe(true);
    },
  );

  it.each([
    '',
    '-c1',
    '--help',
    '-I/dev/x',
    '127.0.0.1;id',
    '$(id)',
    'a b',
    'a\nb',
    'a`id`',
    '../x',
    'ä',
    '%2e',
    'fe80::1%eth0;x',
    'a:80',
    'x'.repeat(254),
  ])('refuses %j', (host) => {
    expect(isPlainHost(host)).toBe(false);
  });

  it('never takes what begins like an option or holds anything but letters, digits, dot, colon, dash, underscore', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (host) => {
        if (isPlainHost(host)) expect(host).toMatch(/^[A-Za-z0-9:][A-Za-z0-9.:_%-]*$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('Pinger', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rackhaus-ping-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('measures the way to this machine and back', async () => {
    const { rttMs } = await new Pinger().echo('127.0.0.1', signal);
    expect(rttMs).toBeGreaterThan(0);
    expect(rttMs).toBeLessThan(1000);
  });

  it('gets no answer from a name that does not exist', async () => {
    await expect(new Pinger().echo('no-such-host.invalid', signal)).resolves.toEqual({ rttMs: null });
  });

  it('runs nothing for an address that is none', async () => {
    const trace = join(folder, 'trace');
    for (const host of [`127.0.0.1;touch ${trace}`, `$(touch ${trace})`, '-c', '--'])
      await expect(new Pinger().echo(host, signal)).rejects.toThrow(RangeError);
    expect(existsSync(trace)).toBe(false);
  });

  it('runs a few at a time and all in the end', async () => {
    const pinger = new Pinger({ limit: 2 });
    const echoes = await Promise.all([1, 2, 3, 4, 5].map((n) => pinger.echo(`127.0.0.${n}`, signal)));
    expect(echoes.every(({ rttMs }) => rttMs !== null)).toBe(true);
  });

  it('ends when it is aborted', async () => {
    const abort = new AbortController();
    const echo = new Pinger().echo('127.0.0.1', abort.signal);
    abort.abort();
    await expect(echo).rejects.toThrow();
  });
});
