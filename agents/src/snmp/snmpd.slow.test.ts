import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SnmpCredentials } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../probe/index.ts';
import { toNumber } from './decode.ts';
import { encodeOid } from './oid.ts';
import { ReplySize } from './reply-size.ts';
import { SnmpSession } from './session.ts';
import { walkTable } from './walk.ts';

const run = promisify(execFile);
const installed = [
  ['snmpd', '-v'],
  ['snmpbulkwalk', '-V'],
].every(([program = '', option = '']) => {
  try {
    execFileSync(program, [option], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
if (!installed)
  console.warn('snmpd.test.ts: snmpd and snmpbulkwalk are not installed; these tests are left out');

const users: [string, SnmpCredentials][] = [
  ['v1', { version: '1', community: 'public' }],
  ['v2c', { version: '2c', community: 'public' }],
  ['v3 without keys', { version: '3', user: 'plain' }],
  ['v3 SHA-512', { version: '3', user: 'signed', auth: { protocol: 'sha512', key: 'authkey12' } }],
  [
    'v3 SHA-256 AES',
    {
      version: '3',
      user: 'sealed',
      auth: { protocol: 'sha256', key: 'authkey12' },
      priv: { protocol: 'aes', key: 'privkey12' },
    },
  ],
  [
    'v3 MD5 DES',
    {
      version: '3',
      user: 'old',
      auth: { protocol: 'md5', key: 'authkey12' },
      priv: { protocol: 'des', key: 'privkey12' },
    },
  ],
];

describe.skipIf(!installed)('the real snmpd', () => {
  let folder: string;
  let daemon: ChildProcess;
  let port: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'snmpd-'));
    port = await freePort();
    await writeFile(
      join(folder, 'snmpd.conf'),
      [
        `agentAddress udp:127.0.0.1:${port}`,
        'rocommunity public',
        'createUser plain',
        'createUser signed SHA-512 authkey12',
        'createUser sealed SHA-256 authkey12 AES privkey12',
        'createUser old MD5 authkey12 DES privkey12',
        'rouser plain noauth',
        'rouser signed auth',
        'rouser sealed priv',
        'rouser old priv',
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

  it.each(users)('%s: a walk gives what snmpbulkwalk gives', async (_, credentials) => {
    const session = new SnmpSession({ host: '127.0.0.1', port, credentials });
    try {
      const column = '1.3.6.1.2.1.2.2.1.5';
      const { rows, problem } = await walkTable(session, new ReplySize(), [encodeOid(column)], {
        deadline: performance.now() + 10_000,
        rows: 1000,
      });
      expect(problem).toBeNull();
      const { stdout } = await run('snmpbulkwalk', [
        '-v2c',
        '-c',
        'public',
        '-On',
        '-Oq',
        `127.0.0.1:${port}`,
        column,
      ]);
      const expected = stdout
        .trim()
        .split('\n')
        .map((line) => {
          const [oid = '', value] = line.split(' ');
          return [oid.slice(column.length + 2), Number(value)];
        });
      expect(rows.map((row) => [row.index, toNumber(row.values[0])])).toEqual(expected);
    } finally {
      session.close();
    }
  });

  it('is probed: interfaces with names, states and rates', async () => {
    const result = await probe({
      host: '127.0.0.1',
      port,
      credentials: { version: '2c', community: 'public' },
      profile: null,
      once: false,
    });
    expect(result).toMatchObject({ profile: 'linux', os: 'linux', problem: null });
    expect(result.uptimeSeconds).toBeGreaterThan(0);
    expect(result.ports.find((each) => each.name === 'lo')).toMatchObject({
      ifIndex: 1,
      oper: 'up',
      admin: 'up',
    });
    expect(result.sensors.some((sensor) => sensor.metric === 'device.load')).toBe(true);
  });
});

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
