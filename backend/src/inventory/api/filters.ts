import { type FieldMeta, type FilterOp, fieldsOf, filterOps, RecordKind } from '@rackhaus/config/contract';
import { type RawBuilder, sql } from 'kysely';
import { AppError } from '../../problem.ts';
import { columnName } from '../records/columns.ts';
import { within } from './within.ts';

type Condition = RawBuilder<unknown>;
type Meta = Pick<FieldMeta, 'type' | 'options'>;

/** Columns that no field shows and by which device types are looked for. */
const typeFields = new Map<string, Meta>([
  ...['slug', 'manufacturer', 'model', 'partNumber', 'form', 'airflow'].map(
    (name) => [name, { type: 'text' }] as const,
  ),
  ...['uHeight', 'weightKg', 'powerW'].map((name) => [name, { type: 'number' }] as const),
  ['fullDepth', { type: 'flag' }],
]);

/** What can be filtered and sorted by: the fields, the id, and of device types what is read from their definition. */
export function filterable(kind: RecordKind): ReadonlyMap<string, Meta> {
  return new Map<string, Meta>([
    ['id', { type: 'integer' }],
    ...[...fieldsOf(kind)].map(([name, { meta }]) => [name, meta] as const),
    ...(kind === 'device-type' ? typeFields : []),
  ]);
}

const opsOf: Readonly<Record<FieldMeta['type'], readonly FilterOp[]>> = {
  text: ['is', 'not', 'has', 'empty', 'any'],
  'long-text': ['has', 'empty'],
  integer: ['is', 'not', 'lt', 'gt', 'empty', 'any'],
  number: ['is', 'not', 'lt', 'gt', 'empty', 'any'],
  flag: ['is', 'not'],
  date: ['is', 'not', 'lt', 'gt', 'empty', 'any'],
  time: ['lt', 'gt', 'empty'],
  choice: ['is', 'not', 'any', 'empty'],
  ref: ['is', 'not', 'any', 'empty'],
  json: ['has', 'empty'],
};

/** More than anybody chooses, and well below what one statement may hold. */
const mostAlternatives = 5000;

/** A filter as the condition that it stands for. @throws AppError invalid that says what would be right */
export function filterCondition(kind: RecordKind, filter: string): Condition {
  const [field = '', op = '', ...rest] = filter.split(':');
  const value = rest.join(':');
  if (field === 'within') return withinCondition(kind, op, value, filter);
  const meta = filterable(kind).get(field);
  if (meta === undefined)
    throw wrong(filter, `${kind} has no field "${field}"; there are ${list([...filterable(kind).keys()])}`);
  const allowed = opsOf[meta.type];
  const known = filterOps.find((each) => each === op);
  if (known === undefined || !allowed.includes(known))
    throw wrong(filter, `"${op}" cannot be used with ${field}; use ${list(allowed)}`);
  return compare(sql.ref(columnName(field)), meta, known, value, filter);
}

function compare(column: Condition, meta: Meta, op: FilterOp, value: string, filter: string): Condition {
  switch (op) {
    case 'empty': {
      if (value !== '' && value !== 'yes' && value !== 'no')
        throw wrong(filter, 'after "empty" comes yes or no');
      const isText = meta.type === 'text' || meta.type === 'long-text';
      const empty = isText ? sql`(${column} is null or ${column} = '')` : sql`${column} is null`;
      return value === 'no' ? sql`not (${empty})` : empty;
    }
    case 'has':
      return contains(column, value);
    case 'any': {
      const values = value.split(',').map((each) => operand(meta, each, filter));
      if (values.length > mostAlternatives) throw wrong(filter, `at most ${mostAlternatives} values`);
      return sql`${column} in (${sql.join(values)})`;
    }
    case 'is':
      return sql`${column} = ${operand(meta, value, filter)}`;
    case 'not':
      return sql`${column} is distinct from ${operand(meta, value, filter)}`;
    case 'lt':
      return sql`${column} < ${operand(meta, value, filter)}`;
    case 'gt':
      return sql`${column} > ${operand(meta, value, filter)}`;
  }
}

/** Contains the text, whatever the case of Latin letters. */
export function contains(column: Condition, text: string): Condition {
  const pattern = `%${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql`lower(${column}) like ${pattern} escape '\\'`;
}

function operand(meta: Meta, value: string, filter: string): string | number {
  switch (meta.type) {
    case 'integer':
    case 'number':
    case 'ref':
    case 'time': {
      const number = Number(value);
      if (value.trim() === '' || !Number.isFinite(number)) throw wrong(filter, `"${value}" is not a number`);
      return number;
    }
    case 'flag':
      if (value !== 'true' && value !== 'false') throw wrong(filter, `"${value}" must be true or false`);
      return value === 'true' ? 1 : 0;
    case 'choice':
      if (meta.options?.includes(value) !== true)
        throw wrong(filter, `"${value}" must be one of ${list(meta.options ?? [])}`);
      return value;
    case 'date':
      if (!/^\d{4}-\d{2}-\d{2}$/.test(value))
        throw wrong(filter, `"${value}" must be a day such as 2026-11-22`);
      return value;
    default:
      return value;
  }
}

function withinCondition(kind: RecordKind, container: string, value: string, filter: string): Condition {
  const parsed = RecordKind.safeParse(container);
  const id = Number(value);
  if (!parsed.success || !Number.isInteger(id) || id < 1)
    throw wrong(filter, 'must be within:<kind>:<id>, such as within:room:12');
  const condition = within(kind, parsed.data, id);
  if (condition === null) throw wrong(filter, `${kind} records are not in a ${container}`);
  return condition;
}

function wrong(filter: string, message: string): AppError {
  return new AppError(
    'invalid',
    `The filter "${filter}" cannot be used: ${message}.`,
    [{ path: 'filter', message }],
    {
      reason: 'filter',
    },
  );
}

const list = (words: readonly string[]) => words.join(', ');
