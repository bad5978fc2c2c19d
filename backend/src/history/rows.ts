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

  constructor(db: Database) {
    this.#db = db;
  }

  async byIds(table: string, ids: readonly number[], column = 'id'): Promise<StoredRow[]> {
    return this.#whereIn<StoredRow>('*', table, column, ids);
  }

  /** Only some columns: of thousands of wide rows, reading them whole is what takes the time. */
  async pick(table: string, columns: readonly string[], ids: readonly number[], by = 'id'): Promise<Row[]> {
    return this.#whereIn<Row>(columns.map(quoted).join(', '), table, by, ids);
  }

  async idsBy(table: string, column: string, values: readonly number[]): Promise<number[]> {
    return (await this.#whereIn<{ id: number }>('id', table, column, values)).map(({ id }) => id);
  }

  /** Inserts rows that all have the same columns. @returns their ids, in their order. */
  async insert(table: string, rows: readonly Row[]): Promise<number[]> {
    const ids: number[] = [];
    await this.#insert<{ id: number }>(table, rows, ' returning id', (made) => {
      // Ids grow in the order of the rows; the order in which they are told is not promised.
      for (const { id } of made.toSorted((a, b) => a.id - b.id)) ids.push(id);
    });
    return ids;
  }

  /** The same for a table whose rows have no ids. */
  async append(table: string, rows: readonly Row[]): Promise<void> {
    await this.#insert(table, rows, '', () => undefined);
  }

  async update(table: string, id: number, values: Row): Promise<void> {
    const set = sql.join(Object.entries(values).map(([column, value]) => sql`${sql.ref(column)} = ${value}`));
    await sql`update ${sql.table(table)} set ${set} where id = ${id}`.execute(this.#db);
  }

  async remove(table: string, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    const text = `delete from ${quoted(table)} where id in (select value from json_each(?))`;
    await this.#db.executeQuery(CompiledQuery.raw(text, [JSON.stringify(ids)]));
  }

  /** The list is one parameter, so that the statement stays the same, and prepared, however long it is. */
  async #whereIn<T>(
    selected: string,
    table: string,
    column: string,
    values: readonly number[],
  ): Promise<T[]> {
    if (values.length === 0) return [];
    const text = `select ${selected} from ${quoted(table)} where ${quoted(column)} in (select value from json_each(?)) order by id`;
    return (await this.#db.executeQuery<T>(CompiledQuery.raw(text, [JSON.stringify(values)]))).rows;
  }

  /** Writes the statement itself: building it from parts costs more than running it. */
  async #insert<T>(
    table: string,
    rows: readonly Row[],
    returning: string,
    made: (rows: readonly T[]) => void,
  ): Promise<void> {
    const [first] = rows;
    if (first === undefined) return;
    const columns = Object.keys(first);
    const into = `insert into ${quoted(table)} (${columns.map(quoted).join(', ')}) values `;
    const row = `(${columns.map(() => '?').join(', ')})`;
    const perStatement = Math.max(1, Math.floor(parametersPerStatement / columns.length));
    for (const part of chunked(rows, perStatement)) {
      const parameters: DbValue[] = [];
      for (const row of part) for (const column of columns) parameters.push(row[column] ?? null);
      const text = `${into}${part.map(() => row).join(', ')}${returning}`;
      made((await this.#db.executeQuery<T>(CompiledQuery.raw(text, parameters))).rows);
      await yieldToOthers();
    }
  }
}

/** A name of a table or column as SQLite reads it whatever it holds. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** SQLite answers at once, so that awaiting it lets nobody else run: long work makes room itself. */
function yieldToOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
