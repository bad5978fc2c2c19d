import { entityKinds, formatLine, metricIds, type Reading } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Lines } from './lines.ts';

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
  fc.integer(),
  // Where digits become more, and where integers are written in two pieces.
  fc.tuple(fc.nat(18), fc.integer({ min: -2, max: 2 })).map(([digits, beside]) => 10 ** digits + beside),
  fc.constantFrom(0, -0, -1, 2 ** 31, 2 ** 53, -(2 ** 53), 2 ** 60, 1e21),
);
const name = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 100 }),
  fc.stringMatching(/^[\w ,=/\\.-]{0,20}$/),
  fc.constantFrom('', 'Gi 1/0/1,a=b', 'ends\\', 'two\nlines', 'Lüfter'),
);
const reading: fc.Arbitrary<Reading> = fc.constantFrom(...entityKinds).chain((kind) => {
  const names = metricIds.filter((id) => id.startsWith(`${kind}.`)).map((id) => id.slice(kind.length + 1));
  return fc.record({
    kind: fc.constant(kind),
    deviceId: fc.nat(),
    entity: name,
    time: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    values: fc.dictionary(fc.constantFrom(...names), number, { minKeys: 1, noNullPrototype: true }),
  });
});
const textOf = (readings: readonly Reading[]) => readings.map(formatLine).join('\n');

it('gives back what was added, a line each, as the contract writes it, and begins anew', () => {
  const lines = new Lines();
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 20 }), (added) => {
      for (const each of added) lines.add(each);
      expect(lines.length).toBe(Buffer.byteLength(textOf(added)));
      expect(Buffer.from(lines.take()).toString('utf8')).toBe(textOf(added));
      expect(lines.length).toBe(0);
    }),
    { numRuns: 2000 },
  );
});

it('grows with what it holds, wherever in a line its space ends', () => {
  const about = {
    kind: 'port',
    deviceId: 12,
    time: 1_780_000_000_000,
    values: { rx: 1.5, tx: 1e9 },
  } as const;
  for (const entity of ['eth0', 'ä'.repeat(40_000), 'a b'.repeat(30_000)]) {
    const lines = new Lines();
    const added = Array.from({ length: entity === 'eth0' ? 5000 : 5 }, (_, i) => ({
      ...about,
      entity: `${entity}${i}`,
    }));
    for (const each of added) lines.add(each);
    expect(Buffer.from(lines.take()).toString('utf8')).toBe(textOf(added));
  }
});
