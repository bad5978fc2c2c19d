import { type ImportOptions, type ImportTarget, importTargets } from '@rackhaus/config/contract';
import { kindHeading } from '../api/export-words.ts';
import { type Cell, cellText, type Sheet } from './cells.ts';
import { type TargetField, targetFields } from './targets.ts';
import { guessNotation } from './values.ts';
import { parseChoice, plainWord } from './words.ts';

/** How well a heading names a field: 0 not at all, 100 exactly. */
export function headingScore(heading: string, field: TargetField): number {
  const whole = plainWord(heading);
  if (whole === '') return 0;
  const exact = field.words.indexOf(whole);
  if (exact >= 0) return 100 - Math.min(exact, 20) / 10;
  const bare = plainWord(heading.replaceAll(/\([^)]*\)|\[[^\]]*\]/g, ''));
  const inBare = field.words.indexOf(bare);
  if (bare !== '' && inBare >= 0) return 90 - Math.min(inBare, 20) / 10;
  const words = heading.split(/[^\p{L}\p{N}]+/u).map(plainWord);
  const word = field.words.findIndex((each) => each.length > 1 && words.includes(each));
  if (word >= 0) return 70 - Math.min(word, 20) / 10;
  const long = field.words.filter((each) => each.length >= 5);
  if (long.some((each) => whole.startsWith(each) || whole.endsWith(each))) return 50;
  return long.some((each) => whole.includes(each)) ? 35 : 0;
}

/** Which field each column is for, by its heading; a field is given once, to the column that names it best. */
export function guessFields(
  headings: readonly string[],
  target: ImportTarget,
  samples: readonly (readonly Cell[])[] = [],
): (string | null)[] {
  const fields = targetFields(target);
  const pairs = headings
    .flatMap((heading, column) =>
      fields.map((field) => ({ column, field: field.field, score: headingScore(heading, field) })),
    )
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.column - b.column);
  const guessed = headings.map((): string | null => null);
  const used = new Set<string>();
  for (const { column, field } of pairs) {
    if (guessed[column] !== null || used.has(field)) continue;
    guessed[column] = field;
    used.add(field);
  }
  return byValues(guessed, target, samples);
}

/** Some headings mean this or that; what stands below decides. */
function byValues(
  guessed: (string | null)[],
  target: ImportTarget,
  samples: readonly (readonly Cell[])[],
): (string | null)[] {
  const fields = [...guessed];
  const values = (column: number) =>
    samples.map((row) => cellText(row[column])).filter((text) => text !== '');
  const mostly = (column: number, is: (text: string) => boolean) => {
    const all = values(column);
    return all.length > 0 && all.filter(is).length >= all.length * 0.7;
  };
  for (const [column, field] of guessed.entries()) {
    // "Typ" is the model, or what kind of thing it is.
    if (target === 'device' && field === 'model' && !fields.includes('role') && mostly(column, isRole))
      fields[column] = 'role';
    if (target === 'device' && field === 'role' && !fields.includes('model') && !mostly(column, isRole))
      fields[column] = 'model';
    // "Standort" is a site, or a whole path.
    if (field === 'site' && !fields.includes('place') && mostly(column, (text) => /[/>\\]/.test(text)))
      fields[column] = 'place';
    if (field === 'place' && !fields.includes('site') && !mostly(column, (text) => /[/>\\]/.test(text)))
      fields[column] = fields.includes('room') ? 'site' : 'room';
    // An address that is none is one of a street, or a host name.
    if (field === 'ipAddress' && values(column).length > 0 && !values(column).some(isAddress))
      fields[column] = null;
  }
  if (target === 'device')
    for (const [field, is] of [
      ['ipAddress', isAddress],
      ['mac', isMac],
    ] as const) {
      if (fields.includes(field)) continue;
      const column = fields.findIndex((each, index) => each === null && mostly(index, is));
      if (column >= 0) fields[column] = field;
    }
  return fields;
}

const isRole = (text: string) => parseChoice('role', text) !== undefined;
const isAddress = (text: string) => /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/.test(text);
const isMac = (text: string) => /^(?:[0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$/i.test(text) && /[:\-a-f]/i.test(text);

/** Number of the row with the headings, from 1: the one among the first that names most fields; 0 when none does. */
export function guessHeadingRow(sheet: Sheet): number {
  let best = { row: 0, score: 0 };
  for (const [index, row] of sheet.rows.slice(0, 30).entries()) {
    const texts = row.map((cell) => (typeof cell === 'string' ? cellText(cell) : ''));
    const filled = texts.filter((text) => text !== '' && text.length <= 60);
    if (filled.length === 0) continue;
    const named = guessTarget(texts, sheet.name).score;
    const score = named + filled.length / 1000;
    if (named > 0 && score > best.score + 0.5) best = { row: index + 1, score };
  }
  if (best.row > 0) return best.row;
  // Nothing is known, but words above numbers are headings all the same.
  const first = sheet.rows.findIndex((row) => row.filter((cell) => cellText(cell) !== '').length >= 2);
  const texts = sheet.rows[first]?.filter((cell) => cellText(cell) !== '') ?? [];
  return first >= 0 && texts.every((cell) => typeof cell === 'string') ? first + 1 : 0;
}

/** What only lists of one kind have: with one of these, a list of it is more likely. */
const telling: Readonly<Record<ImportTarget, readonly string[]>> = {
  device: ['manufacturer', 'model', 'serial', 'position', 'rack', 'mac'],
  rack: ['depthMm', 'maxWeightKg', 'maxPowerW', 'purpose'],
  room: ['number'],
  outlet: ['jacks'],
  port: ['vlan', 'label'],
  link: ['from', 'to', 'lengthM', 'color'],
  vlan: ['vid'],
  prefix: ['cidr', 'mask'],
  address: ['dnsName', 'address'],
  'spare-part': ['quantity', 'minimum'],
  contract: ['endsOn', 'startsOn', 'noticeDays', 'number'],
};
const needed: Readonly<Record<ImportTarget, readonly string[]>> = {
  device: ['name'],
  rack: ['name'],
  room: ['name'],
  outlet: ['name'],
  port: ['device', 'name'],
  link: ['from', 'to'],
  vlan: ['vid'],
  prefix: ['cidr'],
  address: ['address'],
  'spare-part': ['name', 'quantity'],
  contract: ['name', 'endsOn'],
};
/** A heading that says by itself what the rows are. */
const own: Readonly<Partial<Record<ImportTarget, RegExp>>> = {
  outlet: /dose|outlet/i,
  'spare-part': /ersatzteil|spare/i,
  contract: /vertrag|contract/i,
  vlan: /^vlan/i,
  prefix: /netz|subnet|präfix|prefix/i,
  room: /^raum(name)?$|^room$/i,
  rack: /^schrank(name)?$|^rack(name)?$|^cabinet$/i,
  port: /^port/i,
};

/** Our own exports name the sheet, or the file, after what is in it. */
function isNamed(sheetName: string, target: ImportTarget): boolean {
  const name = plainWord(sheetName);
  return (['de', 'en'] as const).some((language) =>
    name.startsWith(plainWord(kindHeading(target, language))),
  );
}

/** What the rows are, by the headings and the name of the sheet. `score`: how much speaks for it. */
export function guessTarget(
  headings: readonly string[],
  sheetName = '',
): { target: ImportTarget; score: number } {
  let best: { target: ImportTarget; score: number } = { target: 'device', score: 0 };
  for (const target of importTargets) {
    const fields = guessFields(headings, target);
    const sum = fields.reduce((total, field, column) => {
      const found = targetFields(target).find((each) => each.field === field);
      return total + (found === undefined ? 0 : headingScore(headings[column] ?? '', found) / 100);
    }, 0);
    const tells = telling[target].filter((field) => fields.includes(field)).length * 0.5;
    const first = headings.find((heading) => heading !== '') ?? '';
    const byName = own[target]?.test(first) ? 1 : 0;
    const lacks = needed[target].filter((field) => !fields.includes(field)).length * 2;
    const named = isNamed(sheetName, target) ? 4 : 0;
    const score = sum + tells + byName + named - lacks;
    if (score > best.score + 0.01) best = { target, score };
  }
  return best;
}

/** What holds where a list says nothing. */
export function guessOptions(samples: readonly (readonly Cell[])[], fallback: ImportOptions): ImportOptions {
  const texts = samples.flatMap((row) =>
    row.flatMap((cell) => (typeof cell === 'string' ? [cell.trim()] : [])),
  );
  return { ...fallback, notation: guessNotation(texts) ?? fallback.notation };
}
