import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksum, compress, decompress, encodingOf } from './body.ts';

describe('the body of a batch', () => {
  it('is zstd, known by its beginning, and comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const body = compress(text);
        expect(encodingOf(body)).toBe('zstd');
        expect(decompress(body)).toBe(text);
      }),
    );
  });

  it('may still be gzip', () => {
    const body = gzipSync('from before');
    expect(encodingOf(body)).toBe('gzip');
    expect(decompress(body)).toBe('from before');
  });

  it('is refused when it is neither or damaged', () => {
    expect(encodingOf(Buffer.from('plain'))).toBeNull();
    expect(() => decompress(Buffer.from('plain'))).toThrow(/neither/);
    expect(() => decompress(compress('a text that is long enough'.repeat(9)).subarray(0, 20))).toThrow();
  });

  it('shows any flipped bit in its checksum', () => {
    const body = compress('readings');
    for (let bit = 0; bit < body.length * 8; bit++) {
      const bad = Buffer.from(body);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(checksum('1 ', bad)).not.toBe(checksum('1 ', body));
    }
    expect(checksum('2 ', body)).not.toBe(checksum('1 ', body));
  });
});
