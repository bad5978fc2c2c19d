import { expect, it } from 'vitest';
import { nameRanges } from './vlan-words.ts';

it('joins names that count on', () => {
  expect(nameRanges(['1/1/1', '1/1/2', '1/1/3', '1/1/7', 'lag1'])).toBe('1/1/1–3, 1/1/7, lag1');
  expect(nameRanges(['Gi1/0/1', 'Gi1/0/2', 'Gi2/0/3'])).toBe('Gi1/0/1, Gi1/0/2, Gi2/0/3');
  expect(nameRanges(['mgmt', '9', '10', '11'])).toBe('mgmt, 9–11');
  expect(nameRanges([])).toBe('');
});
