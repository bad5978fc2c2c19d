import { z } from 'zod';
import { Moment } from '../moment.ts';

/**
 * What forms, lists, filters, import and export need to know of a field besides its schema. `to`: the kind that a reference
 * points at. `unit`: how a number is to be read. `initial`: the value of a new record that does not name the field; a field
 * without it is required. `fixed`: given when the record is made, never changed. `list`: shown as a column from the start.
 */
export interface FieldMeta {
  readonly type:
    | 'text'
    | 'long-text'
    | 'integer'
    | 'number'
    | 'flag'
    | 'date'
    | 'time'
    | 'choice'
    | 'ref'
    | 'json';
  readonly to?: string;
  readonly unit?: 'U' | 'mm' | 'm' | 'kg' | 'W' | 's' | 'ct' | 'days';
  readonly options?: readonly string[];
  readonly initial?: unknown;
  readonly fixed?: true;
  readonly list?: true;
}

const registry = z.registry<FieldMeta>();

/** What was declared of a field. @throws Error for a schema that none of the functions below made. */
export function fieldMeta(schema: z.ZodType): FieldMeta {
  const meta = registry.get(schema);
  if (meta === undefined) throw new Error('This schema is not a field of a record.');
  return meta;
}

type Extra = Pick<FieldMeta, 'fixed' | 'list'>;

function declare<S extends z.ZodType>(schema: S, meta: FieldMeta): S {
  registry.add(schema, meta);
  return schema;
}

const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `must be at most ${max} characters`)
    .regex(/^\P{Cc}*$/u, 'must be one line without control characters');

/** A name that must be given. */
export const name = (extra: Extra & { pattern?: RegExp; hint?: string; max?: number } = {}) => {
  const { pattern, hint, max, ...rest } = extra;
  const schema = line(max ?? 200).min(1, 'must not be empty');
  return declare(pattern === undefined ? schema : schema.regex(pattern, hint ?? 'is not of the right form'), {
    type: 'text',
    list: true,
    ...rest,
  });
};
/** One line of text; empty is not set. */
export const text = (max = 200, extra: Extra = {}) =>
  declare(
    line(max)
      .transform((value) => (value === '' ? null : value))
      .nullable(),
    { type: 'text', initial: null, ...extra },
  );
/** Several lines. */
export const longText = (max = 20_000, extra: Extra = {}) =>
  declare(
    z
      .string()
      .max(max, `must be at most ${max} characters`)
      .transform((value) => (value.trim() === '' ? null : value))
      .nullable(),
    { type: 'long-text', initial: null, ...extra },
  );
export const choice = <const T extends readonly [string, ...string[]]>(
  options: T,
  initial: T[number],
  extra: Extra = {},
) => declare(z.enum(options), { type: 'choice', options, initial, ...extra });
/** A choice that may be left open. */
export const optionalChoice = <const T extends readonly [string, ...string[]]>(
  options: T,
  extra: Extra = {},
) => declare(z.enum(options).nullable(), { type: 'choice', options, initial: null, ...extra });
export const flag = (initial: boolean, extra: Extra = {}) =>
  declare(z.boolean(), { type: 'flag', initial, ...extra });
type Range = { readonly min: number; readonly max: number; readonly unit?: FieldMeta['unit'] } & Extra;
const withUnit = ({ min: _, max: __, unit, ...extra }: Range) => ({
  ...(unit === undefined ? {} : { unit }),
  ...extra,
});
const between = (schema: z.ZodNumber, { min, max }: Range) =>
  schema.min(min, `must be at least ${min}`).max(max, `must be at most ${max}`);
export const integer = (range: Range & { initial?: number }) => {
  const { initial, ...rest } = range;
  return declare(between(z.int(), rest), {
    type: 'integer',
    ...(initial === undefined ? {} : { initial }),
    ...withUnit(rest),
  });
};
export const optionalInteger = (range: Range) =>
  declare(between(z.int(), range).nullable(), { type: 'integer', initial: null, ...withUnit(range) });
export const optionalNumber = (range: Range) =>
  declare(between(z.number(), range).nullable(), { type: 'number', initial: null, ...withUnit(range) });
export const decimal = (range: Range & { initial: number }) => {
  const { initial, ...rest } = range;
  return declare(between(z.number(), rest), { type: 'number', initial, ...withUnit(rest) });
};
/** A day, `2026-11-22`. */
export const date = (extra: Extra = {}) =>
  declare(z.iso.date('must be a day such as 2026-11-22').nullable(), {
    type: 'date',
    initial: null,
    ...extra,
  });
/** A moment, milliseconds since 1970. */
export const time = (extra: Extra = {}) => declare(Moment, { type: 'time', ...extra });
/** A moment that may be left open. */
export const optionalTime = (extra: Extra = {}) =>
  declare(Moment.nullable(), { type: 'time', initial: null, ...extra });
const id = z.int().positive('must be the number of a record');
/** The id of a record of another kind that must be given. */
export const ref = (to: string, extra: Extra = {}) =>
  declare(z.int().positive(), { type: 'ref', to, ...extra });
export const optionalRef = (to: string, extra: Extra = {}) =>
  declare(id.nullable(), { type: 'ref', to, initial: null, ...extra });
/** A value of its own shape, kept as JSON. */
export const json = <S extends z.ZodType>(schema: S, initial: z.input<S>, extra: Extra = {}) =>
  declare(schema, { type: 'json', initial, ...extra });
/** One line that is brought into its one form; `parse` gives undefined for what is not of any. */
export const parsedText = (parse: (value: string) => string | undefined, hint: string, extra: Extra = {}) =>
  declare(
    line(200)
      .transform((value, context) => {
        if (value === '') return null;
        const parsed = parse(value);
        if (parsed !== undefined) return parsed;
        context.addIssue({ code: 'custom', message: hint });
        return z.NEVER;
      })
      .nullable(),
    { type: 'text', initial: null, ...extra },
  );
