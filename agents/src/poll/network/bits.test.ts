import { expect, it } from 'vitest';
import { bitNumbers, portNumbers } from './bits.ts';

it('reads the highest bit of the first octet as the first port', () => {
  expect(bitNumbers(Uint8Array.of(0x81, 0x00, 0x40), 1)).toEqual([1, 8, 18]);
  expect(bitNumbers(Uint8Array.of(0x80), 0)).toEqual([0]);
  expect(bitNumbers(undefined, 1)).toEqual([]);
  expect(bitNumbers(3, 1)).toEqual([]);
});

it('reads lists of numbers as some agents send them, and bit strings of digits as bits', () => {
  expect(portNumbers(Buffer.from('513,520,'), 1)).toEqual([513, 520]);
  expect(portNumbers(Buffer.from('513'), 1)).toEqual([513]);
  // Two octets that are digits by chance.
  expect(portNumbers(Buffer.from('00'), 1)).toEqual([3, 4, 11, 12]);
});
