import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeOid } from '../snmp/oid.ts';
import { ipv6Octets, ipv6Text, replaceIpv6 } from './ipv6.ts';
import { lineOf } from './line.ts';
import { Replacements } from './replace.ts';
import { scrub } from './scrub.ts';
import type { RawValue } from './walk.ts';

const options = { key: Buffer.alloc(32, 7), secrets: [], serials: [], facts: [], keepNames: true };
const bytesOf = (address: string) => {
  const octets = ipv6Octets(address);
  if (octets === null) throw new Error(`${address} is no address`);
  return octets;
};
const text = (oid: string, value: string): RawValue => ({ oid, tag: 0x04, bytes: Buffer.from(value) });
const integer = (oid: string, value: number): RawValue => ({ oid, tag: 0x02, bytes: Uint8Array.of(value) });
const lines = (values: readonly RawValue[]) => scrub(values, options).map((value) => lineOf(value) ?? '');
const dotted = (octets: Uint8Array) => [...octets].join('.');
const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');
const full = (octets: Uint8Array) => (hex(octets).match(/..../g) ?? []).join(':');

/** Addresses that somebody may have: global, unique local, link-local; with small numbers of interfaces and with large ones. */
const address = fc
  .tuple(
    fc.constantFrom('2003', '2a02', '3fff', 'fd00', 'fe80'),
    fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 14, maxLength: 14 }),
    fc.boolean(),
  )
  .map(([start, rest, small]) => {
    const octets = Uint8Array.from([...Buffer.from(start, 'hex'), ...rest]);
    if (start === 'fe80') octets.fill(0, 2, 8);
    if (small) octets.fill(0, 8, 14);
    return octets;
  });

const inetAddress = '1.3.6.1.4.1.99999.7.1';
const ipAddressIfIndex = '1.3.6.1.2.1.4.34.1.3';
const ipAddressPrefix = '1.3.6.1.2.1.4.34.1.5';
const prefixOrigin = '1.3.6.1.2.1.4.32.1.5';
const neighbours = '1.0.8802.1.1.2.1.4.2.1.3';
const remark = '1.3.6.1.4.1.99999.8.0';

describe('IPv6 addresses', () => {
  it('are one address of the documentation for each, in values, texts and OIDs, and nothing of them is left', () => {
    fc.assert(
      fc.property(fc.uniqueArray(address, { minLength: 1, maxLength: 6, selector: hex }), (all) => {
        const values = all.flatMap((octets, i) => {
          const indexed = `2.16.${dotted(octets)}`;
          const prefix = dotted(Uint8Array.from(octets, (octet, at) => (at < 8 ? octet : 0)));
          return [
            integer(`${inetAddress}.2.${i + 1}`, 2),
            { oid: `${inetAddress}.3.${i + 1}`, tag: 0x04, bytes: octets },
            text(
              `${inetAddress}.4.${i + 1}`,
              `at ${ipv6Text(octets)}/64, [${full(octets).toUpperCase()}]:161`,
            ),
            text(`${inetAddress}.5.${i + 1}`, `host:${ipv6Text(octets)}: up`),
            integer(`${ipAddressIfIndex}.${indexed}`, i + 1),
            {
              oid: `${ipAddressPrefix}.${indexed}`,
              tag: 0x06,
              bytes: encodeOid(`${prefixOrigin}.${i + 1}.2.16.${prefix}.64`),
            },
            integer(`${neighbours}.0.1.4.${indexed}`, i + 1),
          ];
        });
        const result = scrub(values, options);
        const at = (oid: string) => result.find((value) => value.oid === oid)?.bytes ?? new Uint8Array();
        const whole = lines(values).join('\n').toLowerCase();
        const others = all.map((octets, i) => {
          const other = at(`${inetAddress}.3.${i + 1}`);
          expect(hex(other)).toMatch(/^20010db8/);
          const said = Buffer.from(at(`${inetAddress}.4.${i + 1}`)).toString();
          // Where all groups have four digits the short form is the full one.
          const short = ipv6Text(octets) === full(octets) ? full(other) : ipv6Text(other);
          const upper = /[a-f]/.test(full(octets)) ? full(other).toUpperCase() : full(other);
          expect(said).toBe(`at ${short}/64, [${upper}]:161`);
          expect(Buffer.from(at(`${inetAddress}.5.${i + 1}`)).toString()).toBe(`host:${short}: up`);
          const indexed = `2.16.${dotted(other)}`;
          expect(at(`${ipAddressIfIndex}.${indexed}`)).toEqual(Uint8Array.of(i + 1));
          expect(at(`${neighbours}.0.1.4.${indexed}`)).toEqual(Uint8Array.of(i + 1));
          const prefix = dotted(Uint8Array.from(other, (octet, place) => (place < 8 ? octet : 0)));
          expect(at(`${ipAddressPrefix}.${indexed}`)).toEqual(
            Uint8Array.from(encodeOid(`${prefixOrigin}.${i + 1}.2.16.${prefix}.64`)),
          );
          // Nothing of the old one but a small number of an interface.
          for (const old of [
            hex(octets),
            dotted(octets),
            ipv6Text(octets),
            full(octets),
            dotted(octets.subarray(0, 8)),
          ])
            if (old !== dotted(new Uint8Array(8))) expect(whole).not.toContain(old);
          return hex(other);
        });
        expect(new Set(others).size).toBe(all.length);
        // Who were in one network are in one.
        const networks = (addresses: readonly string[]) =>
          addresses.map((each) => addresses.findIndex((first) => first.slice(0, 16) === each.slice(0, 16)));
        expect(networks(others)).toEqual(networks(all.map(hex)));
      }),
      {
        numRuns: 200,
        // Its end looks like an IPv4 address with kind and length.
        examples: [[[bytesOf('2003::104:0:0')]]],
      },
    );
  });

  it('are known by the type that stands before them, and octets that only look like one stay', () => {
    const octets = bytesOf('2a02:1234::77:1');
    const table = (type: number, value: Uint8Array) =>
      lines([
        integer('1.3.6.1.4.1.9.9.23.1.2.1.1.3.1', type),
        { oid: '1.3.6.1.4.1.9.9.23.1.2.1.1.4.1', tag: 0x04, bytes: value },
      ])[1];
    expect(table(2, octets)).toMatch(/\|4x\|20010db8/);
    expect(table(1, octets)).toBe(`1.3.6.1.4.1.9.9.23.1.2.1.1.4.1|4x|${hex(octets)}`);
    // A set of ports, and a text.
    const ports = Uint8Array.from([0x80, ...new Uint8Array(15)]);
    expect(table(2, ports)).toBe(`1.3.6.1.4.1.9.9.23.1.2.1.1.4.1|4x|${hex(ports)}`);
    expect(table(2, Buffer.from('GigabitEthernet2'))).toMatch(/\|4\|GigabitEthernet2$/);
    // With a zone.
    const zoned = Uint8Array.from([...bytesOf('fe80::1234:5678:9abc:def0'), 0, 0, 0, 3]);
    expect(table(4, zoned)).toMatch(/\|4x\|20010db8.{24}00000003$/);
  });

  it('take the place of an IPv4 address in them, and leave what is nobody’s', () => {
    const others = new Replacements({ key: options.key });
    for (const nobodys of ['::', '::1', 'ff02::1', 'ff05::2'])
      expect(others.ipv6(bytesOf(nobodys))).toEqual(bytesOf(nobodys));
    expect(ipv6Text(others.ipv6(bytesOf('::ffff:192.168.7.4')))).toBe(ipv6Text(bytesOf('::ffff:10.0.1.4')));
    expect(hex(others.ipv6(bytesOf('ff02::1:ff12:3456')))).toMatch(/^ff0200000000000000000001ff(?!123456)/);
    expect(lines([text(remark, 'peer ::ffff:192.168.7.4')])).toEqual([`${remark}|4|peer ::ffff:10.0.1.4`]);
  });

  it.each([
    'up 10:20:30',
    'std::string',
    'WWN 50:01:43:80:12:34:56:78',
    '1:2:3:4:5:6:7',
    'a: b',
    'Version 1.2.3.4: ok',
    '...:::...',
  ])('are not seen in "%s"', (said) => {
    expect(replaceIpv6(said, () => new Uint8Array(16))).toBe(said);
  });

  it('are written as they are read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (octets) => {
        expect(ipv6Octets(ipv6Text(octets))).toEqual(octets);
        expect(ipv6Octets(full(octets))).toEqual(octets);
      }),
    );
    expect(hex(bytesOf('::ffff:192.168.7.4'))).toBe('00000000000000000000ffffc0a80704');
  });
});
