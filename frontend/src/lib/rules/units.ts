import { type Unit, units } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';

/** How a limit is typed: so many base units, and what stands behind the field. */
export interface TypedUnit {
  readonly factor: number;
  readonly label: string;
}

const isUnit = (unit: string): unit is Unit => units.some((known) => known === unit);

/** The unit in which people set a limit that lies about there: per cent, Mbit/s, GiB, minutes, hours, days. */
export function typedUnit(unit: string, near: number): TypedUnit {
  switch (unit) {
    case 'ratio':
      return { factor: 0.01, label: '%' };
    case 'bit/s':
      return near >= 1e9 ? { factor: 1e9, label: 'Gbit/s' } : { factor: 1e6, label: 'Mbit/s' };
    case 'byte':
      return { factor: 2 ** 30, label: 'GiB' };
    case 's':
      if (near < 1) return { factor: 0.001, label: 'ms' };
      if (near >= 86_400) return { factor: 86_400, label: m.rules_unit_days() };
      if (near >= 3600) return { factor: 3600, label: 'h' };
      return near >= 60 ? { factor: 60, label: 'min' } : { factor: 1, label: 's' };
    case '':
      return { factor: 1, label: m.rules_unit_count() };
    case '1/s':
      return { factor: 1, label: m.rules_unit_per_second() };
    default:
      return { factor: 1, label: unit };
  }
}

/** A base value as it is typed, without the dust of binary fractions. */
export function toTyped(value: number, { factor }: TypedUnit): number {
  return Number((value / factor).toPrecision(10));
}

/** What was typed, in the base unit. */
export function fromTyped(value: number, { factor }: TypedUnit): number {
  return Number((value * factor).toPrecision(10));
}

/** A value of a rule in words. */
export function inWords(value: number, unit: string, decimals: number): string {
  return isUnit(unit) ? quantities.inUnit(value, unit, decimals) : `${value} ${unit}`;
}
