import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hunksOf, lineDifference } from './line-difference.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 });

it('leads from one text to the other, line by line', () => {
  fc.assert(
    fc.property(lines, lines, (left, right) => {
      const difference = lineDifference(left, right);
      const of = (side: 'left' | 'right') =>
        difference.flatMap((line) => (line[side] === null ? [] : [line.text]));
      expect(of('left')).toEqual(left);
      expect(of('right')).toEqual(right);
      const numbers = difference.flatMap(({ left: number }) => number ?? []);
      expect(numbers).toEqual(left.map((_, index) => index + 1));
    }),
    { numRuns: 300 },
  );
});

it('is as short as can be for one changed line, and none for equal texts', () => {
  const left = Array.from({ length: 500 }, (_, index) => `line ${index}`);
  const right = left.with(250, 'other');
  const difference = lineDifference(left, right);
  expect(
    difference
      .filter(({ kind }) => kind !== 'same')
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual(['added', 'removed']);
  expect(hunksOf(difference)).toEqual([expect.objectContaining({ length: 8 })]);
  expect(hunksOf(lineDifference(left, left))).toEqual([]);
});

it('is bounded for texts that have nothing in common', () => {
  const left = Array.from({ length: 20_000 }, (_, index) => `l${index}`);
  const right = Array.from({ length: 20_000 }, (_, index) => `r${index}`);
  expect(lineDifference(left, right)).toHaveLength(40_000);
});
