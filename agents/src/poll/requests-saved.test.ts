import { Profile, profileSet } from '@rackhaus/config/profiles';
import { afterEach, describe, expect, it } from 'vitest';
import { LiveStore, snmpValue } from '../../simulator/index.ts';
import { pollDevice } from '../testing/polled-device.ts';
import type { PollResult } from './device-poller.ts';

const { counter32, integer, objectId, octets, timeTicks } = snmpValue;
const root = '1.3.6.1.4.1.99999';
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const absent = Array.from({ length: 30 }, (_, i) => ({
  id: `absent-${i}`,
  columns: { state: `${root}.${100 + i}.1.1` },
  values: [{ metric: 'sensor.state', column: 'state', map: { 1: 'ok' } }],
}));
const profile = Profile.parse({
  id: 'bridge',
  title: 'Bridge',
  match: [{}],
  scalars: [
    {
      id: 'tree',
      objects: { changes: `${root}.1.1.0`, since: `${root}.1.2.0` },
      values: [
        { metric: 'device.stpChanges', column: 'changes', rate: 32 },
        { metric: 'device.stpChangedAt', column: 'since', ago: true },
      ],
    },
  ],
  tables: [
    {
      id: 'tree-ports',
      changed: `${root}.1.1.0`,
      columns: { state: `${root}.2.1.1` },
      values: [{ metric: 'port.stp', column: 'state' }],
    },
    ...absent,
  ],
});

class Bridge {
  ticks = 100_000;
  changes = 7;
  forwarding = 5;

  async serve(version: '1' | '2c' = '2c'): Promise<() => Promise<PollResult>> {
    const store = new LiveStore([
      { oid: '1.3.6.1.2.1.1.1.0', value: octets('Bridge') },
      { oid: '1.3.6.1.2.1.1.2.0', value: objectId(`${root}.9`) },
      { oid: '1.3.6.1.2.1.1.3.0', value: () => timeTicks(this.ticks) },
      { oid: `${root}.1.1.0`, value: () => counter32(this.changes) },
      { oid: `${root}.1.2.0`, value: timeTicks(6000) },
      { oid: `${root}.2.1.1.1`, value: () => integer(this.forwarding) },
    ]);
    const { poll, close } = await pollDevice({
      serving: { store },
      profiles: profileSet(new Map([[profile.id, profile]])),
      credentials: { version, community: 'public' },
    });
    closing.push(close);
    return poll;
  }
}

function valuesOf({ readings }: PollResult, kind: string): Readonly<Record<string, number>> {
  return readings.find((reading) => reading.kind === kind)?.values ?? {};
}

describe('what costs requests', () => {
  it.each(['1', '2c'] as const)(
    'asks for absent tables many at once, in SNMP version %s',
    async (version) => {
      const poll = await new Bridge().serve(version);
      const first = await poll();
      expect(first.problem).toBeNull();
      expect(valuesOf(first, 'port')).toEqual({ stp: 5 });
      expect(valuesOf(first, 'device').pollRequests).toBeLessThan(20);
    },
  );

  it('reads a table that says when it changes at a refresh and then', async () => {
    const bridge = new Bridge();
    const poll = await bridge.serve();
    await poll();
    bridge.forwarding = 2;
    const still = await poll();
    expect(valuesOf(still, 'port')).toEqual({});
    expect(valuesOf(still, 'device').pollRequests).toBe(1);
    bridge.changes++;
    expect(valuesOf(await poll(), 'port')).toEqual({ stp: 2 });
    expect(valuesOf(await poll(), 'port')).toEqual({});
  });

  it('gives rates of scalars by the clock of the device, and moments', async () => {
    const bridge = new Bridge();
    const poll = await bridge.serve();
    const first = valuesOf(await poll(), 'device');
    expect(first.stpChanges).toBeUndefined();
    expect(first.stpChangedAt).toBe(1_780_000_000_000 - 60_000);
    bridge.ticks += 1000;
    bridge.changes += 5;
    expect(valuesOf(await poll(), 'device').stpChanges).toBe(0.5);
    // Started anew: less than before is no rate.
    bridge.ticks = 500;
    bridge.changes = 0;
    expect(valuesOf(await poll(), 'device').stpChanges).toBeUndefined();
  });
});
