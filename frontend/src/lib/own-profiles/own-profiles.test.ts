import type { ProbeResult } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { compareSensors, countMarks } from './difference.ts';
import { problemWords } from './words.ts';

const sensor = (
  name: string,
  value: number,
  state: string | null = null,
): ProbeResult['sensors'][number] => ({
  name,
  metric: 'sensor.temperature',
  unit: '°C',
  value,
  state,
  oid: null,
  word: null,
  limits: null,
});

describe('what a text reads beside what is read now', () => {
  it('is new, gone, different or the same, what differs first', () => {
    const compared = compareSensors(
      [sensor('a', 20.4), sensor('b', 200), sensor('c', 1), sensor('e', 5, 'ok')],
      [sensor('a', 20), sensor('b', 20), sensor('d', 1), sensor('e', 5, 'warning')],
    );
    expect(compared.map(({ mark }) => mark)).toEqual(['added', 'changed', 'changed', 'gone', 'same']);
    expect(countMarks(compared)).toEqual({ added: 1, changed: 2, gone: 1, same: 1 });
  });

  it('tells equal names apart', () => {
    expect(countMarks(compareSensors([sensor('a', 1), sensor('a', 2)], [sensor('a', 1)]))).toMatchObject({
      added: 1,
      same: 1,
    });
  });
});

it.each([
  ['probes: there is no column "valeu"', 'valeu'],
  ['Invalid input: expected string, received undefined', /fehlt|missing/],
  ['unknown key "colour"', 'colour'],
  [
    'the pattern repeats a group in which something is repeated; that can take for ever',
    /Suchmuster|pattern/,
  ],
  ['nobody has a sentence for this', 'nobody has a sentence for this'],
])('says in words: %s', (message, words) => expect(problemWords({ message })).toMatch(words));
