import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Cell, cellText, columnLetter } from './cells.ts';
import { decodeText, parseCsv, writeCsv } from './csv.ts';
import { readTable, readTableNow } from './read-table.ts';
import { writeWorkbook } from './xlsx.ts';

// What Unicode calls control characters has no place in a cell; spreadsheets keep everything else.
const text = fc
  .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  .filter((value) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(value) && value.trim() !== '');
const cell: fc.Arbitrary<Cell> = fc.oneof(
  text,
  fc.constantFrom('=1+1', '+49 123', '@x', '0012', 'a;b', '"a"', "O'Neill"),
  fc.integer({ min: -1_000_000, max: 1_000_000 }),
  fc.boolean(),
  fc.constant(null),
  fc
    .date({ min: new Date('1950-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    .map((date) => ({ day: date.toISOString().slice(0, 10) })),
);
const headed = (rows: readonly (readonly Cell[])[]) => [['Überschrift'], ...rows];
/** Without what is empty at the end. */
const trimmed = (rows: readonly (readonly Cell[])[]) => {
  const short = rows.map((row) => row.slice(0, row.findLastIndex((value) => value !== null) + 1));
  return short.slice(0, short.findLastIndex((row) => row.length > 0) + 1);
};

it('reads back from a workbook what was written, and nothing is computed', () => {
  fc.assert(
    fc.property(fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 8 }), (rows) => {
      const [sheet] = readTableNow('x.xlsx', writeWorkbook([{ name: 'Liste', rows: headed(rows) }]));
      expect(sheet?.rows).toEqual(trimmed(headed(rows)));
    }),
    { numRuns: 60 },
  );
});

it('reads back from separated values what was written, whatever stands between and however it is encoded', () => {
  const value = fc.oneof(
    fc.string({ maxLength: 12 }).filter((text) => !text.includes('\r')),
    fc.constantFrom('=1+1', 'a"b', 'zwei\nZeilen', 'ä;ö'),
  );
  const table = fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(table, fc.constantFrom(';', ',', '\t'), (rows, separator) => {
      const whole = [['Name', 'Modell', 'Raum'], ...rows];
      // The separator is said, as Excel does: what is guessed is another test.
      expect(parseCsv(`sep=${separator}\r\n${writeCsv(whole, separator)}`)).toEqual(whole);
    }),
  );
});

it.each([
  [';', 'Name;Preis\r\na;1,5\r\nb;2,5\r\n'],
  [',', 'Name,Preis\na,1.5\nb,2.5\n'],
  ['\t', 'Name\tPreis\na, b\t1\nc, d\t2\n'],
  ['|', 'Name|Preis\na|1\n'],
])('sees that %j separates', (_, csv) => {
  expect(parseCsv(csv)[0]).toEqual(['Name', 'Preis']);
});

it('knows the encodings that Windows and Excel write', () => {
  const word = 'Gerät – Ä';
  const utf16 = Buffer.from(`\uFEFF${word}`, 'utf16le');
  expect(decodeText(Buffer.from(word))).toBe(word);
  expect(decodeText(Buffer.from(`\uFEFF${word}`))).toBe(word);
  expect(decodeText(utf16)).toBe(word);
  expect(decodeText(new Uint8Array([0x47, 0xe4, 0x96]))).toBe('Gä–');
});

it('reads in a thread, and stops when it is told to', async () => {
  const bytes = writeWorkbook([{ name: 'Liste', rows: [['a', 'b']] }]);
  expect(await readTable('x.xlsx', new Uint8Array(bytes), new AbortController().signal)).toEqual([
    { name: 'Liste', rows: [['a', 'b']] },
  ]);
  const stop = new AbortController();
  const reading = readTable('x.xlsx', new Uint8Array(bytes), stop.signal);
  stop.abort(new Error('stopped'));
  await expect(reading).rejects.toThrow('stopped');
});

it('calls columns as spreadsheets do', () => {
  expect([0, 25, 26, 51, 52, 701, 702].map(columnLetter)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
  expect([cellText(null), cellText('  a \n b '), cellText(1.5), cellText({ day: '2026-11-22' })]).toEqual([
    '',
    'a b',
    '1.5',
    '2026-11-22',
  ]);
});
