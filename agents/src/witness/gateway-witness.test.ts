import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

describe('a gateway that falls silent', () => {
  const minute = 60_000;
  let now: number;
  let answers: boolean;
  let devices: LastAnswers;
  let witness: GatewayWitness;
  let told: boolean | undefined;
  /** What is told after the gateway has been asked once more. */
  const ask = async () => {
    await witness.ask();
    return told;
  };
  const note = (answered: boolean, intervalMs: number, ...ids: number[]) => {
    for (const id of ids) devices.note(id, answered, intervalMs);
  };

  beforeEach(async () => {
    now = 1_000;
    answers = true;
    devices = new LastAnswers({ monotonicMs: () => now });
    witness = new GatewayWitness({
      gateway: async () => '192.168.1.1',
      echo: async () => ({ rttMs: answers ? 1 : null }),
      othersAnswer: (silentSince) => devices.speakForNetwork(silentSince),
      monotonicMs: () => now,
      tell: (each) => {
        told = each;
      },
      log: pino({ level: 'silent' }),
    });
    expect(await ask()).toBe(true);
    answers = false;
  });
  afterEach(() => witness.stop());

  it('is no outage while devices answer that are read once a minute', async () => {
    // Two devices, read in the same second of each minute: between their rounds the gateway is asked five times.
    for (let round = 0; round < 3; round++) {
      note(true, minute, 1, 2);
      for (let asked = 0; asked < 6; asked++) {
        expect(await ask(), `${asked * 10} s after round ${round}`).toBe(true);
        now += 10_000;
      }
    }
  });

  it('is an outage as soon as two devices that had answered do not, whatever others said an hour ago', async () => {
    note(true, minute, 1, 2);
    note(true, 60 * minute, 3, 4);
    now += 10_000;
    expect(await ask()).toBe(true);
    now += 10_000;
    // Of two devices one may have been switched off.
    note(false, minute, 1);
    expect(await ask()).toBe(true);
    note(false, minute, 2);
    expect(await ask()).toBe(false);
    // Somebody answers again: there is a network.
    note(true, minute, 2);
    expect(await ask()).toBe(true);
  });

  it('is none for devices that were silent before', async () => {
    note(true, minute, 1, 2, 3);
    now += 1_000;
    note(false, minute, 2, 3);
    now += 1_000;
    expect(await ask()).toBe(true);
    note(false, minute, 2, 3);
    expect(await ask()).toBe(true);
  });

  it('is one where nobody has answered, where an answer is older than a round, and where who answered was taken away', async () => {
    expect(await ask()).toBe(false);
    note(true, minute, 1);
    expect(await ask()).toBe(true);
    answers = true;
    await ask();
    answers = false;
    now += minute + 10_001;
    expect(await ask()).toBe(false);
    note(true, minute, 2);
    devices.forget(2);
    expect(await ask()).toBe(false);
  });
});
