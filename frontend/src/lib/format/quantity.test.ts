import { describe, expect, it } from 'vitest';
import { Quantities } from './quantity.ts';

const de = new Quantities('de-DE');
const en = new Quantities('en-GB');
const plain = (text: string) => text.replaceAll('\u202f', ' ').replaceAll('\u00a0', ' ');

describe('quantities', () => {
  it.each([
    [de.temperature(22.44), '22,4 °C'],
    [en.temperature(22.44), '22.4 °C'],
    [de.percent(0.415), '42 %'],
    [de.power(912), '912 W'],
    [de.power(4120), '4,12 kW'],
    [en.power(4120), '4.12 kW'],
    [de.rate(0), '0 bit/s'],
    [de.rate(1e9), '1 Gbit/s'],
    [de.rate(2.5e9), '2,50 Gbit/s'],
    [en.rate(12_345_678), '12.3 Mbit/s'],
    [en.rate(123_456_789), '123 Mbit/s'],
    [en.bytes(1536), '1.50 KiB'],
    [de.duration(12.4), '12 s'],
    [de.duration(1380), '23 min'],
    [de.duration(3900), '1 h 05 min'],
    [de.duration(183_600), '2 T 3 h'],
    [en.duration(183_600), '2 d 3 h'],
    [en.inUnit(0.0042, 's', 4), '4.2 ms'],
    [en.inUnit(230.4, 'V', 1), '230.4 V'],
    [de.inUnit(310, 'm', 0), '310 m'],
    [de.inUnit(3844, 'm', 0), '3,84 km'],
    [en.inUnit(7, '', 0), '7'],
  ])('%s', (said, expected) => {
    expect(plain(said)).toBe(expected);
  });

  it('say the day only when it is not today', () => {
    const now = new Date(2026, 4, 12, 14, 0).getTime();
    expect(de.moment(new Date(2026, 4, 12, 10, 42).getTime(), now)).toBe('10:42');
    expect(plain(de.moment(new Date(2026, 4, 11, 9, 5).getTime(), now))).toBe('11. Mai, 09:05');
    expect(de.moment(new Date(2025, 4, 11, 9, 5).getTime(), now)).toContain('2025');
  });
});
