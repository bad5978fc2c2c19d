import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  byMonth,
  contractEndings,
  duplicateSerials,
  type Ending,
} from './running-out.ts';

const span = { from: '2026-11-22', to: '2027-11-22' };
const contract = {
  id: 3,
  version: 1,
  name: 'Wartung',
  number: null,
  supplier: 'Musterfirma',
  startsOn: null,
  endsOn: '2027-01-31',
  noticeDays: 90,
  costCents: 120_000,
  notes: null,
};

describe('what runs out', () => {
  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-11-22', 12, '2027-11-22'],
  ])('is %s and %i months: %s', (day, months, expected) => {
    expect(addMonths(day, months)).toBe(expected);
  });
  it('goes over the turn of the year', () => {
    expect(addDays('2027-01-01', -1)).toBe('2026-12-31');
  });
  it('tells of a contract its end, and its notice only while that can be given', () => {
    expect(contractEndings(contract, span).map(({ what, day }) => [what, day])).toEqual([
      ['contract', '2027-01-31'],
    ]);
    expect(
      contractEndings({ ...contract, noticeDays: 30 }, span).map(({ what, day }) => [what, day]),
    ).toEqual([
      ['notice', '2027-01-01'],
      ['contract', '2027-01-31'],
    ]);
    expect(contractEndings({ ...contract, endsOn: '2028-01-31', noticeDays: 100 }, span)).toMatchObject([
      { what: 'notice', day: '2027-10-23' },
    ]);
  });
  it('sums the cost of a month', () => {
    const one = (day: string, costCents: number | null): Ending => ({
      key: day,
      what: 'warranty',
      day,
      kind: 'device',
      id: 1,
      name: 'a',
      where: '',
      costCents,
    });
    expect(byMonth([one('2027-01-09', 5), one('2026-12-01', null), one('2027-01-02', 7)])).toMatchObject([
      { month: '2026-12', costCents: 0 },
      { month: '2027-01', costCents: 12, endings: [{ day: '2027-01-02' }, { day: '2027-01-09' }] },
    ]);
  });
  it('finds serial numbers that occur twice', () => {
    const devices = [
      { serial: 'SG 1' },
      { serial: 'sg1' },
      { serial: null },
      { serial: null },
      { serial: 'X' },
    ];
    expect(duplicateSerials(devices)).toEqual([
      { serial: 'SG 1', devices: [{ serial: 'SG 1' }, { serial: 'sg1' }] },
    ]);
  });
});
