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
  expect(toNumber(Buffer.from('23 C'))).toBeUndefined();
  expect(toMac(Buffer.from([0, 1, 2, 3, 4, 0xab]))).toBe('00:01:02:03:04:ab');
  expect(toMac(Buffer.alloc(6))).toBeNull();
});
