import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Lines } from './lines.ts';

it('gives back what was added, a line each, whatever its characters, and begins anew', () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
  const lines = new Lines();
  fc.assert(
    fc.property(fc.array(line, { maxLength: 50 }), (added) => {
      for (const each of added) lines.add(each);
      expect(lines.length).toBe(Buffer.byteLength(added.join('\n')));
      expect(Buffer.from(lines.take()).toString('utf8')).toBe(added.join('\n'));
      expect(lines.length).toBe(0);
    }),
  );
});

it('grows with what it holds', () => {
  const lines = new Lines();
  const long = 'ä'.repeat(100_000);
  for (let count = 0; count < 5; count++) lines.add(long);
  expect(lines.length).toBe(5 * 200_000 + 4);
  expect(Buffer.from(lines.take()).toString('utf8')).toBe(Array(5).fill(long).join('\n'));
});
