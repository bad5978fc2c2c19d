import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonName, dnKey, escapedFilterValue, escapedValue, isBelow } from './dn.ts';

const base = 'ou=Leute,dc=rathaus,dc=test';
/** What is likely to break out of a name or a filter, among other text. */
const typed = fc.array(
  fc.oneof(
    fc.constantFrom(',', '+', '"', '\\', '<', '>', ';', '=', '#', ' ', '\0', '\n', '*', '(', ')', '|', '&'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
  ),
  { minLength: 1, maxLength: 12 },
);

describe('names that are the same', () => {
  it.each([
    ['cn=IT,ou=Gruppen,dc=rathaus', 'CN=it, OU=gruppen , DC=Rathaus'],
    ['cn = IT,dc=rathaus', 'cn=IT,dc=rathaus'],
    ['cn=Netz\\, Team,dc=rathaus', 'cn=Netz\\2c Team,dc=rathaus'],
    ['cn=a+uid=b,dc=rathaus', 'UID=b + CN=a,dc=rathaus'],
    ['cn=J\\C3\\BCrgen,dc=rathaus', 'cn=Jürgen,dc=rathaus'],
    // One sign or two for the same letter.
    ['cn=J\u00fcrgen,dc=rathaus', 'cn=Ju\u0308rgen,dc=rathaus'],
  ])('%s and %s', (one, other) => expect(dnKey(one)).toBe(dnKey(other)));

  it.each([
    ['cn=IT,dc=rathaus', 'cn=IT2,dc=rathaus'],
    ['cn=IT\\,dc=rathaus', 'cn=IT,dc=rathaus'],
    ['cn=a\\+uid\\=b,dc=rathaus', 'cn=a+uid=b,dc=rathaus'],
    // A wide comma is a letter as any other.
    ['cn=IT\uff0cdc=rathaus', 'cn=IT,dc=rathaus'],
  ])('but not %s and %s', (one, other) => expect(dnKey(one)).not.toBe(dnKey(other)));
});

describe('the common name', () => {
  it.each([
    ['cn=IT,dc=rathaus', 'IT'],
    ['CN=Netz\\, Team,ou=Gruppen,dc=rathaus', 'Netz, Team'],
    ['cn=J\\C3\\BCrgen,dc=rathaus', 'Jürgen'],
    ['cn=a\\5Cb,dc=rathaus', 'a\\b'],
    ['ou=Gruppen,dc=rathaus', null],
    // No DN but a name that looks like the beginning of one.
    ['cn=IT', null],
    ['IT', null],
    ['', null],
  ])('of %s: %s', (dn, name) => expect(commonName(dn)).toBe(name));

  it('is what was escaped, whatever it was', () => {
    fc.assert(
      fc.property(typed, (parts) => {
        const value = parts.join('').trim();
        fc.pre(value !== '');
        expect(commonName(`cn=${escapedValue(value)},${base}`)).toBe(value);
      }),
    );
  });
});

describe('lying below', () => {
  it.each([
    ['uid=a,ou=Leute,dc=rathaus', 'ou=leute, DC=rathaus', true],
    ['ou=Leute,dc=rathaus', 'ou=Leute,dc=rathaus', true],
    ['uid=a,ou=AndereLeute,dc=rathaus', 'ou=Leute,dc=rathaus', false],
    ['uid=a,xou=Leute,dc=rathaus', 'ou=Leute,dc=rathaus', false],
    // What is typed as a name does not move its owner.
    ['cn=a\\,ou=Leute,dc=rathaus', 'ou=Leute,dc=rathaus', false],
    ['cn=a\\\\,ou=Leute,dc=rathaus', 'ou=Leute,dc=rathaus', true],
    ['dc=rathaus', 'ou=Leute,dc=rathaus', false],
  ])('%s below %s: %s', (dn, above, below) => expect(isBelow(dn, above)).toBe(below));
});

describe('what is typed', () => {
  it('stays one value of a DN', () => {
    fc.assert(
      fc.property(typed, (parts) => {
        const escaped = escapedValue(parts.join(''));
        // Neither a part more nor a second value in the first one.
        const bare = escaped.replace(/\\[0-9a-f]{2}|\\./gs, '');
        expect(bare).not.toMatch(/[,+"<>;=\0\r\n]/);
        expect(isBelow(`uid=${escaped},${base}`, base)).toBe(true);
      }),
    );
  });

  it('stays one value of a filter', () => {
    fc.assert(
      fc.property(typed, (parts) => {
        const value = parts.join('');
        const escaped = escapedFilterValue(value);
        expect(escaped.replace(/\\[0-9a-f]{2}/g, '')).not.toMatch(/[\\*()\0]/);
        const back = escaped.replace(/\\([0-9a-f]{2})/g, (_, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        );
        expect(back).toBe(value);
      }),
    );
  });

  it('is written as RFC 4514 and RFC 4515 have it', () => {
    expect(escapedValue(' a,b+c#d ')).toBe('\\ a\\,b\\+c\\#d\\ ');
    expect(escapedValue('a\0b')).toBe('a\\00b');
    expect(escapedFilterValue('*)(uid=*')).toBe('\\2a\\29\\28uid=\\2a');
    expect(escapedFilterValue('Jürgen\0')).toBe('Jürgen\\00');
  });
});
