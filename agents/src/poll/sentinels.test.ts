import { metric, metricIds } from '@rackhaus/config/contract';
import { Profile } from '@rackhaus/config/profiles';
import { describe, expect, it } from 'vitest';
import { limitsOf } from './device-limits.ts';
import { compileValue, type RowValues } from './evaluate.ts';
import { sentinelsOf } from './sentinels.ts';

function row(values: Readonly<Record<string, number | string>>): {
  row: RowValues;
  slotOf(name: string): number;
} {
  const names = Object.keys(values);
  const value = (slot: number) => {
    const raw = values[names[slot] ?? ''];
    return typeof raw === 'string' ? Buffer.from(raw) : raw;
  };
  const number = (slot: number) => {
    const raw = value(slot);
    return typeof raw === 'number' ? raw : undefined;
  };
  return {
    row: { index: '1', value, number, numberAt: () => undefined },
    slotOf: (name) => names.indexOf(name),
  };
}

function compiled(spec: object, values: Readonly<Record<string, number | string>>) {
  const profile = Profile.parse({
    id: 'p',
    title: 'P',
    scalars: [
      {
        id: 's',
        objects: Object.fromEntries(Object.keys(values).map((name) => [name, '1.3.6.1'])),
        values: [spec],
      },
    ],
  });
  const value = profile.scalars[0]?.values[0];
  if (!value) throw new Error('no value');
  const made = row(values);
  return { value: compileValue(value, made.slotOf), row: made.row };
}

describe('numbers that mean "no value"', () => {
  it.each([65_535, 32_767, -32_768, 2_147_483_647, -2_147_483_648, 4_294_967_295, -9_999])(
    'a temperature of raw %d is none',
    (raw) => {
      const { value, row } = compiled(
        { metric: 'sensor.temperature', column: 'a', scale: 0.001 },
        { a: raw },
      );
      expect(value.raw(row)).toBeUndefined();
    },
  );

  it('minus one degree is a temperature, minus one ampere is none', () => {
    const cold = compiled({ metric: 'sensor.temperature', column: 'a' }, { a: -1 });
    expect(cold.value.raw(cold.row)).toBe(-1);
    const none = compiled({ metric: 'sensor.current', column: 'a' }, { a: -1 });
    expect(none.value.raw(none.row)).toBeUndefined();
  });

  it('counters, bytes, energy and states may be of any size', () => {
    for (const id of metricIds) {
      const { states, unit } = metric(id);
      if (states || unit === 'byte' || unit === 'Wh' || unit === 'bit/s' || unit === '1/s' || unit === '')
        expect(sentinelsOf(id), id).toBeNull();
    }
    const bytes = compiled({ metric: 'storage.used', column: 'a' }, { a: 4_294_967_295 });
    expect(bytes.value.raw(bytes.row)).toBe(4_294_967_295);
  });
});

describe('the limits that a device has set', () => {
  const limits = (values: Readonly<Record<string, number>>) => {
    const columns = Object.keys(values).filter((name) => name !== 'a');
    const { value, row } = compiled(
      {
        metric: 'sensor.temperature',
        column: 'a',
        scale: 0.1,
        limits: Object.fromEntries(columns.map((name) => [name, name])),
      },
      values,
    );
    return limitsOf({ value, row, sticky: { scale: undefined } });
  };

  it('are in the scale of the value', () => {
    expect(limits({ a: 221, lowCritical: 50, lowWarning: 100, highWarning: 300, highCritical: 350 })).toEqual(
      {
        lowCritical: 5,
        lowWarning: 10,
        highWarning: 30,
        highCritical: 35,
      },
    );
  });

  it('are none where nobody has set them: all zero, all the same, sentinels, low above high', () => {
    expect(limits({ a: 221, lowCritical: 0, lowWarning: 0, highWarning: 0, highCritical: 0 })).toBeNull();
    expect(limits({ a: 221, lowCritical: 300, highCritical: 300 })).toBeNull();
    expect(limits({ a: 221, highWarning: 65_535, highCritical: 2_147_483_647 })).toBeNull();
    expect(limits({ a: 221, lowCritical: 600, highCritical: 300 })).toBeNull();
  });

  it('are those that are left when others are not set', () => {
    expect(limits({ a: 221, lowCritical: 0, highWarning: 0, highCritical: 350 })).toEqual({
      lowCritical: 0,
      lowWarning: null,
      highWarning: null,
      highCritical: 35,
    });
  });
});

describe("the device's own words", () => {
  it('are those of the MIB for numbers, and the text itself for texts', () => {
    const spec = { metric: 'sensor.state', column: 'a', map: { 1: 'ok', 2: 'critical', failed: 'critical' } };
    const number = compiled({ ...spec, words: { 1: 'noBatteryNeedsReplacing' } }, { a: 1 });
    expect(number.value.word?.(number.row)).toBe('noBatteryNeedsReplacing');
    const unknown = compiled({ ...spec, words: { 1: 'noBatteryNeedsReplacing' } }, { a: 7 });
    expect(unknown.value.word?.(unknown.row)).toBeNull();
    const text = compiled(spec, { a: 'Failed ' });
    expect(text.value.word?.(text.row)).toBe('Failed');
    const digits = compiled(spec, { a: '2' });
    expect(digits.value.word?.(digits.row)).toBeNull();
  });
});
