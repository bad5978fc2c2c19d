import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { expect, it } from 'vitest';
import { defaultGateway } from './default-gateway.ts';
import { GatewayWitness } from './gateway-witness.ts';

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
    othersAnsweredAt: () => Number.NEGATIVE_INFINITY,
    monotonicMs: () => 0,
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

it('takes nothing from a silent gateway while devices answer', async () => {
  let now = 1_000;
  let answeredAt = 900;
  let answers = true;
  const told: boolean[] = [];
  const witness = new GatewayWitness({
    gateway: async () => '192.168.1.1',
    echo: async () => {
      now += 10;
      return { rttMs: answers ? 1 : null };
    },
    othersAnsweredAt: () => answeredAt,
    monotonicMs: () => now,
    tell: (each) => told.push(each),
    log: pino({ level: 'silent' }),
  });
  await witness.ask();
  answers = false;
  // The last one answered before the gateway was asked.
  await witness.ask();
  expect(told).toEqual([true, false]);
  answeredAt = now + 5;
  await witness.ask();
  expect(told).toEqual([true, false, true]);
  await witness.stop();
});
