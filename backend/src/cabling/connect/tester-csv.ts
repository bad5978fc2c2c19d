import { TableError } from '../../inventory/import-table/cells.ts';
import { parseCsv } from '../../inventory/import-table/csv.ts';
import { AppError } from '../../problem.ts';

/** One line of a cable tester's list. */
export interface TesterRow {
  /** In the file, from 1. */
  readonly line: number;
  readonly label: string;
  /** YYYY-MM-DD; null where it cannot be told. */
  readonly testedOn: string | null;
  readonly tester: string | null;
  readonly limit: string | null;
  /** null: neither passed nor failed is said. */
  readonly passed: boolean | null;
  readonly lengthM: number | null;
  readonly lossDb: number | null;
  readonly marginDb: number | null;
}

type Column = 'label' | 'date' | 'tester' | 'limit' | 'result' | 'length' | 'loss' | 'margin';
/** Headings of Fluke LinkWare, of other testers, and as people write them; the first that fits counts. */
const headings: readonly (readonly [Column, RegExp])[] = [
  ['label', /^(cable[ _]?(id|label|name|identifier)|kabel.*|label|bezeichnung|circuit id|link id)$/],
  ['date', /^(date|datum|test date|gemessen am|date ?[&/] ?time)/],
  ['limit', /^(test )?(limit|grenzwert|norm|standard)/],
  ['result', /^(summary|result|overall result|status|pass.?fail|ergebnis|test result|test summary)/],
  ['length', /^(length|l(ä|ae)nge|fiber length|max length)/],
  ['loss', /(insertion loss|^loss|d(ä|ae)mpfung|attenuation)/],
  ['margin', /(next margin|headroom|^margin|reserve|worst margin)/],
  ['tester', /^(model|tester|device|ger(ä|ae)t|serial number|seriennummer|operator|pr(ü|ue)fer)/],
];
const metresPerFoot = 0.3048;

/** Reads a list as a tester exports it. @throws AppError invalid when no column names the cable */
export function readTesterCsv(text: string): TesterRow[] {
  const [head = [], ...rows] = separated(text);
  const columns = new Map<Column, number>();
  for (const [index, cell] of head.entries()) {
    const name = cell
      .trim()
      .toLowerCase()
      .replace(/^\ufeff/, '');
    const found = headings.find(([column, pattern]) => !columns.has(column) && pattern.test(name));
    if (found) columns.set(found[0], index);
  }
  if (!columns.has('label') || !columns.has('result'))
    throw new AppError(
      'invalid',
      'This is not the list of a cable tester: a column with the name of the cable and one with the result are needed.',
      undefined,
      { reason: 'not-a-test-list' },
    );
  const inFeet = /\(?(ft|feet)\)?\s*$/i.test((head[columns.get('length') ?? -1] ?? '').trim());
  return rows.flatMap((row, index): TesterRow[] => {
    const cell = (column: Column) => (row[columns.get(column) ?? -1] ?? '').trim();
    const label = cell('label');
    if (label === '') return [];
    const length = numberOf(cell('length'));
    return [
      {
        line: index + 2,
        label,
        testedOn: dayOf(cell('date')),
        tester: cell('tester') || null,
        limit: cell('limit') || null,
        passed: passedOf(cell('result')),
        lengthM: length === null ? null : Math.round(length * (inFeet ? metresPerFoot : 1) * 100) / 100,
        lossDb: numberOf(cell('loss')),
        marginDb: numberOf(cell('margin')),
      },
    ];
  });
}

function separated(text: string): string[][] {
  try {
    return parseCsv(text);
  } catch (error) {
    if (error instanceof TableError)
      throw new AppError('invalid', error.message, undefined, { reason: 'not-a-test-list' });
    throw error;
  }
}

function numberOf(text: string): number | null {
  const match = /-?\d+(?:[.,]\d+)?/.exec(text);
  return match === null ? null : Number(match[0].replace(',', '.'));
}

/** "PASS*" is a marginal pass: within the accuracy of the tester. */
function passedOf(text: string): boolean | null {
  if (/^(pass|ok|bestanden|gut|i\.?o|ja|yes|true)/i.test(text)) return true;
  if (/^(fail|nicht|schlecht|n\.?i\.?o|nein|no\b|false)/i.test(text)) return false;
  return null;
}

/** Days as testers write them: 2026-11-22, 22.11.2026, and 11/22/2026 with the month first. */
function dayOf(text: string): string | null {
  const iso = /(\d{4})-(\d{1,2})-(\d{1,2})/.exec(text);
  const german = /(\d{1,2})\.(\d{1,2})\.(\d{4})/.exec(text);
  const american = /(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(text);
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]]
    : german
      ? [german[3], german[2], german[1]]
      : american
        ? [american[3], american[1], american[2]]
        : [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const said = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return Number.isNaN(Date.parse(said)) ? null : said;
}
