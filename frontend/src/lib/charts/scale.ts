import type { Unit } from '@rackhaus/config/contract';

/** The interface's languages, for what is written on axes and into files. */
export type Language = 'de' | 'en';

/** The manner of writing numbers and times: English as in Europe, with the day before the month and 24 hours. */
export const localeOf: Readonly<Record<Language, string>> = { de: 'de-DE', en: 'en-GB' };

/** How an axis writes a unit: values are divided by `factor` and followed by `suffix`. */
export interface DisplayScale {
  readonly factor: number;
  readonly suffix: string;
}

/** One scale for a whole axis, in which values up to `largest` (in the unit's base) read best: Mbit/s for 3,000,000 bit/s. */
export function displayScale(unit: Unit, largest: number, language: Language): DisplayScale {
  const size = Math.abs(largest);
  switch (unit) {
    case 'bit/s':
      return prefixed(size, 1000, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']);
    case 'byte':
      return prefixed(size, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']);
    case 'W':
      return prefixed(size, 1000, ['W', 'kW']);
    case 'VA':
      return prefixed(size, 1000, ['VA', 'kVA']);
    case 'Wh':
      return prefixed(size, 1000, ['Wh', 'kWh', 'MWh']);
    case 'Pa':
      return prefixed(size, 1000, ['Pa', 'kPa']);
    case 'm':
      return prefixed(size, 1000, ['m', 'km']);
    case 'ratio':
      return { factor: 0.01, suffix: '%' };
    case 's':
      if (size > 0 && size < 1) return { factor: 0.001, suffix: 'ms' };
      if (size < 120) return { factor: 1, suffix: 's' };
      if (size < 7200) return { factor: 60, suffix: 'min' };
      if (size < 172_800) return { factor: 3600, suffix: 'h' };
      return { factor: 86_400, suffix: language === 'de' ? 'T' : 'd' };
    case 'rpm':
      return { factor: 1, suffix: language === 'de' ? 'U/min' : 'rpm' };
    case '1/s':
      return { factor: 1, suffix: '/s' };
    case '':
    case 'ms-epoch':
      return { factor: 1, suffix: '' };
    default:
      return { factor: 1, suffix: unit };
  }
}

function prefixed(size: number, base: number, suffixes: readonly string[]): DisplayScale {
  let power = 0;
  while (power < suffixes.length - 1 && size >= base ** (power + 1)) power += 1;
  return { factor: base ** power, suffix: suffixes[power] ?? '' };
}
