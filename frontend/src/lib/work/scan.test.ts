import { codeOf, labelKinds } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plain, readScan } from './scan.ts';

describe('what a label says', () => {
  it.each([
    ['HTTPS://RACK.STADT.DE/Q/P3K', 'port', 115],
    ['https://old-name:8443/q/p3k', 'port', 115],
    ['http://10.0.0.5:8080/Q/C1', 'link', 1],
    ['/q/d2/', 'device', 2],
    ['  HTTP://X/Q/R1  ', 'rack', 1],
  ])('reads %s', (text, what, id) => {
    expect(readScan(text)).toMatchObject({ kind: 'code', what, id });
  });
  it.each([
    ['K-0231', 'text'],
    ['A:12', 'text'],
    ['D4', 'text'],
    ['https://maker.example/item/123', 'foreign'],
    ['https://rack/q/', 'foreign'],
    ['https://rack/q/x9', 'foreign'],
    ['HTTPS://RACK/Q/PU', 'foreign'],
    ['tel://123', 'foreign'],
    // What is written like our address and overflows is none of ours.
    ['https://rack/q/pZZZZZZZZZZZ', 'foreign'],
  ])('takes %s for %s', (text, kind) => {
    expect(readScan(text)?.kind).toBe(kind);
  });
  it('finds nothing in nothing', () => {
    expect(readScan('  \n')).toBeNull();
  });
  it('reads whatever code was printed, whatever the server is called', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...labelKinds),
        fc.integer({ min: 1, max: 2_000_000_000 }),
        fc.constantFrom('http://a', 'https://rack.stadt.de:444', 'HTTP://192.168.1.2'),
        fc.boolean(),
        (kind, id, host, capitals) => {
          const url = `${host}/q/${codeOf(kind, id)}`;
          expect(readScan(capitals ? url.toUpperCase() : url)).toMatchObject({
            kind: 'code',
            what: kind,
            id,
          });
        },
      ),
    );
  });
  it('never fails, whatever is on the sticker', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const scan = readScan(text);
        expect(scan === null).toBe(text.trim() === '');
      }),
    );
  });
  it('compares labels as people read them', () => {
    expect(plain('A : 12')).toBe(plain('a:12'));
    expect(plain('K–0231')).toBe(plain('k-0231'));
    expect(plain('2.14-1')).not.toBe(plain('2.14-2'));
  });
});
