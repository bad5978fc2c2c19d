import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { AssignedDevice } from '@rackhaus/config/contract';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { TrapSenders } from './senders.ts';
import { Traps } from './traps.ts';
import { V3Traps } from './v3.ts';

const run = promisify(execFile);
const program = '/usr/bin/snmptrap';
const present = existsSync(program);
if (!present)
  console.warn(`traps.test.ts: there is no ${program} (Debian package snmp); these tests are left out`);

const engine = { id: Buffer.from('80000000050102030405060708', 'hex'), boots: 3 };
const linkDown = '1.3.6.1.6.3.1.1.5.3';
const device: AssignedDevice = {
  id: 5,
  name: 'switch',
  address: '127.0.0.1',
  snmp: { port: 161, credentials: { version: '2c', community: 'mine' } },
  profile: null,
  intervalSeconds: 30,
  ping: false,
  tcp: [],
};

describe.skipIf(!present)('traps of the real snmptrap', () => {
  let traps: Traps;
  let read: { id: number; at: number }[];
  beforeEach(async () => {
    read = [];
    const v3 = new V3Traps({ openEngine: () => engine, monotonicMs: () => performance.now() });
    v3.start();
    traps = new Traps({
      where: { port: 0, insisted: true },
      readNow: async (id) => void read.push({ id, at: performance.now() }),
      monotonicMs: () => performance.now(),
      v3,
      senders: new TrapSenders({ resolve: async () => ['127.0.0.1'] }),
      log: pino({ level: 'silent' }),
    });
    await traps.start();
    traps.setDevices([device]);
  });
  afterEach(() => traps.stop());

  const send = (version: '1' | '2c', community: string, trap: string, ...more: string[]) => {
    const to = ['-c', community, ...more, `127.0.0.1:${traps.port}`];
    const what =
      version === '1'
        ? ['1.3.6.1.4.1.9', '127.0.0.1', '2', '0', '']
        : ['', trap, '1.3.6.1.2.1.2.2.1.1.7', 'i', '7'];
    return run(program, ['-v', version, ...to, ...what], { env: { MIBS: '' } });
  };

  it.each(['1', '2c'] as const)('v%s: a link of an assigned device has it read at once', async (version) => {
    const at = performance.now();
    await send(version, 'mine', linkDown);
    await eventually('read', () => read.length === 1);
    expect(read[0]?.id).toBe(5);
    expect(performance.now() - at).toBeLessThan(1000);
  });

  it('many at once are read for twice: now, and once more for those that came meanwhile', async () => {
    await Promise.all(Array.from({ length: 20 }, () => send('2c', 'mine', linkDown)));
    await eventually('all have come', () => traps.counts.hints === 20);
    await eventually('read twice', () => read.length === 2);
    const [first, second] = read;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(950);
  });

  it('answers an inform, so that it is not sent again', async () => {
    // snmptrap -Ci waits for the answer and fails without.
    await send('2c', 'mine', linkDown, '-Ci', '-t', '1', '-r', '0');
    expect(read).toHaveLength(1);
  });

  it('counts what is other, of strangers, or with another community, and does nothing', async () => {
    await send('2c', 'mine', '1.3.6.1.6.3.1.1.5.5');
    await send('2c', 'other', linkDown);
    traps.setDevices([{ ...device, address: '127.0.0.9' }]);
    await send('2c', 'mine', linkDown);
    await eventually('all have come', () => traps.counts.others === 3);
    expect(read).toEqual([]);
  });

  it('a device that is polled by v3 has no community to compare with', async () => {
    const credentials = { version: '3', user: 'anna' } as const;
    traps.setDevices([{ ...device, snmp: { port: 161, credentials } }]);
    await send('2c', 'whatever', linkDown);
    await eventually('read', () => read.length === 1);
  });

  it('other notifications of the device have it read, too', async () => {
    await send('2c', 'mine', '1.3.6.1.2.1.33.2.0.1');
    await eventually('read', () => read.length === 1);
  });

  describe.each([
    ['noAuthNoPriv', { version: '3', user: 'anna' }, []],
    [
      'authNoPriv',
      { version: '3', user: 'anna', auth: { protocol: 'sha256', key: 'correct horse' } },
      ['-a', 'SHA-256', '-A', 'correct horse'],
    ],
    [
      'authPriv',
      {
        version: '3',
        user: 'anna',
        auth: { protocol: 'sha', key: 'correct horse' },
        priv: { protocol: 'aes', key: 'battery staple' },
      },
      ['-a', 'SHA', '-A', 'correct horse', '-x', 'AES', '-X', 'battery staple'],
    ],
  ] as const)('v3 with %s', (level, credentials, keys) => {
    const sendV3 = (user: string, given: readonly string[], ...more: string[]) =>
      run(
        program,
        ['-v', '3', '-l', level, '-u', user, ...given, ...more, `127.0.0.1:${traps.port}`, '', linkDown],
        { env: { MIBS: '' } },
      );
    const authoritative = ['-e', '0x8000000001020304'];
    beforeEach(() => traps.setDevices([{ ...device, snmp: { port: 161, credentials } }]));

    it('opens a trap of the device', async () => {
      await sendV3('anna', keys, ...authoritative);
      await eventually('read', () => read.length === 1);
    });

    it('believes nobody else', async () => {
      await sendV3('berta', keys, ...authoritative);
      if (level !== 'noAuthNoPriv')
        await sendV3(
          'anna',
          keys.map((each) => (each === 'correct horse' ? 'wrong horse' : each)),
          ...authoritative,
        );
      const sent = level === 'noAuthNoPriv' ? 1 : 2;
      await eventually('all have come', () => traps.counts.others + traps.counts.broken === sent);
      expect(read).toEqual([]);
    });

    it('tells who it is and answers an inform, so that it is not sent again', async () => {
      await sendV3('anna', keys, '-Ci', '-t', '1', '-r', '1');
      expect(read).toHaveLength(1);
    });
  });

  it('finds devices that are assigned by name', async () => {
    traps.setDevices([{ ...device, address: 'switch.example' }]);
    await send('2c', 'mine', linkDown);
    await eventually('read', () => read.length === 1);
  });
});
