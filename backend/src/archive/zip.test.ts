import fc from 'fast-check';
import { strFromU8, strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { overlappingZip, plantedZip } from './testing.ts';
import { ZipError, zipContent, zipEntries } from './zip.ts';

const read = (archive: Uint8Array) =>
  Object.fromEntries(zipEntries(archive, 1000).map((entry) => [entry.name, zipContent(archive, entry)]));

describe('a zip archive', () => {
  it('is read as it was written, packed or not', () => {
    const files = { 'a/ä.yaml': strToU8('x'.repeat(5000)), 'empty.txt': new Uint8Array(0) };
    for (const level of [0, 9] as const) {
      const found = read(zipSync(files, { level }));
      expect(Object.keys(found)).toEqual(Object.keys(files));
      expect(strFromU8(found['a/ä.yaml'] ?? new Uint8Array())).toBe('x'.repeat(5000));
    }
  });

  it('that is nonsense or was changed on its way is refused, and never read beyond', () => {
    const archive = zipSync({ 'a.yaml': strToU8('abc'.repeat(100)), 'b.yaml': strToU8('b') });
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(archive.length - 1), to: fc.nat(255) }), { maxLength: 6 }),
        fc.nat(archive.length),
        (changes, length) => {
          const damaged = new Uint8Array(archive).slice(0, length);
          for (const { at, to } of changes) if (at < length) damaged[at] = to;
          try {
            read(damaged);
          } catch (error) {
            expect(error).toBeInstanceOf(ZipError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['more', 10],
    ['less', 5_000_000],
  ])('whose file is %s than it claims is refused without unpacking more than the claim', (_, claimedSize) => {
    const archive = plantedZip([{ name: 'a.yaml', content: new Uint8Array(1_000_000), claimedSize }]);
    const [entry] = zipEntries(archive, 10);
    expect(entry?.size).toBe(claimedSize);
    if (entry) expect(() => zipContent(archive, entry)).toThrow(ZipError);
  });

  it('whose files are the same bytes, again and again, is refused', () => {
    const names = Array.from({ length: 500 }, (_, index) => `${index}.yaml`);
    const archive = overlappingZip(names, new Uint8Array(10_000_000));
    expect(() => zipEntries(archive, 1000)).toThrow('larger than itself');
  });

  it('with too many files is refused by its count alone', () => {
    const archive = plantedZip(
      Array.from({ length: 11 }, (_, index) => ({ name: String(index), content: new Uint8Array() })),
    );
    expect(() => zipEntries(archive, 10)).toThrow(expect.objectContaining({ reason: 'too-many' }));
  });
});
