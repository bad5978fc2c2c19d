import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, type Turn } from './worklist.ts';

/** `p` a place such as "A/1", `before` by index. */
const turn = (place: string, phase: number, before: readonly number[] = [], rank = 0): Turn => ({
  place: place.split('/'),
  phase,
  rank: [rank],
  before,
});
const walk = (turns: readonly Turn[], order: readonly number[], level = 0) => {
  const names = order.map((index) => turns[index]?.place.slice(0, level + 1).join('/') ?? '');
  return names.filter((name, index) => name !== names[index - 1]);
};

describe('the order of steps', () => {
  it('goes through places as people sort them, and pulls before it plugs', () => {
    const turns = [
      turn('Raum 10', 2),
      turn('Raum 2', 2),
      turn('Raum 2', 0),
      turn('Raum 10', 0, [], 5),
      turn('Raum 10', 0, [], 1),
    ];
    expect(inOrder(turns)).toEqual([2, 1, 4, 3, 0]);
  });

  it('goes to a place once when the other order of places makes it possible', () => {
    const turns = [turn('A', 2, [1]), turn('B', 0), turn('A', 0)];
    expect(walk(turns, inOrder(turns))).toEqual(['B', 'A']);
  });

  it('goes back only where something there has to wait for another place', () => {
    // A cord from A to B becomes one from B to C, and one from B to C becomes one from A to B.
    const turns = [turn('A', 0), turn('B', 2, [0]), turn('B', 0), turn('A', 2, [2]), turn('C', 0)];
    expect(walk(turns, inOrder(turns))).toEqual(['A', 'B', 'A', 'C']);
  });

  it('does not leave a building for a rack that can wait', () => {
    const turns = [turn('A/1', 0), turn('B/1', 2, [0]), turn('A/2', 0), turn('B/2', 2, [2])];
    expect(walk(turns, inOrder(turns))).toEqual(['A', 'B']);
  });

  it('says when steps wait for each other', () => {
    expect(() => inOrder([turn('A', 1, [1]), turn('A', 1, [0])])).toThrow('wait for each other');
    expect(() => inOrder([turn('A', 1, [1]), turn('B', 1, [0])])).toThrow('wait for each other');
  });
});

/** Steps in few places, each waiting only for earlier ones; then shuffled, so that the list says nothing. */
const jobs = fc
  .array(
    fc.record({
      place: fc.constantFrom('A/1', 'A/2', 'B/1', 'B/2', 'C/1'),
      phase: fc.nat(2),
      before: fc.array(fc.nat(20), { maxLength: 2 }),
      rank: fc.nat(3),
    }),
    { maxLength: 9 },
  )
  .map((steps) =>
    steps.map((step, index) =>
      turn(
        step.place,
        step.phase,
        index === 0 ? [] : [...new Set(step.before.map((n) => n % index))],
        step.rank,
      ),
    ),
  );

/** The fewest visits there can be, found by trying all of them. */
function fewest(turns: readonly Turn[]): number {
  const places = [...new Set(turns.map((each) => each.place[0] ?? ''))];
  let front = [new Set<number>()];
  for (let count = 0; ; count++) {
    if (front.some((done) => done.size === turns.length)) return count;
    front = front.flatMap((done) =>
      places.map((place) => {
        const all = new Set(done);
        for (let round = 0; round < turns.length; round++)
          for (const [index, each] of turns.entries())
            if (each.place[0] === place && each.before.every((other) => all.has(other))) all.add(index);
        return all;
      }),
    );
    front = [...new Map(front.map((done) => [[...done].sort().join(), done])).values()];
  }
}

describe('any worklist', () => {
  it('has every step once, and none before what it waits for', () => {
    fc.assert(
      fc.property(jobs, (turns) => {
        const order = inOrder(turns);
        expect([...order].sort((a, b) => a - b)).toEqual(turns.map((_, index) => index));
        const at = new Map(order.map((index, position) => [index, position]));
        for (const [index, { before }] of turns.entries())
          for (const other of before) expect(at.get(other)).toBeLessThan(at.get(index) ?? -1);
      }),
    );
  });

  it('goes to no place more often than what has to come before what forces', () => {
    fc.assert(
      fc.property(jobs, (turns) => {
        expect(walk(turns, inOrder(turns)).length).toBe(fewest(turns));
      }),
    );
  });
});
