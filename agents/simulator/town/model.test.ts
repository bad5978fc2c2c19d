import type { Fault } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { farEnd } from './cabling.ts';
import { localTime, officeActivity } from './calendar.ts';
import { smallTown } from './fixture.ts';
import { history } from './history.ts';
import { deviceStore } from './mib/device-store.ts';
import { World } from './world.ts';

// A Tuesday, ten in the morning in Germany.
const start = Date.UTC(2026, 10, 24, 9);
let lastId = 0;
const fault = (kind: Fault['kind'], target: string): Fault => ({ id: ++lastId, kind, target, since: start });

/** The value of a scalar or row as the device would answer it, in hex of its content; undefined when absent. */
function served(world: World, device: string, wanted: string): number | undefined {
  const found = world.town.devices.get(device);
  if (found === undefined) throw new Error(device);
  const store = deviceStore(found, world);
  const target = Uint8Array.from(oidBytes(wanted));
  const index = store.exact(target, 0, target.length);
  if (index < 0) return undefined;
  const out = new Uint8Array(400);
  const end = store.write(index, out, 0, out.length);
  if (end < 0) return undefined;
  const value = out.subarray(4 + target.length, end);
  return Number.parseInt(Buffer.from(value.subarray(2)).toString('hex') || '0', 16);
}

function oidBytes(dotted: string): number[] {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return [first * 40 + second, ...rest].flatMap((value) => {
    const bytes = [value % 128];
    for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128))
      bytes.unshift(0x80 | (left % 128));
    return bytes;
  });
}

const oper = (world: World, device: string, ifIndex: number) =>
  served(world, device, `1.3.6.1.2.1.2.2.1.8.${ifIndex}`);

describe('cabling', () => {
  const town = smallTown();
  it('is followed through panels, lanes of a fibre, and wall outlets', () => {
    expect(farEnd(town, 'core', '1/1/9')).toEqual({ owner: 'floor', port: '1/1/9' });
    expect(farEnd(town, 'floor', '1/1/9')).toEqual({ owner: 'core', port: '1/1/9' });
    expect(farEnd(town, 'ap', 'eth0')).toEqual({ owner: 'core', port: '1/1/2' });
    expect(farEnd(town, 'core', '1/1/3')).toBeNull();
    expect(farEnd(town, 'core', '1/1/8')).toBeNull();
  });
});

describe('a calm town', () => {
  it('has links where there are cables, and counts on them', () => {
    const world = new World(smallTown(), start);
    expect(oper(world, 'core', 1)).toBe(1);
    expect(oper(world, 'core', 3)).toBe(2);
    const before = served(world, 'core', '1.3.6.1.2.1.31.1.1.1.6.9') ?? 0;
    world.advance(start + 10_000);
    const after = served(world, 'core', '1.3.6.1.2.1.31.1.1.1.6.9') ?? 0;
    expect(after).toBeGreaterThan(before);
    const [core, floor] = [world.port('core:1/1/9'), world.port('floor:1/1/9')];
    const sent = core.outOctets;
    const received = floor.inOctets;
    world.advance(start + 40_000);
    expect(world.port('core:1/1/9').outOctets - sent).toBeCloseTo(
      world.port('floor:1/1/9').inOctets - received,
      0,
    );
  });

  it('is the same each time', () => {
    const [a, b] = [new World(smallTown(), start), new World(smallTown(), start)];
    for (const world of [a, b]) world.advance(start + 60_000);
    expect(a.state.rooms).toEqual(b.state.rooms);
    expect(a.port('core:1/1/9').inOctets).toBe(b.port('core:1/1/9').inOctets);
  });

  it('shares the load of two power supplies, and sums it up to the UPS', () => {
    const { state } = new World(smallTown(), start);
    const [viaA, viaB] = [state.flow.outlets.get('PDU A:1') ?? 0, state.flow.outlets.get('PDU B:1') ?? 0];
    expect(viaA).toBeCloseTo(viaB, 5);
    expect(viaA + viaB).toBeCloseTo(state.flow.into.get('core') ?? 0, 5);
    expect(state.flow.into.get('USV A')).toBeGreaterThan(state.flow.into.get('host') ?? 0);
  });
});

describe('mains that are cut', () => {
  it('drain the battery until what hangs on it alone goes dark, and come back', () => {
    const world = new World(smallTown(), start);
    const cut = fault('cut-mains', 'USV A');
    world.setFaults([cut], start);
    expect(served(world, 'USV A', '1.3.6.1.2.1.33.1.4.1.0')).toBe(5);
    world.advance(start + 60_000);
    const charge = served(world, 'USV A', '1.3.6.1.2.1.33.1.2.4.0') ?? 0;
    expect(charge).toBeLessThan(100);
    expect(charge).toBeGreaterThan(0);
    expect(served(world, 'USV A', '1.3.6.1.2.1.33.1.2.2.0')).toBe(60);
    expect(served(world, 'USV A', '1.3.6.1.2.1.33.1.6.1.0')).toBe(2);
    expect(world.isOn('host')).toBe(true);

    world.advance(start + 3 * 3_600_000);
    expect(world.isOn('USV A')).toBe(false);
    expect(world.isOn('PDU A')).toBe(false);
    expect(world.isOn('host')).toBe(false);
    // The core has a second supply, and its port to the dead host is down.
    expect(world.isOn('core')).toBe(true);
    expect(oper(world, 'core', 1)).toBe(2);

    const boots = world.boot('host').count;
    world.setFaults([], start + 3 * 3_600_000);
    expect(world.isOn('host')).toBe(true);
    expect(world.boot('host').count).toBe(boots + 1);
    expect(world.uptimeTicks('host')).toBeLessThan(1);
    expect(oper(world, 'core', 1)).toBe(1);
    world.advance(start + 4 * 3_600_000);
    expect(served(world, 'USV A', '1.3.6.1.2.1.33.1.2.4.0')).toBe(100);
  });
});

describe('other faults', () => {
  it('an unplugged cable takes both ends and both neighbours down, at once', () => {
    const world = new World(smallTown(), start);
    const neighbour = '1.0.8802.1.1.2.1.4.1.1.9.0.9.1';
    expect(served(world, 'core', neighbour)).toBeDefined();
    const changed = served(world, 'core', '1.0.8802.1.1.2.1.2.1.0');
    world.setFaults([fault('unplug-cable', 'floor/1/1/9')], start + 5000);
    expect([oper(world, 'core', 9), oper(world, 'floor', 9)]).toEqual([2, 2]);
    expect(served(world, 'core', neighbour)).toBeUndefined();
    expect(served(world, 'core', '1.0.8802.1.1.2.1.2.1.0')).not.toBe(changed);
    world.setFaults([], start + 6000);
    expect(served(world, 'core', neighbour)).toBeDefined();
  });

  it('a killed switch takes its access point along, which it feeds', () => {
    const world = new World(smallTown(), start);
    world.setFaults([fault('kill-device', 'core')], start + 1000);
    expect(world.isOn('core')).toBe(false);
    expect(world.isOn('ap')).toBe(false);
    expect(world.isOn('host')).toBe(true);
    expect(oper(world, 'floor', 9)).toBe(2);
    world.setFaults([], start + 2000);
    expect(world.isOn('ap')).toBe(true);
  });

  it('a pulled power cord takes a device with one supply down, and one with two not', () => {
    const world = new World(smallTown(), start);
    world.setFaults([fault('unplug-cable', 'host/PSU 1'), fault('unplug-cable', 'core/PSU 1')], start);
    expect([world.isOn('host'), world.isOn('core')]).toEqual([false, true]);
    expect(world.state.flow.outlets.get('PDU B:1')).toBeCloseTo(world.state.flow.into.get('core') ?? 0, 5);
    world.setFaults([], start + 1000);
    expect(world.isOn('host')).toBe(true);
  });

  it('an access point without its cable has no power', () => {
    const world = new World(smallTown(), start);
    for (const end of ['ap/eth0', 'D1/1', 'P/1', 'core/1/1/2']) {
      world.setFaults([fault('unplug-cable', end)], start);
      expect(world.isOn('ap'), end).toBe(false);
      world.setFaults([], start);
      expect(world.isOn('ap'), end).toBe(true);
    }
  });

  it('what no link leads to is silent, when it is said where the agent stands', () => {
    const world = new World(smallTown(), start, 'host');
    expect(['core', 'floor', 'ap', 'USV A'].map((name) => world.answers(name))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    world.setFaults([fault('unplug-cable', 'core/1/1/9')], start);
    expect(world.answers('floor')).toBe(false);
    expect(world.isOn('floor')).toBe(true);
    world.setFaults([], start);
    expect(world.answers('floor')).toBe(true);
  });

  it('a room without cooling gets hot, and cools down again', () => {
    const world = new World(smallTown(), start);
    const room = 'Rathaus/Serverraum';
    const calm = world.state.rooms.get(room) ?? 0;
    expect(calm).toBeGreaterThan(18);
    expect(calm).toBeLessThan(26);
    world.setFaults([fault('heat-room', room)], start);
    world.advance(start + 60_000);
    expect(world.state.rooms.get(room)).toBeGreaterThan(calm + 3);
    world.advance(start + 600_000);
    expect(world.state.rooms.get(room)).toBeGreaterThan(32);
    world.setFaults([], start + 600_000);
    world.advance(start + 1_800_000);
    expect(world.state.rooms.get(room)).toBeLessThan(26);
  });

  it('a disk fills within seconds and is empty again afterwards', () => {
    const world = new World(smallTown(), start);
    const fill = () =>
      (served(world, 'host', '1.3.6.1.2.1.25.2.3.1.6.33') ?? 0) /
      (served(world, 'host', '1.3.6.1.2.1.25.2.3.1.5.33') ?? 1);
    const before = fill();
    world.setFaults([fault('fill-disk', 'host')], start);
    world.advance(start + 40_000);
    expect(fill()).toBeGreaterThan(0.97);
    world.setFaults([], start + 41_000);
    expect(fill()).toBeCloseTo(before, 2);
  });

  it('doors and water show at once', () => {
    const world = new World(smallTown(), start);
    const input = (number: number) => served(world, 'Raum', `1.3.6.1.4.1.21796.3.3.1.1.5.${number}`);
    expect([input(1), input(2)]).toEqual([0, 0]);
    world.setFaults([fault('open-door', 'Raum'), fault('leak-water', 'Raum')], start);
    expect([input(1), input(2)]).toEqual([1, 1]);
  });
});

describe('time', () => {
  it('follows office hours in central European time, with summer time', () => {
    expect(localTime(Date.UTC(2026, 10, 24, 9))).toEqual({ weekday: 1, hour: 10 });
    expect(localTime(Date.UTC(2026, 6, 24, 9)).hour).toBe(11);
    expect(localTime(Date.UTC(2026, 2, 29, 0, 59)).hour).toBeCloseTo(1.983, 2);
    expect(localTime(Date.UTC(2026, 2, 29, 1)).hour).toBe(3);
    expect(officeActivity(Date.UTC(2026, 10, 24, 9))).toBeGreaterThan(0.9);
    expect(officeActivity(Date.UTC(2026, 10, 24, 1))).toBeLessThan(0.1);
    expect(officeActivity(Date.UTC(2026, 10, 21, 9))).toBeLessThan(0.1);
  });
});

describe('history', () => {
  const town = smallTown();
  const hour = 3_600_000;

  it('has one mains failure, gaps, and values that the catalogue holds to be plausible', () => {
    const readings = [...history(town, { from: start - 24 * hour, to: start, stepMs: 60_000 }, start)];
    const ups = readings.filter((reading) => reading.device === 'USV A' && reading.kind === 'ups');
    expect(ups.filter((reading) => reading.values.source === 5)).toHaveLength(7);
    expect(ups).toHaveLength(24 * 60 - 12);
    expect(Math.min(...ups.map((reading) => reading.values.charge ?? 1))).toBeLessThan(0.97);
    expect(ups.at(-1)?.values.charge).toBe(1);
    expect(readings.every((reading) => Object.keys(reading.values).length > 0)).toBe(true);
    const kinds = new Set(readings.map((reading) => reading.kind));
    expect([...kinds].sort()).toEqual(['device', 'line', 'port', 'sensor', 'storage', 'ups']);
  });

  it('meets the present without a jump', () => {
    const last = [...history(town, { from: start - 60_000, to: start, stepMs: 60_000 }, start)];
    const world = new World(town, start);
    const past = last.find((reading) => reading.entity === 'Zuluft')?.values.temperature ?? 0;
    expect(Math.abs(past - (world.state.rooms.get('Rathaus/Serverraum') ?? 0))).toBeLessThan(0.5);
  });
});
