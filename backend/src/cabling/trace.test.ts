import { describe, expect, test } from 'vitest';
import { type CableGraph, farEnd, runAround, trace, type WiredLink, type WiredPort } from './trace.ts';

/**
 * A small language for the scenarios: `ports` names endpoints E…, rear ports `R1:4` with four lanes, front ports
 * `F1~R1:2` wired to lane 2 of R1, and jacks J…; `cables` joins two of them, in any order.
 */
function cabling(ports: string, cables: string) {
  const ids = new Map<string, number>();
  const wired = new Map<number, WiredPort>();
  const fronts = new Map<number, { portId: number; lane: number }[]>();
  for (const word of ports.split(' ')) {
    const name = word.split(/[~:]/)[0] ?? '';
    ids.set(name, ids.size + 1);
  }
  const idOf = (name: string) => {
    const id = ids.get(name);
    if (id === undefined) throw new Error(`no port ${name}`);
    return id;
  };
  for (const word of ports.split(' ')) {
    const [name = '', target] = word.split('~');
    const [own = '', lanes] = name.split(':');
    const id = idOf(own);
    const [rear, lane] = target?.split(':') ?? [];
    const inner = rear === undefined ? null : { rearId: idOf(rear), lane: Number(lane ?? 1) };
    if (inner !== null)
      fronts.set(inner.rearId, [...(fronts.get(inner.rearId) ?? []), { portId: id, lane: inner.lane }]);
    wired.set(id, { id, endpoint: own.startsWith('E'), inner, lanes: Number(lanes ?? 1) });
  }
  const links = new Map<number, WiredLink[]>();
  const names = new Map<number, string>();
  for (const cable of cables.split(' ').filter(Boolean)) {
    const [name = '', a = '', b = ''] = cable.split(/[=-]/);
    const id = names.size + 101;
    names.set(id, name);
    links.set(idOf(a), [...(links.get(idOf(a)) ?? []), { id, farPortId: idOf(b) }]);
    links.set(idOf(b), [...(links.get(idOf(b)) ?? []), { id, farPortId: idOf(a) }]);
  }
  const graph: CableGraph = {
    port: (id) => wired.get(id),
    links: (id) => links.get(id) ?? [],
    fronts: (id) => fronts.get(id) ?? [],
  };
  const nameOf = new Map([...ids].map(([name, id]) => [id, name]));
  return {
    graph,
    id: idOf,
    run(start: string): string {
      const { hops, end } = trace(graph, idOf(start));
      const text = hops
        .flatMap(({ portId, linkId }) => [
          nameOf.get(portId) ?? '?',
          ...(linkId === null ? [] : [names.get(linkId) ?? '?']),
        ])
        .join(' ');
      return `${text} (${end})`;
    },
    ends: () =>
      [...ids.keys()]
        .filter((name) => name.startsWith('E'))
        .map((name) => {
          const far = farEnd(graph, idOf(name));
          return `${name}>${far === null ? '-' : nameOf.get(far)}`;
        })
        .join(' '),
  };
}

const trunk = 'E1 E2 E3 E4 R1:4 R2:4 F1~R1:1 F2~R1:2 F3~R2:1 F4~R2:2';

describe.each<{ name: string; ports: string; cables: string; runs: Record<string, string> }>([
  {
    name: '1: a direct link',
    ports: 'E1 E2',
    cables: 'C1=E1-E2',
    runs: { E1: 'E1 C1 E2 (complete)', E2: 'E2 C1 E1 (complete)' },
  },
  { name: '1: after deleting it', ports: 'E1 E2', cables: '', runs: { E1: 'E1 (open)', E2: 'E2 (open)' } },
  {
    name: '4: one panel, first cord only',
    ports: 'E1 E2 R1 F1~R1',
    cables: 'C1=E1-F1',
    runs: { E1: 'E1 C1 F1 R1 (open)', E2: 'E2 (open)' },
  },
  {
    name: '4: one panel, both cords',
    ports: 'E1 E2 R1 F1~R1',
    cables: 'C2=R1-E2 C1=E1-F1',
    runs: { E1: 'E1 C1 F1 R1 C2 E2 (complete)', E2: 'E2 C2 R1 F1 C1 E1 (complete)' },
  },
  {
    name: '4: the same through a jack, one port with two sides',
    ports: 'E1 E2 J1',
    cables: 'C1=E1-J1 C2=J1-E2',
    runs: { E1: 'E1 C1 J1 C2 E2 (complete)', E2: 'E2 C2 J1 C1 E1 (complete)' },
  },
  {
    name: '5: two circuits share a trunk',
    ports: trunk,
    cables: 'C1=E1-F1 C2=E2-F2 C3=R1-R2 C4=F3-E3 C5=F4-E4',
    runs: {
      E1: 'E1 C1 F1 R1 C3 R2 F3 C4 E3 (complete)',
      E2: 'E2 C2 F2 R1 C3 R2 F4 C5 E4 (complete)',
      E3: 'E3 C4 F3 R2 C3 R1 F1 C1 E1 (complete)',
      E4: 'E4 C5 F4 R2 C3 R1 F2 C2 E2 (complete)',
    },
  },
  {
    name: '5: before the far cords exist',
    ports: trunk,
    cables: 'C1=E1-F1 C2=E2-F2 C3=R1-R2',
    runs: { E1: 'E1 C1 F1 R1 C3 R2 F3 (open)', E2: 'E2 C2 F2 R1 C3 R2 F4 (open)', E3: 'E3 (open)' },
  },
  {
    name: '5: without the trunk',
    ports: trunk,
    cables: 'C1=E1-F1 C2=E2-F2 C4=F3-E3 C5=F4-E4',
    runs: { E1: 'E1 C1 F1 R1 (open)', E4: 'E4 C5 F4 R2 (open)' },
  },
  {
    name: '6: the trunk runs through single-lane panels, and the lane is remembered',
    ports: `${trunk} R5 F5~R5 R6 F6~R6`,
    cables: 'C1=E1-F1 C2=E2-F2 C3=R1-F5 C6=R5-R6 C7=F6-R2 C4=F3-E3 C5=F4-E4',
    runs: {
      E1: 'E1 C1 F1 R1 C3 F5 R5 C6 R6 F6 C7 R2 F3 C4 E3 (complete)',
      E4: 'E4 C5 F4 R2 C7 F6 R6 C6 R5 F5 C3 R1 F2 C2 E2 (complete)',
    },
  },
  {
    name: '7: two trunks in series',
    ports: 'E1 E2 E3 E4 RA:2 RB:2 RC:2 RD:2 A1~RA:1 A2~RA:2 B1~RB:1 B2~RB:2 C1~RC:1 C2~RC:2 D1~RD:1 D2~RD:2',
    cables: 'K1=E1-A1 K2=E2-A2 T1=RA-RB K3=B1-C2 K4=B2-C1 T2=RC-RD K5=D1-E3 K6=D2-E4',
    runs: {
      E1: 'E1 K1 A1 RA T1 RB B1 K3 C2 RC T2 RD D2 K6 E4 (complete)',
      E3: 'E3 K5 D1 RD T2 RC C1 K4 B2 RB T1 RA A2 K2 E2 (complete)',
    },
  },
  {
    name: '8: plugged into a rear port of several lanes',
    ports: 'E1 E2 E3 R1:2 F1~R1:1 F2~R1:2',
    cables: 'C1=E1-R1 C2=F1-E2 C3=F2-E3',
    runs: {
      E1: 'E1 C1 R1 (split)',
      E2: 'E2 C2 F1 R1 C1 E1 (complete)',
      E3: 'E3 C3 F2 R1 C1 E1 (complete)',
    },
  },
  {
    name: '8: after deleting the first cable',
    ports: 'E1 E2 E3 R1:2 F1~R1:1 F2~R1:2',
    cables: 'C2=F1-E2 C3=F2-E3',
    runs: { E1: 'E1 (open)', E2: 'E2 C2 F1 R1 (open)', E3: 'E3 C3 F2 R1 (open)' },
  },
  {
    name: '9: nothing behind the rear port',
    ports: 'E1 R1 F1~R1 R2',
    cables: 'C1=E1-F1 C2=R1-R2',
    runs: { E1: 'E1 C1 F1 R1 C2 R2 (open)' },
  },
  {
    name: '15: attached to existing plant, one end',
    ports: 'E1 E2 R1 F1~R1 R2 F2~R2',
    cables: 'C2=R1-R2 C1=E1-F1',
    runs: { E1: 'E1 C1 F1 R1 C2 R2 F2 (open)' },
  },
  {
    name: '15: attached to existing plant, both ends',
    ports: 'E1 E2 R1 F1~R1 R2 F2~R2',
    cables: 'C2=R1-R2 C1=E1-F1 C3=E2-F2',
    runs: {
      E1: 'E1 C1 F1 R1 C2 R2 F2 C3 E2 (complete)',
      E2: 'E2 C3 F2 R2 C2 R1 F1 C1 E1 (complete)',
      // Begun in the middle: the whole run.
      R1: 'E1 C1 F1 R1 C2 R2 F2 C3 E2 (complete)',
    },
  },
  {
    name: 'N1: a passive run without any device',
    ports: 'R1 F1~R1 R2 F2~R2',
    cables: 'C1=R1-R2',
    runs: { F1: 'F1 R1 C1 R2 F2 (open)', R1: 'F1 R1 C1 R2 F2 (open)', F2: 'F2 R2 C1 R1 F1 (open)' },
  },
  {
    name: 'N1: panel to outlet, jacks with two sides',
    ports: 'E1 J1 J2',
    cables: 'C1=J1-J2 C2=E1-J1',
    runs: { J2: 'J2 C1 J1 C2 E1 (open)', E1: 'E1 C2 J1 C1 J2 (open)', J1: 'E1 C2 J1 C1 J2 (open)' },
  },
  {
    name: 'N1: a trunk with lanes, looked at from the trunk',
    ports: 'R1:4 R2:4 F1~R1:1 F2~R1:2 F3~R2:1',
    cables: 'C1=R1-R2',
    runs: { R1: 'R1 C1 R2 (split)', F1: 'F1 R1 C1 R2 F3 (open)', F2: 'F2 R1 C1 R2 (open)' },
  },
  {
    name: 'N3: a circle',
    ports: 'R1 F1~R1 R2 F2~R2 E1',
    cables: 'C1=R1-R2 C2=F2-F1',
    runs: { F1: 'F1 C2 F2 R2 C1 R1 F1 (loop)' },
  },
  {
    name: 'N3: a circle of jacks',
    ports: 'J1 J2 J3',
    cables: 'C1=J1-J2 C2=J2-J3 C3=J3-J1',
    runs: { J1: 'J1 C1 J2 C2 J3 C3 J1 (loop)' },
  },
])('$name', ({ ports, cables, runs }) => {
  test.each(Object.entries(runs))('from %s', (start, run) => {
    expect(cabling(ports, cables).run(start)).toBe(run);
  });

  test('the order in which cables were entered does not matter', () => {
    const reversed = cables.split(' ').toReversed().join(' ');
    for (const [start, run] of Object.entries(runs)) {
      if (start.startsWith('E')) expect(cabling(ports, reversed).run(start)).toBe(run);
    }
  });
});

test('the far end is told where there is exactly one', () => {
  expect(cabling(trunk, 'C1=E1-F1 C2=E2-F2 C3=R1-R2 C4=F3-E3 C5=F4-E4').ends()).toBe(
    'E1>E3 E2>E4 E3>E1 E4>E2',
  );
  expect(cabling('E1 E2 E3 R1:2 F1~R1:1 F2~R1:2', 'C1=E1-R1 C2=F1-E2').ends()).toBe('E1>- E2>E1 E3>-');
});

test('from the middle of a run both of its ends are told', () => {
  const { graph } = cabling('E1 J1 J2 E2', 'C1=E1-J1 C2=J1-J2 C3=J2-E2');
  expect(runAround(graph, 2)?.toSorted()).toEqual([1, 4]);
  expect(runAround(graph, 1)).toBeNull();
  expect(runAround(cabling('J1 J2 J3', 'C1=J1-J2 C2=J2-J3 C3=J3-J1').graph, 1)).toBeNull();
});

test('a port that does not exist has no trace', () => {
  expect(trace(cabling('E1', '').graph, 99)).toEqual({ hops: [], end: 'open' });
});
