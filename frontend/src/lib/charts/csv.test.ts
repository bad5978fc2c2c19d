import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName, seriesRows, toCsv } from './csv.ts';

describe('toCsv', () => {
  it('writes what a German spreadsheet reads', () => {
    expect(
      toCsv(
        [
          ['Zeit', 'a;b'],
          ['t', 1.5],
          ['u', null],
        ],
        'de',
      ),
    ).toBe('\ufeffZeit;"a;b"\r\nt;1,5\r\nu;\r\n');
  });
  it('writes what an English spreadsheet reads', () => {
    expect(toCsv([['say "hi"', -1.25]], 'en')).toBe('\ufeff"say ""hi""",-1.25\r\n');
  });
  it('never lets text start a formula', () => {
    fc.assert(
      fc.property(fc.constantFrom('=', '+', '-', '@', '\t', '\r'), fc.string(), (start, rest) => {
        const cell = toCsv([[start + rest]], 'de').slice(1);
        expect(cell.startsWith("'") || cell.startsWith('"\'')).toBe(true);
      }),
    );
  });
});

describe('seriesRows', () => {
  it('keeps gaps empty and times in UTC', () => {
    const line = {
      label: 'Empfang',
      mirrored: false,
      start: Date.UTC(2026, 10, 22, 10),
      step: 60_000,
      unit: 'bit/s' as const,
      mean: [1, null],
      min: [0, null],
      max: [2, null],
      limits: [],
    };
    expect(
      seriesRows([line], [{ name: 'Empfang', unit: 'bit/s' }], {
        time: 'Zeit',
        mean: 'Mittel',
        min: 'Min',
        max: 'Max',
      }),
    ).toEqual([
      ['Zeit', 'Empfang Mittel [bit/s]', 'Empfang Min [bit/s]', 'Empfang Max [bit/s]'],
      ['2026-11-22T10:00:00.000Z', 1, 0, 2],
      ['2026-11-22T10:01:00.000Z', null, null, null],
    ]);
  });
});

describe('fileName', () => {
  it('survives any device name', () => {
    expect(fileName(['Büro/Schalter 1', '../x'], 'csv')).toBe('Bu-ro-Schalter-1-..-x.csv');
    expect(fileName(['///'], 'csv')).toBe('rackhaus.csv');
  });
});
