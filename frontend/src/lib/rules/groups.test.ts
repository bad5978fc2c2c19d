import { expect, it } from 'vitest';
import { titleOf } from './groups.ts';

it.each([
  [
    '{device}: certificate of {entity} expires in less than 30 days',
    'Certificate expires in less than 30 days',
  ],
  ['{device}: no link at port {entity}', 'No link at port'],
])('a title that names no device and no part of it still is a sentence: %s', (en, expected) => {
  expect(titleOf({ title: { de: en, en } })).toBe(expected);
});
