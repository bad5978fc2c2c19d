import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkKinds } from './check-settings.ts';
import { NewCheck } from './checks.ts';
import { recordInput } from './records/api.ts';

it('takes nothing for a check that the inventory would not', () => {
  const record = recordInput('check');
  const text = fc.string({ unit: 'binary', maxLength: 110 });
  const call = fc.record(
    {
      name: text,
      deviceId: fc.integer({ min: 1, max: 9 }),
      kind: fc.constantFrom(...checkKinds),
      settings: fc.dictionary(text, fc.jsonValue()),
      serviceId: fc.option(fc.integer({ min: 1 })),
      active: fc.boolean(),
      intervalSeconds: fc.double({ min: 4, max: 601, noNaN: true }),
      notes: fc.option(text),
    },
    { requiredKeys: ['name', 'deviceId', 'kind', 'settings'] },
  );
  let taken = 0;
  fc.assert(
    fc.property(call, (body) => {
      const parsed = NewCheck.safeParse(body);
      if (!parsed.success) return;
      taken++;
      const { secret: _secret, ...values } = parsed.data;
      expect(record.safeParse(values).error?.issues).toBeUndefined();
    }),
    { numRuns: 2000 },
  );
  expect(taken).toBeGreaterThan(100);
});
