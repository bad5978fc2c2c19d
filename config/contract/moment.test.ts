import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Moment, MomentInQuery } from './moment.ts';

describe('a moment', () => {
  it('is one that can be written down as a date of four digits', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double()), (value) => {
        const { success, data } = Moment.safeParse(value);
        if (success) expect(new Date(data).toISOString()).toMatch(/^\d{4}-/);
        else expect(Number.isInteger(value) && value >= 0 && value < Date.UTC(10_000, 0)).toBe(false);
      }),
    );
  });

  it('comes as text in the query of a URL', () => {
    expect(MomentInQuery.parse('1790000000000')).toBe(1_790_000_000_000);
    expect(MomentInQuery.safeParse('1.5').success).toBe(false);
    expect(MomentInQuery.safeParse('tomorrow').error?.issues[0]?.message).toBe(
      'must be milliseconds since 1970, at most the end of the year 9999',
    );
  });
});
