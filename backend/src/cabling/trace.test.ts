import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scenarios } from './scenarios.ts';
import { cabling } from './testing.ts';
import { runAround, trace, tracePort } from './trace.ts';

describe.each(scenarios)('$name', (scenario) => {
  const { cables, runs, circuits = {} } = scenario;
  const told = (here: ReturnType<typeof cabling>, start: string) =>
    cables.includes(`${start}=`) || cables.includes(`${start})=`) || cables.includes(`${start}>=`)
      ? here.cable(start)
      : here.run(start);

  test.each(Object.entries(runs))('from %s', (start, run) => {
    expect(told(cabling(scenario), start)).toBe(run);
  });

  test.each(Object.entries(circuits))('circuits from %s', (start, ends) => {
    expect(cabling(scenario).circuits(start)).toBe(ends);
  });

  test('the order in which cables were entered does not matter', () => {
    const each = cables.split(' ').filter(Boolean);
    fc.assert(
      fc.property(fc.shuffledSubarray(each, { minLength: each.length }), (order) => {
        const here = cabling({ ...scenario, cables: order.join(' ') });
        for (const [start, run] of Object.entries(runs)) expect(told(here, start)).toBe(run);
      }),
      { numRuns: 30 },
    );
  });

  test('what is reached from one end reaches back', () => {
    const { graph, endpoints, id } = cabling(scenario);
    const reached = (from: string) =>
      tracePort(graph, id(from))
        .nodes.filter((node) => node.end === 'endpoint' && node.portId !== null)
        .map((node) => node.portId);
    for (const from of endpoints)
      for (const to of endpoints)
        if (reached(from).includes(id(to)) && !tracePort(graph, id(to)).nodes.some((n) => n.end === 'split'))
          expect(reached(to), `${to} back to ${from}`).toContain(id(from));
  });
});

test('the far end is told where there is exactly one', () => {
  expect(
    cabling({
      ports: 'E1 E2 E3 E4 R1*4 R2*4 F1~R1:1 F2~R1:2 F3~R2:1 F4~R2:2',
      cables: 'C1=E1-F1 C2=E2-F2 C3=R1-R2 C4=F3-E3 C5=F4-E4',
    }).ends(),
  ).toBe('E1>E3 E2>E4 E3>E1 E4>E2');
  expect(cabling({ ports: 'E1 E2 E3 R1*2 F1~R1:1 F2~R1:2', cables: 'C1=E1-R1 C2=F1-E2' }).ends()).toBe(
    'E1>- E2>E1 E3>-',
  );
});

test('from the middle of a run both of its ends are told', () => {
  const { graph } = cabling({ ports: 'E1 J1 J2 E2', cables: 'C1=E1-J1 C2=J1-J2 C3=J2-E2' });
  expect(runAround(graph, 2)?.toSorted()).toEqual([1, 4]);
  expect(runAround(graph, 1)).toBeNull();
  expect(runAround(cabling({ ports: 'J1 J2 J3', cables: 'C1=J1-J2 C2=J2-J3 C3=J3-J1' }).graph, 1)).toBeNull();
});

test('a port that does not exist has no trace', () => {
  expect(trace(cabling({ ports: 'E1', cables: '' }).graph, 99)).toEqual({ hops: [], end: 'open' });
});
