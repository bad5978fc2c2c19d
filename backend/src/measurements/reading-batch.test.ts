import type { Reading } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf, EntityNumbers, mostEntitiesOfDevice, readingsOf } from './reading-batch.ts';

const reading: fc.Arbitrary<Reading> = fc.record({
  deviceId: fc.integer({ min: 0, max: 20 }),
  kind: fc.constant('port' as const),
  entity: fc.string({ maxLength: 5 }),
  time: fc.integer({ min: 0, max: 2e12 }),
  values: fc.dictionary(
    fc.constantFrom('rx', 'tx', 'oper'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    {
      noNullPrototype: true,
    },
  ),
});

describe('a batch of readings', () => {
  it('gives back what it was made of, without readings that have no values', () => {
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 200 }), (readings) => {
        const batch = batchOf(new EntityNumbers(), readings);
        expect(readingsOf(batch)).toEqual(readings.filter(({ values }) => Object.keys(values).length > 0));
      }),
    );
  });

  it('leaves out what the catalogue does not have', () => {
    const given: Reading = {
      deviceId: 1,
      kind: 'port',
      entity: '1',
      time: 5,
      values: { nonsense: 1, rx: 2 },
    };
    expect(readingsOf(batchOf(new EntityNumbers(), [given]))).toEqual([{ ...given, values: { rx: 2 } }]);
  });

  it('takes no more names of a device than any device has, and goes on with those it knows', () => {
    const entities = new EntityNumbers();
    for (let name = 0; name < mostEntitiesOfDevice; name++) entities.numberOf(1, 'port', `${name}`);
    expect(entities.admit(1, 'port', 'one more')).toBeNull();
    expect(entities.admit(1, 'port', '7')).toBe(7);
    expect(entities.admit(2, 'port', 'one more')).toBe(mostEntitiesOfDevice);
  });
});
