import { describe, expect, test } from 'vitest';
import { cabling } from '../testing.ts';
import { wayFrom } from './ways.ts';

describe.each<{ ports: string; cables: string; from: string; kind: string; to?: string }>([
  { ports: 'E1 E2', cables: '', from: 'E1', kind: 'none' },
  { ports: 'E1 E2', cables: 'C1=E1-E2', from: 'E1', kind: 'device', to: 'E2' },
  { ports: 'E1 J1 J2 E2', cables: 'C1=E1-J1 C2=J1-J2 C3=J2-E2', from: 'E1', kind: 'device', to: 'E2' },
  { ports: 'E1 J1 J2', cables: 'C1=E1-J1 C2=J1-J2', from: 'E1', kind: 'open', to: 'J2' },
  { ports: 'E1 E2 R1 F1~R1', cables: 'C1=E1-F1 C2=R1-E2', from: 'E1', kind: 'device', to: 'E2' },
  { ports: 'E1 E2 R1 F1~R1', cables: 'C1=E1-F1', from: 'E1', kind: 'open', to: 'R1' },
  { ports: 'E1 E2 E3', cables: 'C1=E1-{E2,E3}', from: 'E1', kind: 'unclear' },
  { ports: 'E1 E2', cables: 'C1=E1-?', from: 'E1', kind: 'open' },
])('$cables from $from', ({ ports, cables, from, kind, to }) => {
  test(`is ${kind}`, () => {
    const plant = cabling({ ports, cables });
    const way = wayFrom(plant.graph, plant.id(from));
    expect(way.kind).toBe(kind);
    if (to !== undefined)
      expect(way.kind === 'device' ? way.far : way.kind === 'open' && way.end).toBe(plant.id(to));
  });
});
