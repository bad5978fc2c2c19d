import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeOid } from '../snmp/oid.ts';
import { lineOf } from './line.ts';
import { Replacements } from './replace.ts';
import { scrub } from './scrub.ts';
import type { RawValue } from './walk.ts';

const key = Buffer.alloc(32, 7);
const options = {
  key,
  secrets: ['kleiner-geheimer'],
  serials: ['ABC12345'],
  facts: ['Linux'],
  keepNames: false,
};
const text = (oid: string, value: string): RawValue => ({
  oid,
  tag: 0x04,
  bytes: Buffer.from(value, 'latin1'),
});
const hex = (oid: string, value: string): RawValue => ({ oid, tag: 0x04, bytes: Buffer.from(value, 'hex') });
const lines = (values: readonly RawValue[], more: object = {}) =>
  scrub(values, { ...options, ...more }).map((value) => lineOf(value) ?? '');

const sysDescr = '1.3.6.1.2.1.1.1.0';
const sysName = '1.3.6.1.2.1.1.5.0';

describe('a recording', () => {
  it('says the same name for the same device wherever it stands', () => {
    const result = lines([
      text(sysDescr, 'Linux nas-rathaus 5.10'),
      text(sysName, 'nas-rathaus.gemeinde.example'),
      text('1.3.6.1.2.1.1.6.0', 'Keller, Rathaus'),
      text('1.3.6.1.2.1.31.1.1.1.18.1', 'Frau Muster'),
      text('1.3.6.1.2.1.31.1.1.1.18.2', 'Frau Muster'),
    ]);
    expect(result).toEqual([
      `${sysDescr}|4|Linux device-1 5.10`,
      `${sysName}|4|device-1`,
      '1.3.6.1.2.1.1.6.0|4|location-1',
      '1.3.6.1.2.1.31.1.1.1.18.1|4|label-1',
      '1.3.6.1.2.1.31.1.1.1.18.2|4|label-1',
    ]);
  });

  it('keeps what says what the device is', () => {
    const same = [
      text(sysDescr, 'Linux 5.10, firmware 10.3.1.3, Version 10.03.0001'),
      text(sysName, 'linux'),
    ];
    expect(lines(same)[0]).toBe(`${sysDescr}|4|Linux 5.10, firmware 10.3.1.3, Version 10.03.0001`);
  });

  it('keeps names where that is wanted, and even then no secrets, serial numbers and addresses', () => {
    const [name, descr] = [
      text(sysName, 'sw-og1'),
      text(sysDescr, 'x kleiner-geheimer S/N ABC12345 at 192.168.7.4, admin@gemeinde.example'),
    ];
    const result = lines([descr, name], { keepNames: true });
    expect(result[1]).toBe(`${sysName}|4|sw-og1`);
    expect(result[0]).toMatch(/\|x public S\/N [A-Z]{3}\d{5} at 10\.0\.1\.4, someone@example\.org$/);
    expect(result[0]).not.toContain('ABC12345');
  });

  it('has one MAC address for one in octets, texts and OIDs, of the same maker', () => {
    const mac = '0c:c4:7a:12:34:56';
    const [octets = '', note = '', seen = ''] = lines([
      hex('1.3.6.1.2.1.2.2.1.6.1', mac.replaceAll(':', '')),
      text('1.3.6.1.2.1.2.2.1.22.1', `is ${mac.toUpperCase()}`),
      { oid: '1.3.6.1.2.1.17.4.3.1.2.12.196.122.18.52.86', tag: 0x02, bytes: Uint8Array.of(5) },
    ]);
    const other = octets.split('|')[2] ?? '';
    expect(other).toMatch(/^0cc47a/);
    expect(other).not.toBe('0cc47a123456');
    expect(note.split('|')[2]).toBe(`is ${(other.match(/../g) ?? []).join(':').toUpperCase()}`);
    expect(seen).toBe(`1.3.6.1.2.1.17.4.3.1.2.${[...Buffer.from(other, 'hex')].join('.')}|2|5`);
  });

  it('has one address for one in values and in the index of its table', () => {
    const result = lines([
      { oid: '1.3.6.1.2.1.4.20.1.1.192.168.7.4', tag: 0x40, bytes: Uint8Array.of(192, 168, 7, 4) },
      { oid: '1.3.6.1.2.1.4.20.1.3.192.168.7.4', tag: 0x40, bytes: Uint8Array.of(255, 255, 255, 0) },
    ]);
    expect(result).toEqual([
      '1.3.6.1.2.1.4.20.1.1.10.0.1.4|64|10.0.1.4',
      '1.3.6.1.2.1.4.20.1.3.10.0.1.4|64|255.255.255.0',
    ]);
  });

  it('is in the order of a walk', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat({ max: 0xffff_ffff }), { minLength: 1, maxLength: 8 })),
        (tails) => {
          const values = tails.map((tail) => ({
            oid: `1.3.6.1.4.1.${tail.join('.')}`,
            tag: 0x02,
            bytes: Uint8Array.of(1),
          }));
          const parts = scrub(values, options).map(({ oid }) => oid.split('.').map(Number));
          for (let i = 1; i < parts.length; i++)
            expect(isBefore(parts[i] ?? [], parts[i - 1] ?? [])).toBe(false);
        },
      ),
    );
  });
});

describe('what stands in the place of others', () => {
  it('has the same shape, is the same for the same and another for another key', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ABCabc012345-/'), minLength: 6, maxLength: 30 }),
        (serial) => {
          const one = new Replacements({ key });
          const other = one.serial(serial);
          expect(other.replace(/[A-Z]/g, 'A').replace(/[a-z]/g, 'a').replace(/\d/g, '0')).toBe(
            serial.replace(/[A-Z]/g, 'A').replace(/[a-z]/g, 'a').replace(/\d/g, '0'),
          );
          expect(one.serial(serial)).toBe(other);
        },
      ),
    );
    const serial = 'FCW1929B68S';
    expect(new Replacements({ key: Buffer.alloc(32, 8) }).serial(serial)).not.toBe(
      new Replacements({ key }).serial(serial),
    );
  });

  it('leaves alone what belongs to nobody', () => {
    const others = new Replacements({ key });
    expect(others.mac(Buffer.alloc(6, 0xff))).toEqual(Buffer.alloc(6, 0xff));
    expect(others.mac(Buffer.alloc(6))).toEqual(Buffer.alloc(6));
    for (const address of [
      [0, 0, 0, 0],
      [127, 0, 0, 1],
      [255, 255, 255, 0],
      [239, 1, 2, 3],
    ])
      expect(others.ipv4(address)).toEqual(address);
  });
});

it('values come out of lines as they went in', () => {
  const parts: [number, Uint8Array, string][] = [
    [0x02, Uint8Array.of(0xff), '2|-1'],
    [0x41, Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff), '65|4294967295'],
    [0x46, Buffer.from('00ffffffffffffffff', 'hex'), '70|18446744073709551615'],
    [0x06, encodeOid('1.3.6.1.4.1.9'), '6|1.3.6.1.4.1.9'],
    [0x04, Buffer.from('Tür'), '4x|54c3bc72'],
    [0x04, Buffer.from('ends '), '4x|656e647320'],
    [0x40, Uint8Array.of(10, 0, 0, 1), '64|10.0.0.1'],
    [0x05, new Uint8Array(), '5|'],
  ];
  for (const [tag, bytes, line] of parts) expect(lineOf({ oid: '1.3', tag, bytes })).toBe(`1.3|${line}`);
  expect(lineOf({ oid: '1.3', tag: 0x81, bytes: new Uint8Array() })).toBeNull();
});

function isBefore(left: readonly number[], right: readonly number[]): boolean {
  for (let i = 0; i < Math.min(left.length, right.length); i++)
    if (left[i] !== right[i]) return (left[i] ?? 0) < (right[i] ?? 0);
  return left.length < right.length;
}
