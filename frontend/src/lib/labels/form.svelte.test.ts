import { describe, expect, it } from 'vitest';
import { cellsOf, idsOf, LabelForm, unknownPlaceholder } from './form.svelte.ts';

describe('a label job', () => {
  it('is none while nothing is picked', () => {
    const form = new LabelForm();
    form.text = '{name}';
    form.medium = 'avery-l4731';
    expect(form.job).toBeNull();
    form.roomId = '3';
    expect(form.job).toMatchObject({ selection: { kind: 'device', roomId: 3 }, lines: ['{name}'] });
  });

  it('takes the narrowest place, and what was picked by name before any', () => {
    const form = new LabelForm();
    form.choose('port');
    form.text = '{name}';
    form.medium = 'brother-tze-12';
    form.roomId = '3';
    form.rackId = '4';
    form.ports = '1-12';
    expect(form.job?.selection).toEqual({ kind: 'port', rackId: 4, ports: '1-12' });
    form.deviceId = '5';
    expect(form.job?.selection).toEqual({ kind: 'port', deviceId: 5, ports: '1-12' });
    form.picked = [{ id: 9, name: null }];
    expect(form.job?.selection).toEqual({ kind: 'port', ids: [9] });
    form.choose('room');
    expect(form.job).toBeNull();
  });

  it('reads numbers as Germans write them, and drops empty lines', () => {
    const form = new LabelForm();
    form.roomId = '1';
    form.medium = 'x';
    form.text = ' {n:4} \n\n{name}';
    form.shiftX = '-0,5';
    form.copies = '';
    expect(form.counts).toBe(true);
    expect(form.job).toMatchObject({ lines: ['{n:4}', '{name}'], shiftX: -0.5, copies: 1 });
  });
});

it('reads ids of an address', () => {
  expect(idsOf('3,1,3,x,-2,')).toEqual([3, 1]);
  expect(idsOf(null)).toEqual([]);
});

it('knows the place of each label of a sheet, and of none on a roll', () => {
  const sheet = {
    ...({ id: 'a', name: 'a', form: 'sheet', shape: 'plain', labelWidthMm: 40, labelHeightMm: 20 } as const),
    ...{ pageWidthMm: 210, pageHeightMm: 297, columns: 2, rows: 2 },
    ...{ leftMm: 5, topMm: 7, pitchXMm: 42, pitchYMm: 20 },
  };
  expect(cellsOf(sheet)[3]).toEqual({ x: 47, y: 27, w: 40, h: 20 });
  expect(cellsOf({ ...sheet, labelWidthMm: null })).toEqual([]);
});

it('finds the placeholder that there is not', () => {
  expect(unknownPlaceholder('{name} {n:4}', ['name', 'n'])).toBeNull();
  expect(unknownPlaceholder('{name}\n{farbe} {form}', ['name'])).toBe('{farbe}');
  expect(unknownPlaceholder('{name', ['name'])).toBe('{');
});
