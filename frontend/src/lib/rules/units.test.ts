import { describe, expect, it } from 'vitest';
import { fromTyped, toTyped, typedUnit } from './units.ts';

describe('limits as people type them', () => {
  it.each([
    ['ratio', 0.07, 7, '%'],
    ['ratio', 0.29, 29, '%'],
    ['bit/s', 8e8, 800, 'Mbit/s'],
    ['bit/s', 2.5e9, 2.5, 'Gbit/s'],
    ['s', 0.0042, 4.2, 'ms'],
    ['s', 1_209_600, 14, expect.stringMatching(/^(Tage|days)$/)],
    ['s', 300, 5, 'min'],
    ['', 6, 6, expect.stringMatching(/^(Anzahl|number)$/)],
    ['1/s', 10, 10, expect.stringMatching(/^(je Sekunde|per second)$/)],
    ['°C', 27.5, 27.5, '°C'],
  ])('%s %d is typed as %d', (unit, base, typed, label) => {
    const as = typedUnit(unit, base);
    expect([toTyped(base, as), as.label, fromTyped(typed, as)]).toEqual([typed, label, base]);
  });
});
