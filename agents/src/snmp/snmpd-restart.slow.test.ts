import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toNumber } from './decode.ts';
import { encodeOid } from './oid.ts';
import { SnmpSession } from './session.ts';

const engineBoots = '1.3.6.1.6.3.10.2.1.2.0';
const engineTime = '1.3.6.1.6.3.10.2.1.3.0';
const credentials = {
  version: '3',
  user: 'sealed',
  auth: { protocol: 'sha256', key: 'authkey12' },
  priv: { protocol: 'aes', key: 'privkey12' },
} as const;
const installed = (() => {
  try {
    execFileSync('snmpd', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!installed) console.warn('snmpd-restart: snmpd is not installed; these tests are left out');

describe.skipIf(!installed)('a session with the real snmpd that starts anew', () => {
  let folder: string;
  let port: number;
  let daemon: ChildProcess;
  let session: SnmpSession;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    folder = await mkdtemp(join(tmpdir(), 'snmpd-restart-'));
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    port = socket.address().port;
    socket.close();
    session = new SnmpSession({ host: '127.0.0.1', port, credentials });
  });
  afterEach(async () => {
    session.close();
    await stop();
    await rm(folder, { recursive: true });
    vi.useRealTimers();
  });

  /** With an engine id it forgets its boots; without one it keeps both. */
  async function start(engineId: string | null): Promise<void> {
    const config = join(folder, 'snmpd.conf');
    const kept = join(folder, 'kept');
    if (engineId !== null) await rm(kept, { recursive: true, force: true });
    await writeFile(
      config,
      [
        `agentAddress udp:127.0.0.1:${port}`,
        ...(engineId === null ? [] : [`exactEngineID ${engineId}`]),
        'rocommunity public',
        'createUser sealed SHA-256 authkey12 AES privkey12',
        'rouser sealed priv',
      ].join('\n'),
    );
    // Not with -C: it would not read what it has kept of its boots.
    daemon = spawn('snmpd', ['-f', '-Le'], {
      stdio: 'ignore',
      env: { ...process.env, SNMPCONFPATH: `${folder}:${kept}`, SNMP_PERSISTENT_DIR: kept },
    });
    const plain = new SnmpSession({
      host: '127.0.0.1',
      port,
      credentials: { version: '2c', community: 'public' },
    });
    await plain.request('get', [encodeOid('1.3.6.1.2.1.1.3.0')], { tries: 5, timeoutMs: 300 });
    plain.close();
  }

  async function stop(): Promise<void> {
    const ended = once(daemon, 'exit');
    daemon.kill();
    await ended;
  }

  /** One try only: whatever has to be found out anew must not cost the poll. */
  async function ask(): Promise<{ boots: number; time: number }> {
    const values = await session.get([encodeOid(engineBoots), encodeOid(engineTime)], 1);
    return { boots: toNumber(values[0]) ?? -1, time: toNumber(values[1]) ?? -1 };
  }

  it('is answered at once when boots went up by one', async () => {
    await start(null);
    const { boots } = await ask();
    vi.advanceTimersByTime(1_000_000);
    await stop();
    await start(null);
    expect(await ask()).toMatchObject({ boots: boots + 1 });
    expect((await ask()).time).toBeLessThan(60);
  });

  it('is answered at once when it forgot its boots', async () => {
    await start('0x80001f8804726163');
    const { boots } = await ask();
    vi.advanceTimersByTime(1_000_000);
    await stop();
    await start('0x80001f8804726163');
    expect(await ask()).toMatchObject({ boots });
  });

  it('is answered at once by another engine in its place', async () => {
    await start('0x80001f8804726163');
    await ask();
    await stop();
    await start('0x80001f8804616263');
    expect((await ask()).boots).toBeGreaterThan(0);
  });
});
