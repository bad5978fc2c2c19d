import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aroundNumber, type LabelEnd, LabelNumbers, labelOf, numberIn } from './labels.ts';

const a: LabelEnd = { site: 'RH', room: '1A', rack: 'AB03', unit: '12', port: '7' };
const b: LabelEnd = { site: 'RH', room: '1A', rack: 'AB07', unit: '30', port: '7' };

describe('a label by its scheme', () => {
  it.each([
    ['K-{0000}', 231, 'K-0231'],
    ['K-{0000}', 12_345, 'K-12345'],
    ['{rack}-{unit}:{port}/{rack2}-{unit2}:{port2}', 1, 'AB03-12:07/AB07-30:07'],
    ['{room}-{port}', 1, '1A-07'],
    ['{site}/{00}x', 3, 'RH/03x'],
    ['plain', 3, 'plain'],
  ])('%s is %s', (template, number, label) => {
    expect(labelOf(template, { a, b }, number)).toBe(label);
  });

  it('gives its number back', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Z-]{0,5}$/),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 10 ** 9 }),
        (prefix, digits, number) => {
          const template = `${prefix}{${'0'.repeat(digits)}}/E`;
          const { before, after } = aroundNumber(template, { a, b });
          expect(numberIn(labelOf(template, { a, b }, number), before, after)).toBe(number);
        },
      ),
    );
  });

  it('hands no label out twice, and none that is taken', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        (used, count, numbered) => {
          const template = numbered ? 'K-{000}' : 'K';
          const taken = new Set(used.map((number) => labelOf('K-{000}', { a, b }, number)));
          if (used.includes(1)) taken.add('K');
          const numbers = new LabelNumbers((label) => taken.has(label));
          numbers.knows('K-', '', 0);
          for (let n = 0; n < count; n++) {
            const label = numbers.next(template, { a, b });
            expect(taken.has(label)).toBe(false);
            taken.add(label);
          }
        },
      ),
    );
  });
});
