import type { TraceHop } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { besides } from './place-card.ts';
import { traceStops } from './trace-stops.ts';

const hop = (id: number, name: string, portName: string, link: string | null): TraceHop => ({
  owner: { kind: 'device', id, name },
  place: 'Schrank 1',
  portId: id * 100,
  portName,
  via: link === null ? null : { linkId: 1, label: link, kind: 'patch' },
});

describe('a trace as a strip', () => {
  it('joins what lies inside a panel to one stop', () => {
    const stops = traceStops([
      hop(1, 'core-1', '12', 'K-0231'),
      hop(2, 'A', '07', null),
      hop(2, 'A', 'rear 07', 'V-A07'),
      hop(3, 'Dose 1.12', '1', null),
    ]);
    expect(stops.map((stop) => [stop.owner.name, stop.ports.join('>'), stop.via?.label ?? null])).toEqual([
      ['core-1', '12', 'K-0231'],
      ['A', '07>rear 07', 'V-A07'],
      ['Dose 1.12', '1', null],
    ]);
  });
  it('keeps a way that comes back to the same device apart', () => {
    expect(traceStops([hop(1, 'a', '1', 'x'), hop(1, 'a', '2', null)])).toHaveLength(2);
  });
});

describe('the card beside a port', () => {
  const window = { width: 1000, height: 800 };
  const size = { width: 300, height: 200 };
  const at = (left: number, top: number) => ({ left, top, bottom: top + 10, width: 10 });
  it('stands below, or above where there is no room, and never outside', () => {
    expect(besides(at(500, 100), size, window)).toEqual({ x: 355, y: 118 });
    expect(besides(at(500, 700), size, window)).toEqual({ x: 355, y: 492 });
    expect(besides(at(0, 100), size, window).x).toBe(8);
    expect(besides(at(990, 100), size, window).x).toBe(692);
    expect(besides(at(500, 100), { width: 300, height: 900 }, window).y).toBe(8);
  });
});
