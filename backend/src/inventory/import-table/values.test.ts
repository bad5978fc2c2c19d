import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  guessNotation,
  isFormulaError,
  parseCents,
  parseDay,
  parseFlag,
  parseNumber,
  parsePosition,
} from './values.ts';
import { parseChoice, roleInText } from './words.ts';

describe('numbers', () => {
  it.each([
    ['1.234,50 €', 'de', 1234.5],
    ['1.234', 'de', 1234],
    ['12,5', 'de', 12.5],
    ['12.5', 'de', 12.5],
    ['EUR 99', 'de', 99],
    ['1 234,5', 'de', 1234.5],
    ['1.234.567', 'de', 1234567],
    ['1,234.50', 'en', 1234.5],
    ['1,234', 'en', 1234],
    ['$1,234.50', 'us', 1234.5],
    ['42 HE', 'de', 42],
    ['800 kg', 'de', 800],
    ["1'200", 'de', 1200],
    ['-3', 'de', -3],
    ['viel', 'de', undefined],
    ['12-13', 'de', undefined],
    ['', 'de', undefined],
  ] as const)('%s (%s)', (text, notation, number) => {
    expect(parseNumber(text, notation)).toBe(number);
  });
  it('reads what German and English write', () => {
    const amount = fc.integer({ min: 0, max: 100_000_000 });
    for (const [notation, language] of [
      ['de', 'de-DE'],
      ['en', 'en-GB'],
    ] as const)
      fc.assert(
        fc.property(amount, (cents) => {
          const text = (cents / 100).toLocaleString(language, { minimumFractionDigits: 2 });
          expect(parseCents(text, notation)).toBe(cents);
        }),
      );
  });
});

describe('days', () => {
  it.each([
    ['31.12.2027', 'de', '2027-12-31'],
    ['1.3.26', 'de', '2026-03-01'],
    ['2027-12-31', 'de', '2027-12-31'],
    ['2027-12-31T00:00:00', 'de', '2027-12-31'],
    ['31.12.2027 14:30 Uhr', 'de', '2027-12-31'],
    ['03/04/2026', 'en', '2026-04-03'],
    ['03/04/2026', 'us', '2026-03-04'],
    ['Fr, 22. November 2026', 'de', '2026-11-22'],
    ['22 Nov 2026', 'en', '2026-11-22'],
    ['November 22, 2026', 'us', '2026-11-22'],
    ['31. März 2025', 'de', '2025-03-31'],
    [46_348, 'de', '2026-11-22'],
    [{ day: '2026-11-22' }, 'de', '2026-11-22'],
    ['31.02.2028', 'de', undefined],
    ['29.02.2028', 'de', '2028-02-29'],
    ['bald', 'de', undefined],
    ['13/13/2026', 'en', undefined],
    [12, 'de', undefined],
  ] as const)('%j (%s)', (cell, notation, day) => {
    expect(parseDay(cell, notation, 'first')).toBe(day);
  });
  it.each([
    ['12/2027', '2027-12-01', '2027-12-31'],
    ['02/2028', '2028-02-01', '2028-02-29'],
    ['Feb 2027', '2027-02-01', '2027-02-28'],
    ['2027', '2027-01-01', '2027-12-31'],
    [2027, '2027-01-01', '2027-12-31'],
  ] as const)('%j begins and ends', (cell, first, last) => {
    expect([parseDay(cell, 'de', 'first'), parseDay(cell, 'de', 'last')]).toEqual([first, last]);
  });
  it('reads what German and English write, and what spreadsheets count', () => {
    const days = fc.integer({ min: Date.UTC(1971, 0, 1) / 864e5, max: Date.UTC(2069, 11, 31) / 864e5 });
    fc.assert(
      fc.property(days, (number) => {
        const date = new Date(number * 864e5);
        const day = date.toISOString().slice(0, 10);
        const options = { timeZone: 'UTC', day: '2-digit', month: '2-digit', year: 'numeric' } as const;
        expect(parseDay(date.toLocaleDateString('de-DE', options), 'de', 'last')).toBe(day);
        expect(parseDay(date.toLocaleDateString('en-GB', options), 'en', 'last')).toBe(day);
        expect(parseDay(date.toLocaleDateString('en-US', options), 'us', 'last')).toBe(day);
        expect(parseDay(number + 25_569, 'de', 'last')).toBe(day);
      }),
    );
  });
  it('sees from all values together how they are written', () => {
    expect(guessNotation(['12.03.2024', 'x'])).toBe('de');
    expect(guessNotation(['03/04/2024', '12/31/2024'])).toBe('us');
    expect(guessNotation(['03/04/2024', '31/12/2024'])).toBe('en');
    expect(guessNotation(['1.234,50 €'])).toBe('de');
    expect(guessNotation(['abc', '12'])).toBeNull();
  });
});

it.each([
  ['12', 12, null],
  [12, 12, null],
  ['HE 12', 12, null],
  ['HE12', 12, null],
  ['12 HE', 12, null],
  ['U12', 12, null],
  ['12,5', 12.5, null],
  ['12-13', 12, 2],
  ['13-12', 12, 2],
  ['HE 12 – 14', 12, 3],
  ['12/13', 12, 2],
  ['12 bis 13', 12, 2],
  ['ab 12', 12, null],
] as const)('unit %j', (cell, position, height) => {
  expect(parsePosition(cell)).toEqual({ position, height });
});
it.each(['oben', '', '1234', 'unten links', '12-x'])('no unit %j', (text) => {
  expect(parsePosition(text)).toBeUndefined();
});

it('understands what people call things', () => {
  expect(parseChoice('status', 'In Betrieb')).toBe('active');
  expect(parseChoice('status', 'außer Betrieb')).toBe('removed');
  expect(parseChoice('role', 'USV')).toBe('ups');
  expect(parseChoice('role', 'Patch-Panel')).toBe('panel');
  expect(parseChoice('face', 'Rückseite')).toBe('rear');
  expect(parseChoice('status', 'kaputtig')).toBeUndefined();
  expect(roleInText('24-Port PoE Switch')).toBe('switch');
  expect(roleInText('Backupserver 2')).toBe('server');
  expect([parseFlag('ja'), parseFlag('Nein'), parseFlag('vielleicht')]).toEqual([true, false, undefined]);
  expect([isFormulaError('#REF!'), isFormulaError('#NV'), isFormulaError('#1 Switch')]).toEqual([
    true,
    true,
    false,
  ]);
});
