import type { ProfileValue } from '@rackhaus/config/profiles';
import { describe, expect, it } from 'vitest';
import { type SnmpValue, toNumber } from '../snmp/decode.ts';
import { compileValue, type RowValues } from './evaluate.ts';

function rowOf(values: readonly SnmpValue[]): RowValues {
  return {
    index: '1',
    value: (slot) => values[slot],
    number: (slot) => toNumber(values[slot]),
    numberAt: () => undefined,
  };
}
const columns = ['channel', 'base'];
function read(spec: ProfileValue, values: readonly SnmpValue[]): number | undefined {
  return compileValue(spec, (column) => columns.indexOf(column)).raw(rowOf(values));
}

describe('a number within text', () => {
  const channel: ProfileValue = { metric: 'sensor.frequency', column: 'channel', text: '^(\\d+)' };
  const frequency: ProfileValue = {
    metric: 'sensor.frequency',
    formula: 'base + 5 * channel',
    text: '^(\\d+)',
  };

  it('is what the group of the pattern has', () => {
    expect(read(channel, ['116E'])).toBe(116);
  });
  it('counts in a formula as well, beside columns that are numbers', () => {
    expect(read(frequency, ['116E', 5000])).toBe(5580);
    expect(read(frequency, [6, '2407'])).toBe(2437);
  });
  it('gives nothing where there is none', () => {
    expect(read(frequency, ['off', 5000])).toBeUndefined();
    expect(read({ ...frequency, text: undefined }, ['116E', 5000])).toBeUndefined();
  });
});
