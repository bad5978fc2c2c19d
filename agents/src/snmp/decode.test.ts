import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeValue, toMac, toNumber, toText, toTextOrHex } from './decode.ts';

const decode = (tag: number, ...bytes: number[]) => decodeValue(Uint8Array.from(bytes), tag, 0, bytes.length);

it('numbers of all types', () => {
  expect(decode(0x02, 0xff)).toBe(-1);
  expect(decode(0x02, 0x80, 0, 0, 0)).toBe(-(2 ** 31));
  expect(decode(0x41, 0, 0xff, 0xff, 0xff, 0xff)).toBe(2 ** 32 - 1);
  // Some agents leave out the leading zero octet of an unsigned number.
  expect(decode(0x42, 0xff, 0xff, 0xff, 0xff)).toBe(2 ** 32 - 1);
  expect(decode(0x46, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)).toBe(2 ** 53 - 1);
  expect(decode(0x44, 0x9f, 0x78, 4, 0x41, 0x20, 0, 0)).toBe(10);
});

it('what is missing is undefined, not an error', () => {
  for (const tag of [0x05, 0x80, 0x81, 0x82]) expect(decode(tag)).toBeUndefined();
  expect(decode(0x02)).toBeUndefined();
});

it('text for people', () => {
  expect(toText(Buffer.from('  Büro\0rest'))).toBe('Büro');
  expect(toText(Buffer.from('B\xfcro', 'latin1'))).toBe('Büro');
  expect(toText(Buffer.from('a\r\nb'))).toBe('a b');
  expect(toText(Buffer.alloc(3))).toBeNull();
  expect(toTextOrHex(Buffer.from([1, 2, 0xff]))).toBe('01:02:ff');
});

it('numbers sent as text, and MAC addresses', () => {
  expect(toNumber(Buffer.from('23.5'))).toBe(23.5);
  expect(toNumber(Buffer.from('-20,9'))).toBe(-20.9);
  expect(toNumber(Buffer.from('23 C'))).toBeUndefined();
  expect(toMac(Buffer.from([0, 1, 2, 3, 4, 0xab]))).toBe('00:01:02:03:04:ab');
  expect(toMac(Buffer.alloc(6))).toBeNull();
});

it('texts in quotes, and with padding at their end', () => {
  expect(toText(Buffer.from('"Rack 1"'))).toBe('Rack 1');
  expect(toText(Buffer.from('19" rack'))).toBe('19" rack');
  expect(toTextOrHex(Buffer.from('PDU\0\0\0'))).toBe('PDU');
});

it('names in Latin-1 are text, MAC addresses are not', () => {
  expect(toTextOrHex(Buffer.from('T\xfcr Serverraum', 'latin1'))).toBe('Tür Serverraum');
  expect(toTextOrHex(Buffer.from('25 \xb0C', 'latin1'))).toBe('25 °C');
  expect(toTextOrHex(Buffer.from('f03e34f342c3', 'hex'))).toBe('f0:3e:34:f3:42:c3');
  expect(toTextOrHex(Buffer.from('Zeile 1\r\nZeile 2'))).toBe('Zeile 1 Zeile 2');
});

it('every text comes back as it is, in UTF-8 and in Latin-1 where that has its letters', () => {
  const letters = fc.string({
    unit: fc.constantFrom(...'abcXYZ 019äöüÄÖÜß-_.:/()'),
    minLength: 7,
    maxLength: 40,
  });
  fc.assert(
    fc.property(letters, fc.nat({ max: 5 }), (text, padding) => {
      const wanted = text.trim() === '' ? null : text.trim();
      expect(toText(Buffer.from(`${text}${'\0'.repeat(padding)}`))).toBe(wanted);
      expect(toText(Buffer.from(text, 'latin1'))).toBe(wanted);
    }),
  );
});

it('whatever a device sends becomes printable text or hexadecimal numbers', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      for (const text of [toText(bytes), toTextOrHex(bytes)])
        if (text !== null) expect(text).not.toMatch(/\p{Cc}/u);
    }),
  );
});
