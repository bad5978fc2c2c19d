import { expect, it } from 'vitest';
import { Remembered } from './remembered.ts';

it('knows the last ones again, and only so many', () => {
  const remembered = new Remembered(2);
  expect(['a', 'b', 'a', 'b'].map((id) => remembered.add(id))).toEqual([true, true, false, false]);
  // The oldest goes for it, and then the next.
  expect(remembered.add('c')).toBe(true);
  expect(remembered.add('b')).toBe(false);
  expect(remembered.add('a')).toBe(true);
  expect(remembered.add('b')).toBe(true);
});
