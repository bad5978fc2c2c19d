import { expect, it } from 'vitest';
import { displayScale } from './scale.ts';

it.each([
  ['s', 3480, 'de', 60, 'min'],
  ['s', 0.02, 'en', 0.001, 'ms'],
  ['s', 0, 'en', 1, 's'],
  ['s', 400 * 86_400, 'de', 86_400, 'T'],
  ['bit/s', 2.5e9, 'de', 1e9, 'Gbit/s'],
  ['bit/s', 0, 'de', 1, 'bit/s'],
  ['bit/s', -3e6, 'de', 1e6, 'Mbit/s'],
  ['byte', 3 * 1024 ** 3, 'en', 1024 ** 3, 'GiB'],
  ['ratio', 0.4, 'en', 0.01, '%'],
  ['W', 4100, 'de', 1000, 'kW'],
  ['rpm', 900, 'de', 1, 'U/min'],
  ['m', 3844, 'de', 1000, 'km'],
  ['°C', 22, 'de', 1, '°C'],
] as const)('an axis of %s up to %s in %s', (unit, largest, language, factor, suffix) => {
  expect(displayScale(unit, largest, language)).toEqual({ factor, suffix });
});
