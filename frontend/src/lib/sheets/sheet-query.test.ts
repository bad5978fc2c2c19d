import { SheetFileQuery, SheetQuery, sheetKinds } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { addressOf, fileAddress, nextSort, rowsAddress, type SheetState, stateOf } from './sheet-query.ts';

const state = (query: string): SheetState => stateOf(new URLSearchParams(query));

describe('the address of a sheet', () => {
  it('says what is shown, and is read again', () => {
    const shown = { ...state('sheet=inspection&within=rack:3'), years: 2, sort: 'label', page: 3 };
    expect(addressOf(shown)).toBe('/sheets?sheet=inspection&within=rack%3A3&years=2&sort=label&page=3');
    expect(state(addressOf(shown).split('?')[1] ?? '')).toEqual(shown);
  });
  it('leaves out what makes no sense', () => {
    expect(state('sheet=x&within=rack:&cables=y&devices=1,a,1&years=0&sort=1;drop&page=-1')).toEqual({
      ...state(''),
      devices: [1],
    });
  });
  it('asks the server only for what it takes', () => {
    for (const sheet of sheetKinds) {
      const all = {
        ...state(`sheet=${sheet}&within=room:1&cables=all&devices=1,2&years=9&weeks=1`),
        sort: 'label',
      };
      const query = (address: string) => Object.fromEntries(new URLSearchParams(address.split('?')[1]));
      expect(SheetQuery.safeParse(query(rowsAddress(all, 'de'))).success).toBe(true);
      expect(SheetFileQuery.safeParse(query(fileAddress(all, 'pdf', 'en'))).success).toBe(true);
    }
  });
});

it('sorts upwards, downwards, and as one walks', () => {
  const first = { ...state(''), ...nextSort(state(''), 'label') };
  expect(first).toMatchObject({ sort: 'label', order: 'asc' });
  const second = { ...first, ...nextSort(first, 'label') };
  expect(second.order).toBe('desc');
  expect(nextSort(second, 'label').sort).toBe('');
  expect(nextSort(second, 'color')).toEqual({ sort: 'color', order: 'asc' });
});
