import { recordKinds } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bulkFields } from './bulk.ts';
import { allColumns, columnsFromStart } from './columns.ts';
import { emptyList, filterFields, listText, readList, sortedBy, sortOf } from './list-query.ts';

const read = (text: string) => readList('device', new URLSearchParams(text));

describe('the address of a list', () => {
  it('says everything that is not as from the start', () => {
    const text =
      'q=core&filter=role%3Aany%3Aswitch%2Cups&filter=within%3Aroom%3A12&sort=-name&columns=name%2Cserial&size=200&page=3';
    expect(listText(read(text))).toBe(text);
    expect(listText(emptyList)).toBe('');
  });
  it('leaves out what the kind does not have', () => {
    expect(
      read(
        'filter=nosuch:is:1&filter=name:like:x&filter=within:moon:1&sort=-nosuch,name&columns=a,b&page=-2&size=7',
      ),
    ).toEqual({
      ...emptyList,
      sort: 'name',
    });
  });
  it('keeps colons of a value', () => {
    expect(read('filter=name:has:a:b').filters).toEqual([{ field: 'name', op: 'has', value: 'a:b' }]);
  });
  it('is read as it was said, whatever is in it', () => {
    const filter = fc.record({
      field: fc.constantFrom('name', 'serial', 'roomId'),
      op: fc.constantFrom('is', 'not', 'has'),
      value: fc.string(),
    });
    fc.assert(
      fc.property(fc.string(), fc.array(filter), fc.integer({ min: 1, max: 9999 }), (q, filters, page) => {
        const state = { ...emptyList, q, filters, page };
        expect(read(listText(state))).toEqual(state);
      }),
    );
  });
  it('of a view does not hold the page', () => {
    expect(listText({ ...emptyList, q: 'x', page: 4 }, 'view')).toBe('q=x');
  });
});

describe('the order of a list', () => {
  it('goes up, down and away, alone or beside others', () => {
    expect(sortedBy('', 'name', false)).toBe('name');
    expect(sortedBy('name', 'name', false)).toBe('-name');
    expect(sortedBy('-name', 'name', false)).toBe('');
    expect(sortedBy('-name', 'serial', false)).toBe('serial');
    expect(sortedBy('-name', 'serial', true)).toBe('-name,serial');
    expect(sortedBy('-name,serial', 'name', true)).toBe('serial');
    expect([sortOf('-name,serial', 'name'), sortOf('-name,serial', 'serial'), sortOf('', 'name')]).toEqual([
      'descending',
      'ascending',
      'none',
    ]);
  });
});

describe('columns and filters', () => {
  it('are fields of the kind', () => {
    for (const kind of recordKinds) {
      for (const name of columnsFromStart(kind)) expect(allColumns(kind), kind).toContain(name);
      for (const name of bulkFields(kind, allColumns(kind))) expect(filterFields(kind), kind).toContain(name);
    }
  });
});
