import type { ImportOptions } from '@rackhaus/config/contract';
import { type Cell, cellText } from './cells.ts';

export type Notation = ImportOptions['notation'];

/** The number that a cell says; undefined when it says none. Units and currencies around it are passed over. */
export function parseNumber(cell: Cell, notation: Notation): number | undefined {
  if (typeof cell === 'number') return cell;
  const text = cellText(cell)
    .replace(/^(?:EUR|€|\$|£|CHF)\s*/i, '')
    .replace(/\s*(?:EUR|€|\$|£|CHF|,-+|,–|HE|U|RU|kg|mm|cm|m|W|Watt|Tage?|days?|Stk\.?|Stück|St\.?|x)$/i, '')
    .replace(/\s+(?=\d)/g, '')
    .replaceAll("'", '')
    .trim();
  const [point, comma] = notation === 'de' ? [',', '.'] : ['.', ','];
  const grouped = new RegExp(`^[-+]?\\d{1,3}(?:\\${comma}\\d{3})+(?:\\${point}\\d+)?$`);
  if (grouped.test(text)) return Number(text.replaceAll(comma, '').replace(point, '.'));
  // One mark alone is a decimal mark, whichever it is: nobody groups two digits.
  return /^[-+]?\d+(?:[.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : undefined;
}

/** An amount of money in cents. */
export function parseCents(cell: Cell, notation: Notation): number | undefined {
  const value = parseNumber(cell, notation);
  return value === undefined ? undefined : Math.round(value * 100);
}

const months = [
  ['jan'],
  ['feb'],
  ['mar', 'mär', 'mrz', 'maer'],
  ['apr'],
  ['mai', 'may'],
  ['jun'],
  ['jul'],
  ['aug'],
  ['sep'],
  ['okt', 'oct'],
  ['nov'],
  ['dez', 'dec'],
] as const;

/**
 * The day that a cell says as `2027-12-31`; undefined when it says none. A month or a year alone is its first day, or its last
 * one for what runs until then. A plain number is a year, or a day as spreadsheets count them.
 */
export function parseDay(cell: Cell, notation: Notation, edge: 'first' | 'last'): string | undefined {
  if (typeof cell === 'object' && cell !== null) return cell.day;
  if (typeof cell === 'number') {
    if (Number.isInteger(cell) && cell >= 1970 && cell <= 2100) return wholeYear(cell, edge);
    return cell >= 18_000 && cell < 100_000 ? fromSerial(cell) : undefined;
  }
  const text = cellText(cell)
    .replace(/[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z| ?Uhr)?$/, '')
    .replace(/^(?:mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+/i, '');
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (iso) return day(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const numbers = /^(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{2}|\d{4})$/.exec(text);
  if (numbers) {
    const [first, second, year] = [Number(numbers[1]), Number(numbers[3]), fullYear(Number(numbers[4]))];
    return notation === 'us' && numbers[2] === '/' ? day(year, first, second) : day(year, second, first);
  }
  const monthOnly = /^(\d{1,2})[./-](\d{4})$/.exec(text);
  if (monthOnly) return wholeMonth(Number(monthOnly[2]), Number(monthOnly[1]), edge);
  const isoMonth = /^(\d{4})-(\d{1,2})$/.exec(text);
  if (isoMonth) return wholeMonth(Number(isoMonth[1]), Number(isoMonth[2]), edge);
  const written = /^(?:(\d{1,2})\.?[ -])?([a-zäé]{3,9})\.?,?[ -](\d{2}|\d{4})$/i.exec(text);
  if (written) return named(written[2], written[1], written[3], edge);
  const english = /^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/i.exec(text);
  if (english) return named(english[1], english[2], english[3], edge);
  return /^(?:19|20)\d{2}$/.test(text) ? wholeYear(Number(text), edge) : undefined;
}

function named(
  month: string | undefined,
  dayOfMonth: string | undefined,
  year: string | undefined,
  edge: 'first' | 'last',
): string | undefined {
  const start = (month ?? '').toLowerCase();
  const index = months.findIndex((names) => names.some((name) => start.startsWith(name)));
  if (index < 0) return undefined;
  const full = fullYear(Number(year));
  return dayOfMonth === undefined
    ? wholeMonth(full, index + 1, edge)
    : day(full, index + 1, Number(dayOfMonth));
}

/** Two digits: what lies nearest to these years. */
const fullYear = (year: number) => (year >= 100 ? year : year < 70 ? 2000 + year : 1900 + year);

const wholeYear = (year: number, edge: 'first' | 'last') =>
  edge === 'first' ? `${year}-01-01` : `${year}-12-31`;

function wholeMonth(year: number, month: number, edge: 'first' | 'last'): string | undefined {
  return edge === 'first'
    ? day(year, month, 1)
    : day(year, month, new Date(Date.UTC(year, month, 0)).getUTCDate());
}

function day(year: number, month: number, dayOfMonth: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, dayOfMonth));
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth;
  return real && year >= 1950 && year <= 2200 ? date.toISOString().slice(0, 10) : undefined;
}

const fromSerial = (serial: number) =>
  new Date((Math.floor(serial) - 25_569) * 86_400_000).toISOString().slice(0, 10);

/**
 * The rack unit that a cell says: "12", "HE 12", "U12", "12,5", "12-13", "12/13", "ab 12". `height` is told by a range only.
 * Undefined when it says none.
 */
export function parsePosition(cell: Cell): { position: number; height: number | null } | undefined {
  if (typeof cell === 'number') return { position: cell, height: null };
  const text = cellText(cell)
    .toLowerCase()
    .replaceAll(/(?:höheneinheit(?:en)?|he|ru|hu|u|unit|units|pos(?:ition)?\.?|ab|slot)(?![a-z])\.?:?/g, ' ')
    .replaceAll(/\b(?:bis|to)\b|[–—]/g, '-')
    .replaceAll(/\s+/g, '');
  const one = /^\d{1,2}(?:[.,][05])?$/.exec(text);
  if (one) return { position: Number(text.replace(',', '.')), height: null };
  const list = text.split(/[-/+,&]/);
  if (list.length < 2 || !list.every((part) => /^\d{1,2}$/.test(part))) return undefined;
  const units = list.map(Number).toSorted((a, b) => a - b);
  const [lowest = 0] = units;
  return { position: lowest, height: (units.at(-1) ?? lowest) - lowest + 1 };
}

const yes = new Set(['ja', 'j', 'x', 'yes', 'y', 'true', 'wahr', '1', '✓', '✔']);
const no = new Set(['nein', 'n', 'no', 'false', 'falsch', '0', '-', '']);

export function parseFlag(cell: Cell): boolean | undefined {
  if (typeof cell === 'boolean') return cell;
  const text = cellText(cell).toLowerCase();
  if (yes.has(text)) return true;
  return no.has(text) ? false : undefined;
}

/** What spreadsheets show where a formula could not be computed. */
export function isFormulaError(cell: Cell): boolean {
  return (
    typeof cell === 'string' &&
    /^#(?:N\/A|NV|REF!|BEZUG!|VALUE!|WERT!|NAME\?|DIV\/0!|NULL!|NUM!|ZAHL!|ERROR)$/.test(cell.trim())
  );
}

/** Which notation the values prove; null when they fit more than one. */
export function guessNotation(texts: Iterable<string>): Notation | null {
  const votes = { de: 0, en: 0, us: 0 };
  for (const text of texts) {
    if (/^\d{1,2}\.\d{1,2}\.\d{2,4}$/.test(text)) votes.de += 2;
    if (/^\d{1,3}(?:\.\d{3})*,\d{1,2}\s*(?:€|EUR)?$/.test(text)) votes.de++;
    if (/^[£$]?\s*\d{1,3}(?:,\d{3})*\.\d{2}$/.test(text)) votes.en++;
    const slashes = /^(\d{1,2})\/(\d{1,2})\/\d{2,4}$/.exec(text);
    if (slashes && Number(slashes[1]) > 12) votes.en += 2;
    if (slashes && Number(slashes[2]) > 12) votes.us += 2;
  }
  if (votes.us > 0 && votes.us >= votes.en) return 'us';
  if (votes.de === 0 && votes.en === 0) return null;
  return votes.de >= votes.en ? 'de' : 'en';
}
