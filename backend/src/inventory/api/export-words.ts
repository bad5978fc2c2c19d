import { type FieldMeta, fieldsOf, type RecordKind } from '@rackhaus/config/contract';
import { z } from 'zod';
import file from './export-words.json' with { type: 'json' };

export type Language = 'de' | 'en';

const Word = z.tuple([z.string(), z.string()]);
const Words = z.record(z.string(), Word);
/** What kinds, fields and options are called, German and English: the same words as on the screens. */
const words = z
  .strictObject({
    kinds: Words,
    kind: Words,
    fields: z.record(z.string(), Words),
    /** What is read from the definition of a device type. */
    typeFields: Words,
    options: z.record(z.string(), z.record(z.string(), Words)),
  })
  .parse(file);

const pick = (word: readonly [string, string] | undefined, language: Language) =>
  word?.[language === 'de' ? 0 : 1];

/** "Geräte" */
export function kindHeading(kind: RecordKind, language: Language): string {
  return pick(words.kinds[kind], language) ?? kind;
}

/** By this column an import knows the record again. */
export const idHeading = 'Rackhaus-ID';

const units: Readonly<Record<NonNullable<FieldMeta['unit']>, readonly [string, string]>> = {
  U: ['HE', 'U'],
  mm: ['mm', 'mm'],
  m: ['m', 'm'],
  kg: ['kg', 'kg'],
  W: ['W', 'W'],
  s: ['s', 's'],
  ct: ['€', '€'],
  days: ['Tage', 'days'],
};

/** "Einbautiefe (mm)" */
export function fieldHeading(kind: RecordKind, field: string, language: Language): string {
  if (field === 'id') return idHeading;
  const word =
    pick(words.fields[kind]?.[field], language) ?? pick(words.typeFields[field], language) ?? field;
  const unit = fieldsOf(kind).get(field)?.meta.unit;
  // "Höheneinheit (HE)" would say it twice.
  if (unit === undefined || field === 'position') return word;
  return `${word} (${pick(units[unit], language)})`;
}

/** The word for an option of a choice, or a kind of record. */
export function optionWord(kind: RecordKind, field: string, option: string, language: Language): string {
  const own = words.options[kind]?.[field]?.[option];
  const isKind = field === 'subjectKind' || field === 'objectKind';
  return pick(own, language) ?? (isKind ? pick(words.kind[option], language) : undefined) ?? option;
}

/** Fields of this kind that have no words: for the test. */
export function withoutWords(kind: RecordKind): string[] {
  return [...fieldsOf(kind).keys()].filter((field) => words.fields[kind]?.[field] === undefined);
}
