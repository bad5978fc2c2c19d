import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PingUnavailableError } from './echo.ts';
import { Fpinger } from './fpinger.ts';
import { isPlainHost } from './host.ts';
import { Pinger } from './pinger.ts';
import { SystemEchoer } from './system-echoer.ts';

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

/** What both programs must do alike. */
describe.each([
  ['ping', () => new Pinger()],
  ['fping', () => new Fpinger()],
] as const)('echoes through %s', (_, create) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rackhaus-ping-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('measure the way to this machine and back', async () => {
    const { rttMs } = await create().echo('127.0.0.1', signal);
    expect(rttMs).toBeGreaterThan(0);
    expect(rttMs).toBeLessThan(1000);
  });

  it('take a name', async () => {
    const { rttMs } = await create().echo('localhost', signal);
    expect(rttMs).toBeGreaterThan(0);
  });

  it('take IPv6', async () => {
    const { rttMs } = await create().echo('::1', signal);
    expect(rttMs).toBeGreaterThan(0);
  });

  it('get no answer from a name that does not exist', async () => {
    await expect(create().echo('no-such-host.invalid', signal)).resolves.toEqual({ rttMs: null });
  });

  it('get none from a silent host, and let nobody wait for it who answers', async () => {
    const echoer = create();
    const began = performance.now();
    const silent = echoer.echo('240.0.0.1', signal);
    const answers = await Promise.all([1, 2, 3].map((n) => echoer.echo(`127.0.0.${n}`, signal)));
    expect(answers.every(({ rttMs }) => rttMs !== null)).toBe(true);
    expect(performance.now() - began).toBeLessThan(1900);
    await expect(silent).resolves.toEqual({ rttMs: null });
  });

  it('run nothing for an address that is none', async () => {
    const trace = join(folder, 'trace');
    for (const host of [`127.0.0.1;touch ${trace}`, `$(touch ${trace})`, '-c', '--', '-f/etc/passwd', ''])
      await expect(create().echo(host, signal)).rejects.toThrow(RangeError);
    expect(existsSync(trace)).toBe(false);
  });

  it('are made for hundreds at once, also for the same host twice', async () => {
    const echoer = create();
    const hosts = Array.from({ length: 300 }, (_, n) => `127.0.${n % 3}.${1 + (n % 100)}`);
    const echoes = await Promise.all(hosts.map((host) => echoer.echo(host, signal)));
    expect(echoes.filter(({ rttMs }) => rttMs === null)).toEqual([]);
  }, 30_000);

  it('end when they are aborted, and the others go on', async () => {
    const echoer = create();
    const abort = new AbortController();
    const echo = echoer.echo('127.0.0.1', abort.signal);
    const other = echoer.echo('127.0.0.1', signal);
    const silent = echoer.echo('240.0.0.1', abort.signal);
    abort.abort(new Error('enough'));
    await expect(echo).rejects.toThrow();
    await expect(silent).rejects.toThrow();
    expect((await other).rttMs).toBeGreaterThan(0);
    await expect(echoer.echo('127.0.0.1', abort.signal)).rejects.toThrow();
  });

  it('say that they cannot be sent where the program is missing', async () => {
    const { PATH } = process.env;
    process.env.PATH = folder;
    try {
      await expect(create().echo('127.0.0.1', signal)).rejects.toThrow(PingUnavailableError);
    } finally {
      process.env.PATH = PATH;
    }
  });
});

describe('SystemEchoer', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rackhaus-ping-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function chosen(): { echoer: SystemEchoer; logged: () => string } {
    let logged = '';
    const write = (text: string) => {
      logged += text;
    };
    return { echoer: new SystemEchoer({ log: pino({ level: 'info' }, { write }) }), logged: () => logged };
  }

  it('takes fping where there is one, and says so', async () => {
    const { echoer, logged } = chosen();
    expect((await echoer.echo('127.0.0.1', signal)).rttMs).toBeGreaterThan(0);
    expect(logged()).toContain('"program":"fping"');
  });

  it('says once what is missing where neither may send, and what to give', async () => {
    const { PATH } = process.env;
    writeFileSync(join(folder, 'fping'), '#!/bin/sh\nexit 4\n', { mode: 0o755 });
    writeFileSync(
      join(folder, 'ping'),
      '#!/bin/sh\necho "ping: socket: Operation not permitted" >&2\nexit 2\n',
      { mode: 0o755 },
    );
    process.env.PATH = `${folder}:${PATH}`;
    try {
      const { echoer, logged } = chosen();
      expect(echoer.allowed).toBeNull();
      for (let n = 0; n < 2; n++)
        await expect(echoer.echo('127.0.0.1', signal)).rejects.toThrow(PingUnavailableError);
      expect(echoer.allowed).toBe(false);
      expect(logged().match(/CAP_NET_RAW.*net\.ipv4\.ping_group_range/g)).toHaveLength(1);
      echoer.stop();
    } finally {
      process.env.PATH = PATH;
      rmSync(join(folder, 'ping'));
    }
  });

  it('takes ping where fping may not send', async () => {
    const { PATH } = process.env;
    writeFileSync(join(folder, 'fping'), '#!/bin/sh\nexit 4\n', { mode: 0o755 });
    process.env.PATH = `${folder}:${PATH}`;
    try {
      const { echoer, logged } = chosen();
      expect((await echoer.echo('127.0.0.1', signal)).rttMs).toBeGreaterThan(0);
      expect(logged()).toContain('"program":"ping"');
    } finally {
      process.env.PATH = PATH;
    }
  });
});
