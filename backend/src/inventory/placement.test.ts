import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collide, type Placement, placeText, unitsText, usedUnits } from './placement.ts';
import { searchKey } from './search-key.ts';

const at = (position: number | null, part: Partial<Placement> = {}): Placement => ({
  name: 'd',
  position,
  uHeight: 1,
  fullDepth: false,
  face: 'front',
  side: 'full',
  ...part,
});

describe('two devices are in each other\u2019s way', () => {
  test.each<[string, Placement, Placement, boolean]>([
    ['same unit', at(5), at(5), true],
    ['neighbours', at(5), at(6), false],
    ['the upper unit of a high one', at(5, { uHeight: 3 }), at(7), true],
    ['half units', at(5, { uHeight: 0.5 }), at(5.5, { uHeight: 0.5 }), false],
    ['front and rear', at(5), at(5, { face: 'rear' }), false],
    ['front and rear, one deep', at(5, { fullDepth: true }), at(5, { face: 'rear' }), true],
    ['left and right', at(5, { side: 'left' }), at(5, { side: 'right' }), false],
    ['left and full', at(5, { side: 'left' }), at(5), true],
    ['one that takes no unit', at(null), at(null), false],
  ])('%s', (_name, a, b, expected) => {
    expect(collide(a, b)).toBe(expected);
    expect(collide(b, a)).toBe(expected);
  });
});

test('devices that do not collide use as many units as they are high, or share them', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ position: fc.integer({ min: 1, max: 40 }), uHeight: fc.integer({ min: 1, max: 4 }) }),
      ),
      (wanted) => {
        const placed: Placement[] = [];
        for (const one of wanted) {
          const device = at(one.position, { uHeight: one.uHeight, fullDepth: true });
          if (!placed.some((other) => collide(device, other))) placed.push(device);
        }
        expect(usedUnits(placed)).toBe(placed.reduce((sum, device) => sum + device.uHeight, 0));
      },
    ),
  );
  expect(usedUnits([at(3, { side: 'left' }), at(3, { side: 'right' }), at(3, { face: 'rear' })])).toBe(1);
});

test('a place is told as it is found', () => {
  expect(unitsText(1, 3)).toBe('HE 1-3');
  expect(unitsText(12, 1)).toBe('HE 12');
  expect(unitsText(12.5, 0.5)).toBe('HE 12');
  const room = 'Serverraum neu';
  expect(placeText({ room, rack: 'Schrank 3', position: 1, uHeight: 3 })).toBe(
    'Serverraum neu, Schrank 3, HE 1-3',
  );
  expect(placeText({ room, rack: 'Schrank 3', position: null, uHeight: 0 })).toBe(
    'Serverraum neu, Schrank 3',
  );
  expect(placeText({ room, rack: null, position: null, uHeight: 0 })).toBe('Serverraum neu');
});

test('names are found however they are typed', () => {
  expect(searchKey('  Bürgerbüro  1.OG ')).toBe('burgerburo 1.og');
  expect(searchKey('Straße')).toBe(searchKey('STRASSE'));
  expect(searchKey('cafe\u0301')).toBe(searchKey('CAFÉ'));
});
