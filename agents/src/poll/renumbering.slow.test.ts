import type { AssignedDevice } from '@rackhaus/config/contract';
import { loadProfiles, type ProfileSet } from '@rackhaus/config/profiles';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveStore, SnmpResponder, type StoreEntry, snmpValue } from '../../simulator/index.ts';
import { DevicePoller } from './device-poller.ts';

const { counter32, counter64, gauge32, integer, objectId, octets, timeTicks } = snmpValue;
const ifEntry = '1.3.6.1.2.1.2.2.1';
const ifXEntry = '1.3.6.1.2.1.31.1.1.1';
const names = ['Gi1/0/1', 'Gi1/0/2', 'Te1/1/1', 'Te1/1/2'];
const indexes = [1, 2, 3, 4, 10, 11];
const round = 2n ** 32n;

/** What happens before a poll: time goes by, each port carries something, ports change their numbers, the device starts anew. */
const step = fc.record({
  seconds: fc.integer({ min: 5, max: 100 }),
  /** Octets a second. */
  rates: fc.tuple(...names.map(() => fc.integer({ min: 0, max: 20_000_000 }))),
  event: fc.constantFrom('none', 'none', 'renumbered', 'restart', 'clock set', 'port gone'),
  numbers: fc.shuffledSubarray(indexes, { minLength: 4, maxLength: 4 }),
  jumpMs: fc.integer({ min: -86_400_000, max: 3 * 86_400_000 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A switch whose ports have names and, for the time being, numbers. */
class Switch {
  ticks = 4_294_967_296 - 20_000;
  boots = 3;
  octets = [0n, 2n ** 40n, round - 1000n, 5_000_000n];
  numbers = [1, 2, 3, 4];
  gone: number | null = null;
  readonly wide: boolean;

  constructor(wide: boolean) {
    this.wide = wide;
  }

  store(): LiveStore {
    const cells = (column: string, read: (port: number) => Uint8Array): StoreEntry[] =>
      indexes.map((index) => ({
        oid: `${column}.${index}`,
        value: () => {
          const port = this.numbers.indexOf(index);
          return port < 0 || port === this.gone ? undefined : read(port);
        },
      }));
    return new LiveStore([
      { oid: '1.3.6.1.2.1.1.1.0', value: octets('Test switch') },
      { oid: '1.3.6.1.2.1.1.2.0', value: objectId('1.3.6.1.4.1.99999.1') },
      { oid: '1.3.6.1.2.1.1.3.0', value: () => timeTicks(this.ticks % 2 ** 32) },
      { oid: '1.3.6.1.6.3.10.2.1.2.0', value: () => integer(this.boots) },
      // ifTableLastChange is not there: only the names say that the numbers are others.
      ...cells(`${ifEntry}.2`, (port) => octets(names[port] ?? '')),
      ...cells(`${ifEntry}.7`, () => integer(1)),
      ...cells(`${ifEntry}.8`, () => integer(1)),
      ...cells(`${ifEntry}.10`, (port) => counter32(Number((this.octets[port] ?? 0n) % round))),
      ...cells(`${ifXEntry}.1`, (port) => octets(names[port] ?? '')),
      ...(this.wide ? cells(`${ifXEntry}.6`, (port) => counter64(this.octets[port] ?? 0n)) : []),
      ...cells(`${ifXEntry}.15`, () => gauge32(1000)),
    ]);
  }

  live({ seconds, rates, event, numbers }: Step): void {
    this.ticks += seconds * 100;
    this.gone = event === 'port gone' ? 1 : null;
    if (event === 'renumbered' || event === 'restart') this.numbers = numbers;
    if (event === 'restart') {
      // All of this step's traffic comes after the start.
      this.ticks = seconds * 100;
      this.boots++;
      this.octets = [0n, 0n, 0n, 0n];
    }
    this.octets = this.octets.map((count, port) => count + BigInt(rates[port] ?? 0) * BigInt(seconds));
  }
}

describe('a switch whose ports change their numbers', () => {
  let profiles: ProfileSet;
  beforeAll(async () => {
    profiles = await loadProfiles();
  });
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterAll(() => void vi.useRealTimers());

  async function play(wide: boolean, steps: readonly Step[]): Promise<number> {
    let rates = 0;
    const device = new Switch(wide);
    const responder = new SnmpResponder({ community: 'public', store: device.store() });
    const { port } = await responder.listen();
    let wall = 1_780_000_000_000;
    const assigned: AssignedDevice = {
      id: 3,
      name: 'switch',
      address: '127.0.0.1',
      snmp: { port, credentials: { version: '2c', community: 'public' } },
      profile: null,
      intervalSeconds: 60,
      ping: false,
      tcp: [],
    };
    const poller = new DevicePoller({ device: assigned, profiles, now: () => wall });
    try {
      await poller.poll(new AbortController().signal);
      for (const each of steps) {
        device.live(each);
        vi.advanceTimersByTime(each.seconds * 1000);
        wall += each.seconds * 1000 + (each.event === 'clock set' ? each.jumpMs : 0);
        const result = await poller.poll(new AbortController().signal);
        expect(result.reachable).toBe(true);
        for (const reading of result.readings) {
          expect(reading.time).toBe(wall);
          const at = names.indexOf(reading.entity);
          if (reading.kind !== 'port' || at < 0 || reading.values.rx === undefined) continue;
          rates++;
          const rate = (each.rates[at] ?? 0) * 8;
          expect(reading.values.rx).toBeGreaterThanOrEqual(0);
          // Rounded to the catalogue's decimals.
          expect(Math.abs(reading.values.rx - rate)).toBeLessThanOrEqual(rate * 1e-6 + 1);
        }
        if (each.event === 'restart')
          expect(result.readings.filter(({ values }) => values.rx !== undefined)).toEqual([]);
      }
      return rates;
    } finally {
      poller.close();
      await responder.close();
    }
  }

  it.each([
    ['64-bit', true],
    ['32-bit', false],
  ])(
    'has the right %s rates at each name or none, whatever happens',
    async (_, wide) => {
      let rates = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
          rates += await play(wide, steps);
        }),
        { numRuns: 60 },
      );
      expect(rates).toBeGreaterThan(300);
    },
    60_000,
  );
});
