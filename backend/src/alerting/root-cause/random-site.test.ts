import { assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Connection, SiteGraph } from '../../cabling/graph/site-graph.ts';
import { TestSite } from './testing.ts';

interface Shape {
  readonly switches: number;
  readonly hosts: number;
  /** Further connections between switches. */
  readonly more: number;
}

/** A connected network of switches with hosts on them; device 1 is the switch beside the agent's own device 1000000. */
function randomSite({ switches, hosts, more }: Shape, random: () => number): TestSite {
  const network: Connection[] = [];
  let cable = 0;
  const join = (from: number, to: number) => {
    cable++;
    network.push({ from, to, cables: [cable], ports: [cable * 2, cable * 2 + 1], through: [] });
  };
  const agentAt = 1_000_000;
  join(1, agentAt);
  // A second way in: what the agent sees does not hang on one switch.
  join(2, agentAt);
  join(1, 2);
  for (let id = 3; id <= switches; id++) join(1 + Math.floor(random() * (id - 1)), id);
  for (let n = 0; n < more; n++) {
    const from = 1 + Math.floor(random() * switches);
    const to = 1 + Math.floor(random() * switches);
    if (from !== to) join(from, to);
  }
  for (let id = switches + 1; id <= switches + hosts; id++) join(1 + Math.floor(random() * switches), id);
  const ids = [...Array.from({ length: switches + hosts }, (_, index) => index + 1), agentAt];
  const site = new SiteGraph({
    devices: ids.map((id) => ({ id, transit: id <= switches, networkSource: id === 1, powerSource: true })),
    network,
    power: [],
  });
  return new TestSite({
    site,
    monitored: new Set(ids),
    agentAt,
    facts: {
      devices: new Map(
        ids.map((id) => [
          id,
          { name: `device ${id}`, role: id <= switches ? 'switch' : 'server', siteId: 1, roomId: 1 },
        ]),
      ),
      sites: new Map([[1, 'Rathaus']]),
      rooms: new Map([[1, 'Serverraum']]),
      ports: new Map(
        network.flatMap(({ from, to, ports: [a = 0, b = 0] }) => [
          [a, { deviceId: from, name: `to ${to} ${a}` }] as const,
          [b, { deviceId: to, name: `to ${from} ${b}` }] as const,
        ]),
      ),
      cables: new Map(network.map(({ cables: [id = 0] }) => [id, `K-${id}`])),
    },
  });
}

/** A linear congruential generator (Numerical Recipes): the same seed, the same site. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('in any network', () => {
  test('one dead device is one cause, and it is that device', () => {
    assert(
      property(
        integer(),
        integer({ min: 3, max: 30 }),
        integer({ min: 1, max: 40 }),
        (seed, switches, hosts) => {
          const random = randomFrom(seed);
          const town = randomSite({ switches, hosts, more: Math.floor(random() * switches) }, random);
          const dead = 1 + Math.floor(random() * (switches + hosts));
          const seen = town.see({ devices: [dead] });
          const [cause, ...more] = town.causes(seen);
          expect(more).toEqual([]);
          expect(cause?.key).toBe(`device:${dead}/reachability`);
          expect(new Set(cause?.affected)).toEqual(
            new Set([...seen.unreachable].filter((id) => id !== dead)),
          );
          expect(new Set(cause?.conditionIds)).toEqual(new Set(seen.conditions.map(({ id }) => id)));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('several dead devices: the nearest ones are the causes, everything belongs to one of them', () => {
    assert(
      property(
        integer(),
        integer({ min: 6, max: 30 }),
        integer({ min: 2, max: 5 }),
        (seed, switches, deaths) => {
          const random = randomFrom(seed);
          const town = randomSite({ switches, hosts: 20, more: switches }, random);
          const dead = new Set(
            Array.from({ length: deaths }, () => 3 + Math.floor(random() * (switches + 17))),
          );
          const seen = town.see({ devices: [...dead] });
          const found = town.causes(seen);
          for (const { cause } of found) expect(dead).toContain(cause.deviceId);
          const belongs = found.flatMap(({ cause, affected }) => [cause.deviceId, ...affected]);
          expect(belongs).toHaveLength(seen.unreachable.size);
          expect(new Set(belongs)).toEqual(seen.unreachable);
          const claimed = found.flatMap(({ conditionIds }) => conditionIds);
          expect(claimed).toHaveLength(seen.conditions.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('one cable is one cause or none, and it is named', () => {
    assert(
      property(integer(), integer({ min: 3, max: 30 }), (seed, switches) => {
        const random = randomFrom(seed);
        const town = randomSite({ switches, hosts: 10, more: switches }, random);
        const cable = 2 + Math.floor(random() * (town.site.network.connections.length - 2));
        const seen = town.see({ cables: [cable] });
        const found = town.causes(seen);
        expect(found).toHaveLength(1);
        expect(found[0]?.cause.linkLabel).toBe(`K-${cable}`);
      }),
      { numRuns: 300 },
    );
  });
});

test('has all of the way read again when the first device behind a dead switch is found not to answer', () => {
  assert(
    property(integer(), integer({ min: 3, max: 6 }), (seed, dead) => {
      const town = randomSite({ switches: 6, hosts: 20, more: 0 }, randomFrom(seed));
      const seen = town.see({ devices: [dead] });
      const all = town.see({});
      for (const id of seen.unreachable) {
        const conditions = seen.conditions.filter(({ deviceId }) => deviceId === id);
        const answering = new Set(all.answering);
        answering.delete(id);
        const [cause] = town.causes({ ...all, unreachable: new Set([id]), answering, conditions });
        expect(cause?.recheck).toContain(dead);
      }
    }),
    { numRuns: 50 },
  );
});

test('20,000 devices that fall silent with one switch are one cause', () => {
  const town = randomSite({ switches: 400, hosts: 19_600, more: 0 }, randomFrom(7));
  const seen = town.see({ devices: [1, 2] });
  expect(seen.unreachable.size).toBe(20_000);
  const found = town.causes(seen);
  expect(found).toHaveLength(1);
  expect(found[0]?.key).toBe('agent:1');
});

test('20,000 devices, each with a fault of its own', () => {
  const town = randomSite({ switches: 400, hosts: 19_600, more: 0 }, randomFrom(7));
  const seen = town.see({ devices: Array.from({ length: 19_600 }, (_, index) => 401 + index) });
  expect(town.causes(seen)).toHaveLength(19_600);
});
