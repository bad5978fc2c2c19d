import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SnmpCredentials } from '@rackhaus/config/contract';
import { loadProfiles } from '@rackhaus/config/profiles';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeOid } from '../snmp/oid.ts';
import { SnmpSession } from '../snmp/session.ts';
import { runProbeJob } from './job.ts';

const installed = (() => {
  try {
    execFileSync('snmpd', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!installed) console.warn('job.slow.test.ts: snmpd is not installed; these tests are left out');

const sealed = (change: { user?: string; auth?: string; priv?: string }): SnmpCredentials => ({
  version: '3',
  user: change.user ?? 'sealed',
  auth: { protocol: 'sha256', key: change.auth ?? 'authkey12' },
  priv: { protocol: 'aes', key: change.priv ?? 'privkey12' },
});

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

describe.skipIf(!installed)('a probe of the real snmpd', () => {
  let folder: string;
  let daemon: ChildProcess;
  let port: number;
  const profiles = loadProfiles();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'snmpd-probe-'));
    port = await freePort();
    await writeFile(
      join(folder, 'snmpd.conf'),
      [
        `agentAddress udp:127.0.0.1:${port}`,
        'rocommunity public',
        'createUser sealed SHA-256 authkey12 AES privkey12',
        'createUser unseen SHA-256 authkey12 AES privkey12',
        'rouser sealed priv',
      ].join('\n'),
    );
    daemon = spawn('snmpd', ['-f', '-Le', '-C', '-c', join(folder, 'snmpd.conf')], {
      stdio: 'ignore',
      env: { ...process.env, SNMP_PERSISTENT_DIR: folder },
    });
    const session = new SnmpSession({
      host: '127.0.0.1',
      port,
      credentials: { version: '2c', community: 'public' },
    });
    await session.request('get', [encodeOid('1.3.6.1.2.1.1.3.0')], { tries: 5, timeoutMs: 300 });
    session.close();
  }, 15_000);
  afterAll(async () => {
    daemon.kill();
    await once(daemon, 'exit');
    await rm(folder, { recursive: true });
  });

  const run = async (credentials: SnmpCredentials, address = '127.0.0.1', pings = true) =>
    runProbeJob(
      { id: 'p', address, port, credentials },
      { profiles: await profiles, echo: async () => ({ rttMs: pings ? 0.1 : null }) },
      new AbortController().signal,
    );

  it.each([
    ['v2c', { version: '2c', community: 'public' }],
    ['v3', sealed({})],
  ] as const)('%s answers and says what it is', async (_, credentials) => {
    const answer = await run(credentials);
    expect(answer).toMatchObject({
      outcome: 'answers',
      identity: { os: 'linux', description: expect.any(String) },
    });
    expect(answer.ms).toBeLessThan(500);
  });

  it.each([
    ['silent', { version: '2c', community: 'wrong' }],
    ['wrong-user', sealed({ user: 'nobody' })],
    ['wrong-key', sealed({ auth: 'another-key' })],
    ['wrong-privacy', sealed({ priv: 'another-key' })],
    ['no-access', sealed({ user: 'unseen' })],
  ] as const)('%s', async (outcome, credentials) => {
    const startedAt = performance.now();
    expect(await run(credentials)).toMatchObject({ outcome, identity: null, pings: true });
    expect(performance.now() - startedAt).toBeLessThan(3500);
  });

  it('names what cannot be reached at all', async () => {
    const credentials = { version: '2c', community: 'public' } as const;
    expect(await run(credentials, 'no-such-host.invalid', false)).toMatchObject({
      outcome: 'unknown-host',
      pings: false,
    });
  });
});
