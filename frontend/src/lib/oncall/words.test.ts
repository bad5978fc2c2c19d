import { expect, test } from 'vitest';
import { initials } from './words.ts';

test.each([
  ['Tim Albrecht', 'TA'],
  ['Anna Maria von Berg', 'AB'],
  ['anna', 'A'],
  [' Özlem  Ünal ', 'ÖÜ'],
  ['', ''],
])('initials of "%s"', (name, expected) => {
  expect(initials(name)).toBe(expected);
});
