import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dominators, dominatorsOf } from './dominators.ts';
import { flowGraph, reachable } from './flow-graph.ts';
import { impactBetween, impactOf, isFed, singleSupplies } from './impact.ts';
import { type Connection, SiteGraph } from './site-graph.ts';

const devices = ['firewall', 'core-1', 'core-2', 'access', 'host', 'pc', 'ups-a', 'ups-b', 'pdu-a', 'pdu-b'];
const id = (name: string) => devices.indexOf(name) + 1;
let cable = 100;
const joined = (words: string): Connection[] =>
  words.split(' ').map((word) => {
    const [a = '', b = ''] = word.split('>');
    cable++;
    return { from: id(a), to: id(b), cables: [cable], ports: [cable * 10, cable * 10 + 1], through: [] };
  });

function room(network: string, power: string) {
  cable = 100;
  const links = joined(network);
  const cords = joined(power);
  const fed = new Set(cords.map((cord) => cord.to));
  const site = new SiteGraph({
    devices: devices.map((name) => ({
      id: id(name),
      transit: /^(firewall|core|access)/.test(name),
      networkSource: name === 'firewall',
      powerSource: !fed.has(id(name)),
    })),
    network: links,
    power: cords,
  });
  const gone = (names: string, cables: readonly number[] = []) => ({
    devices: new Set(names.split(' ').filter(Boolean).map(id)),
    cables: new Set(cables),
    ports: new Set<number>(),
  });
  return {
    site,
    cableOf: (word: string) => 101 + `${network} ${power}`.split(' ').indexOf(word),
    without: (names: string, cables: readonly number[] = []) =>
      Object.fromEntries(
        [...impactOf(site, gone(names, cables))].map(([each, loss]) => [devices[each - 1], loss]),
      ),
  };
}

const network =
  'firewall>core-1 firewall>core-2 core-1>access core-2>access core-1>host core-2>host access>pc';
const power =
  'ups-a>pdu-a ups-b>pdu-b pdu-a>core-1 pdu-b>core-1 pdu-a>core-2 pdu-b>core-2 pdu-a>host pdu-b>host pdu-a>access';

describe('what fails', () => {
  const { without, cableOf, site } = room(network, power);

  test('nothing, when nothing is gone', () => {
    expect(without('')).toEqual({});
  });
  test('a PC with its only cable', () => {
    expect(without('', [cableOf('access>pc')])).toEqual({ pc: 'network' });
  });
  test('no device, when one of two cores is gone; those with two ways have one now', () => {
    expect(without('core-1')).toEqual({ 'core-2': 'redundancy', access: 'redundancy', host: 'redundancy' });
  });
  test('everything behind a switch that has no power', () => {
    expect(without('pdu-a')).toEqual({
      access: 'power',
      pc: 'network',
      'core-1': 'redundancy',
      'core-2': 'redundancy',
      host: 'redundancy',
    });
  });
  test('all that hangs on both supplies', () => {
    expect(without('ups-a ups-b')).toEqual({
      'pdu-a': 'power',
      'pdu-b': 'power',
      'core-1': 'power',
      'core-2': 'power',
      host: 'power',
      access: 'power',
      pc: 'network',
    });
  });
  test('traffic does not pass through a host with two cards', () => {
    expect(without('firewall')).toMatchObject({ 'core-1': 'network', host: 'network', pc: 'network' });
  });
  test('what alone leaves a device without power', () => {
    const names = (device: string) => singleSupplies(site, id(device)).map((each) => devices[each - 1]);
    expect(names('host')).toEqual([]);
    expect(names('access')).toEqual(['pdu-a', 'ups-a']);
    expect(isFed(site, id('host'))).toBe(true);
  });
  test('between two states', () => {
    const after = room(network.replace(' access>pc', '').replace(' core-2>host', ''), power).site;
    const losses = [...impactBetween(site, after)].map(([each, loss]) => [devices[each - 1], loss]);
    expect(Object.fromEntries(losses)).toEqual({ pc: 'network', host: 'redundancy' });
  });
});

test('dominators are what cuts a node off, by trying each', () => {
  const Graph = fc.record({
    size: fc.integer({ min: 2, max: 14 }),
    edges: fc.array(fc.tuple(fc.nat(13), fc.nat(13)), { maxLength: 40 }),
    gone: fc.array(fc.nat(13), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(Graph, ({ size, edges, gone }) => {
      const graph = flowGraph(
        size,
        edges.map(([from]) => from % size),
        edges.map(([, to]) => to % size),
      );
      const mask = new Uint8Array(size);
      for (const node of gone) if (node % size > 0) mask[node % size] = 1;
      const found = dominators(graph, 0, mask);
      const there = reachable(graph, 0, mask);
      for (let node = 0; node < size; node++) {
        expect((found.immediate[node] ?? -1) >= 0).toBe(there[node] === 1);
        if (there[node] !== 1 || node === 0) continue;
        const cuts = [];
        for (let other = 1; other < size; other++) {
          if (other === node || mask[other] === 1) continue;
          const without = mask.slice();
          without[other] = 1;
          if (reachable(graph, 0, without)[node] !== 1) cuts.push(other);
        }
        expect(dominatorsOf(found, 0, node).toSorted((a, b) => a - b)).toEqual(cuts);
      }
    }),
    { numRuns: 500 },
  );
});
