import type { CableCard, CablePath, PortCard, TraceReply } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { askedFor, askedOf, nothingAsked, queryOf } from './address.ts';
import { litRacks } from './elevation.ts';
import { stripOf } from './strip.ts';
import { lengthWords, pathTitle, sentencesOf } from './words.ts';

const nowhere = {
  site: null,
  building: null,
  floor: null,
  room: null,
  rack: null,
  position: null,
  face: null,
};
function port(id: number, owner: string, name: string, more: Partial<PortCard> = {}): PortCard {
  const role = owner.startsWith('A') ? 'panel' : 'switch';
  return {
    id,
    name,
    kind: 'network',
    label: null,
    owner: { kind: 'device', id: owner.charCodeAt(0), name: owner, role },
    twoSided: false,
    vlan: null,
    monitored: false,
    spot: nowhere,
    ...more,
  };
}
function cable(id: number, label: string, lengthM: number | null, more: Partial<CableCard> = {}): CableCard {
  return {
    id,
    kind: 'patch',
    status: 'installed',
    label,
    labelA: null,
    labelB: null,
    medium: null,
    color: 'blue',
    lengthM,
    toCheck: false,
    provider: null,
    circuit: null,
    planned: false,
    ...more,
  };
}
type Node = CablePath['nodes'][number];
const node = (
  id: number,
  layer: number,
  portId: number | null,
  circuits = [0],
  end: Node['end'] = null,
): Node => ({
  id,
  layer,
  portId,
  circuits,
  end,
});
const edge = (from: number, to: number, cableId: number | null, circuits = [0]) => ({
  from,
  to,
  cableId,
  circuits,
});

/** Switch – cord – panel (front, rear) – link – outlet. */
const straight: TraceReply = {
  ports: [
    port(1, 'switch-3', '21', { vlan: { vid: 20, name: 'Verwaltung' } }),
    port(2, 'A', '7', { kind: 'front' }),
    port(3, 'A', 'hinten 7', { kind: 'rear' }),
    port(4, '2.14', '1', { owner: { kind: 'outlet', id: 9, name: '2.14', role: null }, twoSided: true }),
  ],
  cables: [cable(11, 'K-0231', 2), cable(12, 'V-1', null, { kind: 'permanent', color: null })],
  paths: [
    {
      nodes: [node(0, 0, 1, [0], 'endpoint'), node(1, 1, 2), node(2, 2, 3), node(3, 3, 4, [0], 'open')],
      edges: [edge(0, 1, 11), edge(1, 2, null), edge(2, 3, 12)],
      complete: false,
      active: true,
      length: { metres: 2, definitive: false },
    },
  ],
};
/** A trunk connector with two lanes, each to a switch of its own. */
const branched: TraceReply = {
  ports: [port(1, 'core', 'q1'), port(2, 'sw-1', '1'), port(3, 'sw-2', '1')],
  cables: [cable(5, 'MPO', 3, { planned: true })],
  paths: [
    {
      nodes: [node(0, 0, 1, [0, 1]), node(1, 1, 2, [0], 'endpoint'), node(2, 1, 3, [1], 'endpoint')],
      edges: [edge(0, 1, 5, [0]), edge(0, 2, 5, [1])],
      complete: true,
      active: false,
      length: { metres: 3, definitive: true },
    },
  ],
};
const [line] = straight.paths;
const [tree] = branched.paths;
if (line === undefined || tree === undefined) throw new Error('no path');

describe('the layout of a path', () => {
  it('tells a panel that is passed straight through as one stop', () => {
    const strip = stripOf(straight, line);
    expect(strip.rows).toBe(1);
    expect(
      strip.columns.map(({ stops, spans }) => [
        stops[0]?.items[0]?.ports.map(({ id }) => id),
        spans[0]?.items[0]?.cable?.label ?? null,
      ]),
    ).toEqual([
      [[1], 'K-0231'],
      [[2, 3], 'V-1'],
      [[4], null],
    ]);
  });
  it('tells it from the other end when it is turned', () => {
    const { columns } = stripOf(straight, line, true);
    expect(columns.map(({ stops }) => stops[0]?.items[0]?.ports.map(({ id }) => id))).toEqual([
      [4],
      [3, 2],
      [1],
    ]);
    expect(columns[0]?.spans[0]?.items[0]?.cable?.id).toBe(12);
  });
  it('gives each strand of a breakout a row, and what they share all of them', () => {
    const { rows, columns } = stripOf(branched, tree);
    expect(rows).toBe(2);
    expect(columns[0]?.stops.map(({ from, to }) => [from, to])).toEqual([[0, 2]]);
    expect(columns[0]?.spans).toMatchObject([{ from: 0, to: 2, items: [{ cable: { id: 5 } }] }]);
    expect(columns[1]?.stops.map(({ from, to, items }) => [from, to, items[0]?.ports[0]?.id])).toEqual([
      [0, 1, 2],
      [1, 2, 3],
    ]);
  });
});

describe('a path in words', () => {
  it('says each step as a sentence, with what is not known', () => {
    const [sentences = []] = sentencesOf(stripOf(straight, line));
    expect(sentences).toHaveLength(4);
    expect(sentences[0]).toContain('switch-3');
    expect(sentences[0]).toContain('VLAN 20 Verwaltung');
    expect(sentences[1]).toContain('K-0231');
    expect(sentences[2]).toContain('2.14');
  });
  it('tells each strand by itself', () => {
    const told = sentencesOf(stripOf(branched, tree));
    expect(told).toHaveLength(2);
    expect(told[0]?.join()).toContain('sw-1');
    expect(told[1]?.join()).toContain('sw-2');
    expect(told[1]?.join()).not.toContain('sw-1');
  });
  it('says how long it is at least', () => {
    expect(lengthWords(line, straight.cables)).toMatch(/2.m/);
    expect(lengthWords(line, straight.cables)).not.toBe(lengthWords(tree, branched.cables));
  });
  it('is called by its two ends', () => {
    expect(pathTitle(stripOf(straight, line))).toMatch(/^switch-3 .* – .*2\.14/);
  });
});

describe('the address', () => {
  it('carries what is traced and as of when, and nothing that makes no sense', () => {
    const asked = askedOf(new URLSearchParams('port=1&port=2&cable=-5&port=x&after=7&at=9'));
    expect(asked).toEqual({ ...nothingAsked, port: [1, 2], cable: [-5], after: 7, at: null });
    expect(queryOf(asked)).toBe('port=1&port=2&cable=-5&after=7');
    expect(queryOf({ ...nothingAsked, at: 5 })).toBe('');
  });
  it('asks for a device or a room by its number, for all else by ports', () => {
    const start = { id: 3, name: 'x', detail: '', ports: [1, 2], cableId: null };
    expect(queryOf(askedFor({ ...start, kind: 'room' }))).toBe('room=3');
    expect(queryOf(askedFor({ ...start, kind: 'mac', id: 0 }))).toBe('port=1&port=2');
    expect(queryOf(askedFor({ ...start, kind: 'link', cableId: 8 }))).toBe('cable=8');
  });
});

it('draws what stands in no rack beside the racks, and a line for each cable', () => {
  const drawing = litRacks(straight, line, []);
  expect(drawing.elevations).toEqual([]);
  expect(drawing.outside).toHaveLength(4);
  expect(drawing.cables.map(({ cable: { id } }) => id)).toEqual([11, 12]);
});
