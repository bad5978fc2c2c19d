import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { expect, it } from 'vitest';
import { defaultGateway } from './default-gateway.ts';
import { GatewayWitness } from './gateway-witness.ts';
import { LastAnswers } from './last-answers.ts';

it('finds the default gateway in the table of routes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-route-'));
  const file = join(folder, 'route');
  writeFileSync(
    file,
    [
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
      'eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
      'eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0',
      '',
    ].join('\n'),
  );
  expect(await defaultGateway(file)).toBe('192.168.1.1');
  writeFileSync(file, 'Iface\tDestination\tGateway\tFlags\n');
  expect(await defaultGateway(file)).toBeNull();
  expect(await defaultGateway(join(folder, 'none'))).toBeNull();
  rmSync(folder, { recursive: true });
});

it('believes only a gateway that has answered before, and asks more than once', async () => {
  let gateway: string | null = '192.168.1.1';
  let answers = false;
  let asked = 0;
  const told: boolean[] = [];
  const witness = new GatewayWitness({
    gateway: async () => gateway,
    echo: async () => {
      asked++;
      return { rttMs: answers ? 1 : null };
    },
    othersAnswer: () => false,
    tell: (each) => told.push(each),
    log: pino({ level: 'silent' }),
  });
  await witness.ask();
  expect([told, asked]).toEqual([[], 3]);
  answers = true;
  await witness.ask();
  answers = false;
  await witness.ask();
  expect(told).toEqual([true, false]);
  // The interface is down, and its route with it.
  gateway = null;
  await witness.ask();
  expect(told).toEqual([true, false, false]);
  await witness.stop();
});

it('takes nothing from a silent gateway while devices answer that are read once a minute', async () => {
  const minute = 60_000;
  let now = 1_000;
  let answers = true;
  const told: boolean[] = [];
  const devices = new LastAnswers({ monotonicMs: () => now });
  const witness = new GatewayWitness({
    gateway: async () => '192.168.1.1',
    echo: async () => ({ rttMs: answers ? 1 : null }),
    othersAnswer: () => devices.any(),
    tell: (each) => told.push(each),
    log: pino({ level: 'silent' }),
  });
  const last = async () => {
    await witness.ask();
    return told.at(-1);
  };
  await witness.ask();
  answers = false;
  expect(await last()).toBe(false);
  // Two devices, read in the same second of each minute: between their rounds the gateway is asked five times.
  for (let round = 0; round < 3; round++) {
    for (const id of [1, 2]) devices.note(id, true, minute);
    for (let asked = 0; asked < 6; asked++) {
      expect(await last(), `${asked * 10} s after round ${round}`).toBe(true);
      now += 10_000;
    }
  }
  // One that falls silent takes its own answer back, not that of the other.
  devices.note(1, false, minute);
  expect(await last()).toBe(true);
  devices.note(2, false, minute);
  expect(await last()).toBe(false);
  // An answer stands no longer than until the next one is due, and a device that was taken away speaks for nothing.
  devices.note(1, true, minute);
  now += minute + 10_001;
  expect(await last()).toBe(false);
  devices.note(2, true, minute);
  devices.forget(2);
  expect(await last()).toBe(false);
  await witness.stop();
});
