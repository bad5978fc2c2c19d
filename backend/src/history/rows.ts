import { CompiledQuery, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import type { DbValue, Row, StoredRow } from './spec.ts';

/** Below SQLite's limit of 32,766 parameters, whatever the table. */
const parametersPerStatement = 6000;
const idsPerStatement = 1000;

/** Parts of at most `size`, none of them empty. */
export function chunked<T>(values: readonly T[], size = idsPerStatement): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < values.length; start += size) parts.push(values.slice(start, start + size));
  return parts;
}

/** Reads and writes rows of tables by name: for code that serves every kind of record alike. */
export class Rows {
  readonly #db: Database;
  /** Text of inserts by table, columns and number of rows: building it anew costs more than running it. */
  readonly #inserts = new Map<string, string>();

  constructor(db: Database) {
    this.#db = db;
  }

  async byIds(table: string, ids: readonly number[], column = 'id'): Promise<StoredRow[]> {
    const found: StoredRow[] = [];
    for (const part of chunked(ids)) {
      const { rows } = await sql<StoredRow>`select * from ${sql.table(table)}
        where ${sql.ref(column)} in (${sql.join(part)}) order by id`.execute(this.#db);
      found.push(...rows);
    }
    return found;
  }

  async idsBy(table: string, column: string, values: readonly number[]): Promise<number[]> {
    const found: number[] = [];
    for (const part of chunked(values)) {
      const { rows } = await sql<{ id: number }>`select id from ${sql.table(table)}
        where ${sql.ref(column)} in (${sql.join(part)}) order by id`.execute(this.#db);
      for (const row of rows) found.push(row.id);
    }
    return found;
  }

  /** Inserts rows that all have the same columns. @returns their ids, in their order. */
  async insert(table: string, rows: readonly Row[]): Promise<number[]> {
    const [first] = rows;
    if (first === undefined) return [];
    const columns = Object.keys(first);
    const ids: number[] = [];
    const perStatement = Math.max(1, Math.floor(parametersPerStatement / columns.length));
    for (const part of chunked(rows, perStatement)) {
      const parameters: DbValue[] = [];
      for (const row of part) for (const column of columns) parameters.push(row[column] ?? null);
      const text = this.#insertText(table, columns, part.length);
      const { rows: made } = await this.#db.executeQuery<{ id: number }>(CompiledQuery.raw(text, parameters));
      // Ids grow in the order of the rows; the order in which they are told is not promised.
      for (const { id } of made.toSorted((a, b) => a.id - b.id)) ids.push(id);
      await yieldToOthers();
    }
    return ids;
  }

  async update(table: string, id: number, values: Row): Promise<void> {
    const set = sql.join(Object.entries(values).map(([column, value]) => sql`${sql.ref(column)} = ${value}`));
    await sql`update ${sql.table(table)} set ${set} where id = ${id}`.execute(this.#db);
  }

  async remove(table: string, ids: readonly number[]): Promise<void> {
    for (const part of chunked(ids))
      await sql`delete from ${sql.table(table)} where id in (${sql.join(part)})`.execute(this.#db);
  }

  #insertText(table: string, columns: readonly string[], count: number): string {
    const key = `${table} ${count} ${columns.join()}`;
    const known = this.#inserts.get(key);
    if (known !== undefined) return known;
    const row = sql`(${sql.join(columns.map(() => sql`${null}`))})`;
    const query = sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
      values ${sql.join(Array.from({ length: count }, () => row))} returning id`;
    const text = query.compile(this.#db).sql;
    this.#inserts.set(key, text);
    return text;
  }
}

/** SQLite answers at once, so that awaiting it lets nobody else run: long work makes room itself. */
function yieldToOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
