import { expect, test } from 'vitest';
import { elsewhere } from './silence.ts';

const rathaus = { id: 1 };
const schule = { id: 2 };
const places = (server: number | null, first: number | null, second: number | null = null) => [
  { agentId: 0, deviceId: server },
  { agentId: 1, deviceId: first },
  { agentId: 2, deviceId: second },
];

test.each([
  ['the only one, of no known place, is the own', [rathaus], places(null, null), []],
  ['so is one on the device of the server', [rathaus], places(7, 7), []],
  ['one on another device is not', [rathaus], places(7, 8), [rathaus]],
  ['of several, those that are not known to be here', [rathaus, schule], places(7, 7), [schule]],
  [
    'of several without places, any may be elsewhere',
    [rathaus, schule],
    places(null, null),
    [rathaus, schule],
  ],
])('%s', (_, agents, at, expected) => {
  expect(elsewhere(agents, at, [])).toEqual(expected);
});

test('what was chosen can be seen, and be unchosen', () => {
  expect(elsewhere([rathaus], places(7, 7), [1])).toEqual([rathaus]);
});
