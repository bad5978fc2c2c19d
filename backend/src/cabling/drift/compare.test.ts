import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CompareInput, compare } from './compare.ts';
import type { Seen } from './seen.ts';
import { noWay, type Way } from './ways.ts';

/** Ports 1 to 8 belong to devices 1 to 4, two each. */
const deviceOf = (portId: number) => Math.ceil(portId / 2);
const ports = [1, 2, 3, 4, 5, 6, 7, 8];

function input(documented: readonly (readonly [number, number])[], seen: readonly Seen[]): CompareInput {
  const far = new Map(documented.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));
  const way = (portId: number): Way => {
    const to = far.get(portId);
    return to === undefined ? noWay : { kind: 'device', far: to, cables: [] };
  };
  return {
    ports,
    way,
    deviceOf,
    seen: Map.groupBy(seen, (each) => each.portId),
    link: () => undefined,
    isIdentified: () => true,
    hasMac: () => true,
    now: 0,
    darkMs: 1,
  };
}
const sight = (portId: number, farPortId: number | null, over: Partial<Seen> = {}): Seen => ({
  portId,
  source: 'lldp',
  deviceId: farPortId === null ? null : deviceOf(farPortId),
  farPortId,
  text: `device ${farPortId}`,
  time: 0,
  ...over,
});

const pairs = fc
  .shuffledSubarray(ports)
  .map((some) => some.flatMap((a, index) => (index % 2 === 1 ? [[some[index - 1] ?? 0, a] as const] : [])));

describe('documented and seen', () => {
  test('it does not matter which end tells', () => {
    const shape = (documented: readonly (readonly [number, number])[], seen: readonly Seen[]) =>
      compare(input(documented, seen))
        .findings.map(({ key, verdict }) => `${verdict} ${key}`)
        .toSorted();
    fc.assert(
      fc.property(pairs, pairs, (documented, joined) => {
        const there = joined.map(([a, b]) => sight(a, b));
        const back = joined.map(([a, b]) => sight(b, a));
        expect(shape(documented, there)).toEqual(shape(documented, back));
        expect(shape(documented, [...there, ...back])).toEqual(shape(documented, back));
      }),
    );
  });

  test('what is documented and seen alike is confirmed, and nothing else is found', () => {
    fc.assert(
      fc.property(pairs, (joined) => {
        const { findings, verdicts } = compare(
          input(
            joined,
            joined.map(([a, b]) => sight(a, b)),
          ),
        );
        expect(findings).toEqual([]);
        for (const [a] of joined) expect(verdicts.get(a)?.verdict).toBe('confirmed');
      }),
    );
  });

  test('who is not known never confirms anything', () => {
    fc.assert(
      fc.property(
        pairs,
        fc.array(fc.tuple(fc.constantFrom(...ports), fc.constantFrom<Seen['source']>('lldp', 'cdp', 'fdb'))),
        (documented, strangers) => {
          const seen = strangers.map(([port, source]) => sight(port, null, { source }));
          const { verdicts } = compare(input(documented, seen));
          expect([...verdicts.values()].map(({ verdict }) => verdict)).not.toContain('confirmed');
        },
      ),
    );
  });

  test('two cords that were swapped are two contradictions', () => {
    const { findings } = compare(
      input(
        [
          [1, 3],
          [5, 7],
        ],
        [sight(1, 7), sight(5, 3)],
      ),
    );
    expect(findings).toMatchObject([
      { key: 'pair:1-7', verdict: 'contradicted', portId: 1, documentedId: 3 },
      { key: 'pair:3-5', verdict: 'contradicted', portId: 5, documentedId: 7 },
    ]);
  });

  test('a port that only knows the device is passed over where the device knows the port', () => {
    const vague = sight(1, 3, { farPortId: null });
    expect(compare(input([], [vague])).findings).toHaveLength(1);
    expect(compare(input([], [vague, sight(3, 1)])).findings).toMatchObject([{ key: 'pair:1-3' }]);
  });

  test('behind a port with addresses of several devices there is something that nobody knows of', () => {
    const fdb = { source: 'fdb' as const };
    expect(compare(input([], [sight(1, 3, fdb), sight(1, 5, fdb)])).findings).toEqual([]);
    expect(compare(input([], [sight(1, 3, fdb)])).findings).toMatchObject([
      { verdict: 'missing', source: 'fdb' },
    ]);
    const { verdicts } = compare(input([[1, 5]], [sight(1, 3, fdb), sight(1, 5, fdb)]));
    expect(verdicts.get(1)?.verdict).toBe('confirmed');
  });
});
