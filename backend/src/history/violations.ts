import { sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import type { Row, TableSpec } from './spec.ts';

/** SQLite's message of a broken rule: "UNIQUE constraint failed: racks.room_id, racks.name". */
function brokenRule(
  error: unknown,
): { rule: 'UNIQUE' | 'FOREIGN KEY' | 'CHECK' | 'NOT NULL'; detail: string } | null {
  if (!(error instanceof Error)) return null;
  const match = /^(UNIQUE|FOREIGN KEY|CHECK|NOT NULL) constraint failed(?:: (.*))?$/.exec(error.message);
  if (match === null) return null;
  const [, rule, detail = ''] = match;
  return rule === 'UNIQUE' || rule === 'FOREIGN KEY' || rule === 'CHECK' || rule === 'NOT NULL'
    ? { rule, detail }
    : null;
}

/** Turns a broken rule of the database into a message for people; anything else is thrown on as it is. */
export async function explainViolation(
  error: unknown,
  context: { db: Database; spec: TableSpec; written: readonly Row[] },
): Promise<never> {
  const broken = brokenRule(error);
  if (broken === null) throw error;
  const { spec } = context;
  if (broken.rule === 'FOREIGN KEY')
    throw new AppError(
      'conflict',
      `A record that this ${spec.kind} refers to, or that refers to it, is in the way.`,
      undefined,
      {
        reason: 'reference',
      },
    );
  if (broken.rule !== 'UNIQUE')
    throw new AppError('invalid', `The ${spec.kind} breaks the rule "${broken.detail}".`, undefined, {
      reason: `rule-${broken.detail}`,
    });
  const columns = columnsOf(spec, broken.detail);
  for (const row of context.written) {
    const holder = await holderOf(context.db, spec, columns, row);
    if (holder === undefined) continue;
    const field = fieldOf(spec, columns, row);
    const name = spec.nameOf(holder);
    throw new AppError(
      'conflict',
      `There is already a ${spec.kind} with this ${field}: "${name}".`,
      [{ path: field, message: 'is taken' }],
      { reason: 'taken', blocking: [{ kind: spec.kind, id: Number(holder.id), name }] },
    );
  }
  const field = columns.at(-1) ?? 'id';
  throw new AppError('conflict', `Two ${spec.kind} records would have the same ${field}.`, undefined, {
    reason: 'taken',
  });
}

/** The field that people know a rule by: its last column, or where that is derived, the field that holds the name. */
function fieldOf(spec: TableSpec, columns: readonly string[], row: Row): string {
  const fields = spec.fields(row);
  const last = fieldName(columns.at(-1) ?? 'id');
  if (last in fields) return last;
  return Object.keys(fields).find((field) => fields[field] === spec.nameOf(row)) ?? last;
}

function columnsOf(spec: TableSpec, detail: string): readonly string[] {
  const name = /^index '(.+)'$/.exec(detail)?.[1];
  if (name !== undefined) return spec.unique?.[name] ?? [];
  return detail.split(', ').map((column) => column.slice(column.indexOf('.') + 1));
}

async function holderOf(
  db: Database,
  spec: TableSpec,
  columns: readonly string[],
  row: Row,
): Promise<Row | undefined> {
  if (columns.length === 0) return undefined;
  const same = columns.map((column) => sql`${sql.ref(column)} is ${row[column] ?? null}`);
  const { rows } = await sql<Row>`select * from ${sql.table(spec.table)}
    where ${sql.join(same, sql` and `)} and id is not ${row.id ?? null} limit 1`.execute(db);
  return rows[0];
}

/** `asset_tag` is `assetTag` in the API. */
export function fieldName(column: string): string {
  return column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
