import { getLocale } from '../paraglide/runtime.js';

/** A number as one types it in this language: with its decimal mark, without groups. `decimals`: that many; else as many as there are. */
export function numberText(value: number, decimals?: number): string {
  const text = decimals === undefined ? String(value) : value.toFixed(decimals);
  return getLocale() === 'de' ? text.replace('.', ',') : text;
}

/**
 * Reads what people type: `1.234,50` and `1,234.50`, `12,5` and `12.5`. Of two different marks the last is the decimal one; a
 * single mark groups thousands only where this language does and three digits follow. Undefined for what is no number.
 */
export function readNumber(text: string): number | undefined {
  const plain = text.replaceAll(/[\s\u00a0\u202f']/g, '');
  if (!/^[+-]?\d[\d.,]*$/.test(plain)) return undefined;
  const decimal = decimalMark(plain);
  const group = decimal === ',' ? '.' : ',';
  const value = Number(plain.replaceAll(group, '').replace(decimal, '.'));
  return Number.isFinite(value) ? value : undefined;
}

function decimalMark(text: string): ',' | '.' {
  const comma = text.lastIndexOf(',');
  const point = text.lastIndexOf('.');
  if (comma >= 0 && point >= 0) return comma > point ? ',' : '.';
  const own = getLocale() === 'de' ? ',' : '.';
  const other = own === ',' ? '.' : ',';
  if (!text.includes(other)) return own;
  // The other language's mark: a group of thousands if it looks like one, else somebody's habit.
  return new RegExp(`^[+-]?\\d{1,3}(\\${other}\\d{3})+$`).test(text) ? own : other;
}
