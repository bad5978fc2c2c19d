import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteDialect,
  sql,
} from 'kysely';
import { Turnstile } from './turnstile.ts';

/** Statements that stay prepared. Enough for every query of the program; bounded because `in (…)` lists vary in length. */
const preparedStatements = 500;

/**
 * Kysely on Node's built-in SQLite: one connection, used by one query or transaction at a time, in the order of asking.
 * WAL so that other processes may read; synchronous=FULL so that what was acknowledged survives a power cut.
 */
export class NodeSqliteDialect implements Dialect {
  readonly #file: string;
  readonly #waitMs: number;
  readonly #forKysely = new SqliteDialect({ database: () => Promise.reject(new Error('never opened')) });

  /** `waitMs`: how long a query may wait for its turn; see {@link Turnstile}. */
  constructor(options: { file: string; waitMs: number }) {
    this.#file = options.file;
    this.#waitMs = options.waitMs;
  }

  createDriver(): Driver {
    return new NodeSqliteDriver(this.#file, this.#waitMs);
  }
  createAdapter(): SqliteAdapter {
    return new NodeSqliteAdapter();
  }
  createQueryCompiler(): QueryCompiler {
    return this.#forKysely.createQueryCompiler();
  }
  createIntrospector(
    db: Parameters<Dialect['createIntrospector']>[0],
  ): ReturnType<Dialect['createIntrospector']> {
    return this.#forKysely.createIntrospector(db);
  }
}

class NodeSqliteAdapter extends SqliteAdapter {
  /** The driver queues by itself, and says so when a queue can never move; Kysely's own mutex would wait in silence. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
  /** SQLite rolls back schema changes like any other: a migration that fails leaves nothing half done. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class NodeSqliteDriver implements Driver {
  readonly #file: string;
  readonly #turnstile: Turnstile;
  #connection: NodeSqliteConnection | undefined;

  constructor(file: string, waitMs: number) {
    this.#file = file;
    this.#turnstile = new Turnstile(waitMs);
  }

  async init(): Promise<void> {
    const database = new DatabaseSync(this.#file, { enableForeignKeyConstraints: true, timeout: 5000 });
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    this.#connection = new NodeSqliteConnection(database);
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#turnstile.enter();
    if (this.#connection === undefined) {
      this.#turnstile.leave();
      throw new Error('The database is not open.');
    }
    return this.#connection;
  }
  async releaseConnection(): Promise<void> {
    this.#turnstile.leave();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    // "immediate": takes the write lock at once, so that a transaction that begins by reading cannot fail half-way.
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }
  async savepoint(connection: DatabaseConnection, name: string, compile: QueryCompiler['compileQuery']) {
    await runSavepoint(connection, 'savepoint', name, compile);
  }
  async rollbackToSavepoint(
    connection: DatabaseConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ) {
    await runSavepoint(connection, 'rollback to', name, compile);
  }
  async releaseSavepoint(
    connection: DatabaseConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ) {
    await runSavepoint(connection, 'release', name, compile);
  }

  async destroy(): Promise<void> {
    this.#connection?.close();
    this.#connection = undefined;
  }
}

async function runSavepoint(
  connection: DatabaseConnection,
  command: string,
  name: string,
  compile: QueryCompiler['compileQuery'],
): Promise<void> {
  const node = sql`${sql.raw(command)} ${sql.id(name)}`.toOperationNode();
  await connection.executeQuery(compile(node, { queryId: 'savepoint' }));
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  /** By SQL text, least recently used first. */
  readonly #prepared = new Map<string, Prepared>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { statement, returnsRows } = this.#prepare(query.sql);
    const values = query.parameters.map(toSqlValue);
    if (returnsRows) {
      // The one place where rows get the type that the query builder worked out from the tables' interfaces.
      return { rows: statement.all(...values) as R[] };
    }
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    // A statement of its own: while it is being read, the same query may run again.
    const statement = this.#database.prepare(query.sql);
    for (const row of statement.iterate(...query.parameters.map(toSqlValue))) yield { rows: [row as R] };
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(text: string): Prepared {
    const prepared = this.#prepared.get(text) ?? prepare(this.#database, text);
    this.#prepared.delete(text);
    this.#prepared.set(text, prepared);
    if (this.#prepared.size > preparedStatements) {
      const oldest = this.#prepared.keys().next();
      if (!oldest.done) this.#prepared.delete(oldest.value);
    }
    return prepared;
  }
}

interface Prepared {
  readonly statement: StatementSync;
  readonly returnsRows: boolean;
}

/** Asking a statement for its columns takes as long as a small query, so it is asked once. */
function prepare(database: DatabaseSync, text: string): Prepared {
  const statement = database.prepare(text);
  return { statement, returnsRows: statement.columns().length > 0 };
}

function toSqlValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(
    `A value of type ${value === undefined ? 'undefined' : typeof value} cannot be stored.`,
  );
}
