import type { Fault } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallTown } from './fixture.ts';
import { deviceStore } from './mib/device-store.ts';
import { places } from './places.ts';
import { portList } from './port-list.ts';
import { Simulation } from './simulation.ts';
import { portKey, type Town } from './topology.ts';
import { World } from './world.ts';

const start = Date.UTC(2026, 10, 24, 9);
const town = smallTown();
const desk = 'PC D2/1';

/** A town in which things are done by the words that the control takes. */
function technician() {
  const simulation = new Simulation({ town, now: () => start, runAgent: null });
  return { simulation, world: simulation.world, ...hands(simulation) };
}

function hands(simulation: Simulation) {
  const done = (kind: Fault['kind'], target: string): number => {
    const fault = simulation.add({ kind, target });
    if (fault === null) throw new Error(`${kind} ${target}: nothing there`);
    if ('refused' in fault) throw new Error(fault.refused);
    return fault.id;
  };
  return {
    unplug: (target: string) => done('unplug-cable', target),
    plug: (a: string, b: string) => done('plug-cable', `${a}|${b}`),
  };
}

const far = (world: World, device: string, port: string) => {
  const found = world.connection(portKey(device, port))?.far;
  return found === undefined ? null : `${found.owner}/${found.port}`;
};

/** Ports at which a switch sees the MAC address of a workplace's computer. */
const seen = (world: World, device: string, workplace = desk) =>
  (world.forwarding().learned.get(device) ?? [])
    .filter(({ station }) => station.mac === world.town.workplaces.get(workplace)?.computer)
    .map(({ ifIndex }) => ifIndex);

/** All that follows from how cables hang. */
function picture(world: World) {
  return {
    links: [...world.town.devices.values()].flatMap((device) =>
      device.ports.map((port) => {
        const connection = world.connection(portKey(device.name, port.name));
        return [device.name, port.name, connection?.far ?? null, connection?.speed ?? 0];
      }),
    ),
    powered: [...world.state.powered].sort(),
    poe: [...world.map.poeSource],
    feeds: [...world.map.feeds],
    forwarding: [...world.forwarding().learned, ...world.forwarding().neighbours],
    ports: portList(world),
  };
}

describe('cables in the simulated town', () => {
  it('hang as documented at first, with computers at jacks that nothing documented is plugged into', () => {
    const { world } = technician();
    expect(far(world, 'core', '1/1/2')).toBe('ap/eth0');
    expect([...town.workplaces.keys()]).toEqual([desk, 'PC D2/2']);
    expect(far(world, 'core', '1/1/7')).toBe(`${desk}/LAN`);
    expect(seen(world, 'core')).toEqual([7]);
    expect(seen(world, 'floor')).toEqual([9]);
  });

  it('can be moved: links, neighbours, power over Ethernet and addresses follow', () => {
    const { world, unplug, plug } = technician();
    unplug('core/1/1/7');
    expect(world.port('core:1/1/7').up).toBe(false);
    expect(seen(world, 'core')).toEqual([]);
    plug('core/1/1/6', 'P/2');
    expect(seen(world, 'core')).toEqual([6]);

    unplug('ap/eth0');
    expect(world.isOn('ap')).toBe(false);
    expect(far(world, 'core', '1/1/2')).toBeNull();
    plug('floor/1/1/4', 'ap/eth0');
    expect(world.isOn('ap')).toBe(true);
    expect(world.map.poeSource.get('ap')).toBe('floor');
    expect(lldp(world, 'floor', 4)).toContain('ap');
    expect(lldp(world, 'core', 2)).toBeNull();
    expect(lldp(world, 'ap', 1)).toContain('floor');
  });

  it('carry a computer along to another jack', () => {
    const { world, unplug, plug } = technician();
    unplug('ap/eth0');
    unplug(`${desk}/LAN`);
    expect(seen(world, 'core')).toEqual([]);
    plug(`${desk}/LAN`, 'D1/1');
    expect(seen(world, 'core')).toEqual([2]);
  });

  it('can feed a device from another outlet', () => {
    const { world, unplug, plug } = technician();
    unplug('host/PSU 1');
    expect(world.isOn('host')).toBe(false);
    plug('PDU B/4', 'host/PSU 1');
    expect(world.isOn('host')).toBe(true);
    expect(world.state.flow.outlets.get('PDU B:4')).toBeGreaterThan(0);
  });

  it('tells when neighbours have changed, also when the link is up as before', () => {
    const world = new World(town, start);
    const fault = (id: number, kind: Fault['kind'], target: string) => ({ id, kind, target, since: start });
    const before = [world.wiring, world.wiringChangedAt()];
    const swap = [
      fault(1, 'unplug-cable', 'core/1/1/7'),
      fault(2, 'unplug-cable', 'core/1/1/1'),
      fault(3, 'plug-cable', 'core/1/1/7|host/eno1'),
    ];
    world.setFaults(swap, start + 1000);
    expect(far(world, 'core', '1/1/7')).toBe('host/eno1');
    expect(world.wiring).toBeGreaterThan(before[0] ?? 0);
    expect(world.wiringChangedAt()).toBe(start + 1000);
  });
});

describe('a port', () => {
  it.each([
    ['core/1/1/1|floor/1/1/1', 'core 1/1/1 is taken by the cable to host eno1.'],
    ['P/1|core/1/1/8', 'P 1 is taken by the cable to core 1/1/2.'],
    ['D2/1|core/1/1/8', 'D2 1 is taken by the cable to PC D2/1 LAN.'],
    ['LWL-1/T1|core/1/1/8', 'LWL-1 T1 is taken by the cable to LWL-2 T1.'],
    ['core/1/1/8|core/1/1/8', 'needs two ports'],
    ['core/1/1/8|PDU A/5', 'one is for power'],
    ['PDU B/7|PDU A/5', 'needs an outlet and an inlet'],
  ])('refuses %s', (target, reason) => {
    const { simulation, world } = technician();
    const before = picture(world);
    expect(simulation.add({ kind: 'plug-cable', target })).toEqual({
      refused: expect.stringContaining(reason),
    });
    expect(picture(world)).toEqual(before);
  });

  it.each(['core/1/1/8', 'core/1/1/8|nobody/1', 'core/1/1/8|floor/77'])('has to be there: %s', (target) => {
    expect(technician().simulation.add({ kind: 'plug-cable', target })).toBeNull();
  });

  it('does not take its old cable back while another one is in it', () => {
    const { simulation, world, unplug, plug } = technician();
    const calm = picture(world);
    const pulled = unplug('core/1/1/1');
    const plugged = plug('core/1/1/1', 'floor/1/1/1');
    expect(simulation.remove(pulled)).toEqual({
      refused: expect.stringContaining('core 1/1/1 is taken by the cable to floor 1/1/1'),
    });
    const again = unplug('core/1/1/1');
    expect(again).not.toBe(pulled);
    expect(far(world, 'core', '1/1/1')).toBeNull();
    // What pulled the new cable has nothing to do any more once that one was never there.
    expect(simulation.remove(plugged)).toBe(true);
    expect(simulation.state().faults.map(({ id }) => id)).toEqual([pulled]);
    expect(simulation.remove(pulled)).toBe(true);
    expect(picture(world)).toEqual(calm);
  });
});

describe('whatever is plugged and pulled', () => {
  const targets = places(town).map(({ owner, port }) => `${owner}/${port}`);
  const port = fc.constantFrom(...targets);
  const action = fc.oneof(
    fc.record({ kind: fc.constant('unplug-cable' as const), target: port }),
    fc.record({
      kind: fc.constant('plug-cable' as const),
      target: fc.tuple(port, port).map(([a, b]) => `${a}|${b}`),
    }),
  );
  const fresh = picture(new World(town, start));

  it('the town is as before once all is undone, in any order', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 25 }), fc.infiniteStream(fc.nat()), (actions, dice) => {
        const simulation = new Simulation({ town, now: () => start, runAgent: null });
        for (const one of actions) {
          simulation.add(one);
          expectEdgesOnce(simulation.world, town);
        }
        let refusals = 0;
        for (let left = simulation.state().faults; left.length > 0; left = simulation.state().faults) {
          const chosen = left[dice.next().value % left.length];
          if (chosen !== undefined && simulation.remove(chosen.id) !== true) refusals++;
          if (refusals > 1000) throw new Error('nothing can be undone any more');
        }
        expect(picture(simulation.world)).toEqual(fresh);
      }),
      { numRuns: 60 },
    );
  });
});

/** Every computer is attached to one edge port at most, and no switch sees it twice. */
function expectEdgesOnce(world: World, { workplaces }: Town): void {
  const { learned } = world.forwarding();
  for (const { name, computer } of workplaces.values()) {
    const all = [...learned.values()].flat().filter(({ station }) => station.mac === computer);
    expect(new Set(all.map(({ station }) => `${station.at} ${station.ifIndex}`)).size).toBeLessThanOrEqual(1);
    for (const device of learned.keys()) expect(seen(world, device, name).length).toBeLessThanOrEqual(1);
    const edges = [...learned].filter(([device, list]) =>
      list.some(({ station }) => station.mac === computer && station.at === device),
    );
    expect(edges.length).toBe(all.length === 0 ? 0 : 1);
  }
}

/** What a walk of the neighbours' names finds at a local port; null for none. */
function lldp(world: World, device: string, ifIndex: number): string | null {
  const found = world.town.devices.get(device);
  if (found === undefined) throw new Error(device);
  const store = deviceStore(found, world);
  const oid = Uint8Array.of(0x28, 0xc4, 0x62, 1, 1, 2, 1, 4, 1, 1, 9, 0, ifIndex, 1);
  const index = store.exact(oid, 0, oid.length);
  if (index < 0) return null;
  const out = new Uint8Array(400);
  const end = store.write(index, out, 0, out.length);
  return end < 0 ? null : Buffer.from(out.subarray(0, end)).toString('latin1');
}
