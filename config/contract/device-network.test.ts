import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VlanRanges, vlanIds, vlanRanges } from './device-network.ts';

it('writes runs of VLANs as ranges', () => {
  expect(vlanRanges([20, 1, 11, 10, 12, 12, 4094])).toBe('1,10-12,20,4094');
  expect(vlanRanges([])).toBe('');
});

it('reads back whatever it writes', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 4094 })), (ids) => {
      const text = vlanRanges(ids);
      expect(VlanRanges.parse(text)).toBe(text);
      expect(vlanIds(text)).toEqual([...ids].sort((a, b) => a - b));
    }),
  );
});
