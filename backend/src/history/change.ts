import type { RecordKind } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { type NewEvent, rowData, tableData } from './events.ts';
import { Rows } from './rows.ts';
import type {
  DbValue,
  Dependent,
  Description,
  Row,
  Scope,
  Specs,
  StoredRow,
  TableSpec,
  Touched,
} from './spec.ts';
import { explainViolation } from './violations.ts';

/**
 * One change while it is being made, inside its transaction. Everything that writes to the inventory goes through here:
 * each row written leaves an event that holds what was and what is. Use it only within `Changes.run`.
 */
export class Change {
  readonly tx: Database;
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly user: { readonly id: number | null; readonly name: string };
  /** The change that this one takes back; null: it is a change in its own right. */
  readonly undoes: number | null;
  readonly rows: Rows;
  readonly events: NewEvent[] = [];
  readonly touched = new Map<RecordKind, Touched[]>();
  readonly #specs: Specs;

  constructor(options: {
    tx: Database;
    id: number;
    now: number;
    user: { readonly id: number | null; readonly name: string };
    undoes: number | null;
    specs: Specs;
  }) {
    this.tx = options.tx;
    this.id = options.id;
    this.now = options.now;
    this.user = options.user;
    this.undoes = options.undoes;
    this.rows = new Rows(options.tx);
    this.#specs = options.specs;
  }

  spec(kind: RecordKind): TableSpec {
    const spec = this.#specs.get(kind);
    if (spec === undefined) throw new Error(`Nothing says how "${kind}" is kept.`);
    return spec;
  }

  async find(kind: RecordKind, id: number): Promise<StoredRow | undefined> {
    return (await this.rows.byIds(this.spec(kind).table, [id]))[0];
  }

  /** @throws AppError not-found */
  async get(kind: RecordKind, id: number): Promise<StoredRow> {
    const row = await this.find(kind, id);
    if (row === undefined)
      throw new AppError('not-found', `There is no ${kind} ${id}.`, undefined, { reason: 'gone' });
    return row;
  }

  /**
   * Makes records. @returns their ids, in their order.
   * @throws AppError invalid, conflict
   */
  async insert(kind: RecordKind, values: readonly Row[]): Promise<number[]> {
    if (values.length === 0) return [];
    const spec = this.spec(kind);
    const given = values.map((row) => whole(spec, row));
    const prepared = await spec.prepare?.(
      this,
      given.map((next) => ({ before: null, next })),
    );
    const made = await this.#insertRows(spec, prepared ?? given);
    await spec.written?.(
      this,
      made.map((after) => ({ before: null, after })),
    );
    return made.map((row) => row.id);
  }

  /**
   * Changes columns of one record. What is as it should be already is not written.
   * @param seen the version that the caller has seen; undefined: whatever is there.
   * @throws AppError not-found, invalid, conflict (with the record as it is now when `seen` is stale)
   */
  async update(kind: RecordKind, id: number, values: Row, seen?: number): Promise<void> {
    const spec = this.spec(kind);
    const before = await this.get(kind, id);
    this.#refuseStale(spec, before, seen);
    const wanted = { ...before, ...values };
    const [next = wanted] = (await spec.prepare?.(this, [{ before, next: wanted }])) ?? [wanted];
    const after = await this.#updateRow(spec, before, next);
    if (after !== null) await spec.written?.(this, [{ before, after }]);
  }

  /**
   * Deletes records and what depends on them.
   * @throws AppError not-found, conflict (something still refers to one of them; names it)
   */
  async remove(kind: RecordKind, ids: readonly number[], seen?: number): Promise<void> {
    if (ids.length === 0) return;
    const spec = this.spec(kind);
    const rows = await this.rows.byIds(spec.table, ids);
    const found = new Set(rows.map((row) => row.id));
    const missing = ids.find((id) => !found.has(id));
    if (missing !== undefined) await this.get(kind, missing);
    for (const row of rows) this.#refuseStale(spec, row, seen);
    for (const dependent of spec.dependents ?? []) await this.#removeDependent(rows, dependent);
    await this.#removeRows(spec, rows);
  }

  /** Writes a row back exactly as it was: for undo. No rule of the kind is asked, only those of the database. */
  async restore(kind: RecordKind, rows: readonly Row[]): Promise<void> {
    const spec = this.spec(kind);
    await this.#insertRows(spec, referringLast(spec, rows));
  }

  /** Takes rows out that an undone change had made. */
  async withdraw(kind: RecordKind, rows: readonly StoredRow[]): Promise<void> {
    await this.#removeRows(this.spec(kind), rows);
  }

  /** Sets columns to what they were; no rule of the kind is asked. @returns the row as it is then. */
  async revert(kind: RecordKind, row: StoredRow, values: Row): Promise<StoredRow> {
    return (await this.#updateRow(this.spec(kind), row, { ...row, ...values })) ?? row;
  }

  async #insertRows(spec: TableSpec, rows: readonly Row[]): Promise<StoredRow[]> {
    const stamped = rows.map((row) => ({ ...row, version: this.id }));
    const ids = await this.#guarded(spec, stamped, () => this.rows.insert(spec.table, stamped));
    // What comes back as it was has its number already, and not in the order in which the database gives new ones.
    const made = stamped.map((row, index): StoredRow => {
      const { id } = row as Row;
      return { ...row, id: typeof id === 'number' ? id : (ids[index] ?? 0) };
    });
    await this.#note(spec, made, 'after');
    return made;
  }

  async #updateRow(spec: TableSpec, before: StoredRow, next: Row): Promise<StoredRow | null> {
    const changed = Object.keys(next).filter(
      (column) => column !== 'version' && (next[column] ?? null) !== (before[column] ?? null),
    );
    if (changed.length === 0) return null;
    const after: StoredRow = { ...before, ...next, id: before.id, version: this.id };
    const only = (row: Row) => Object.fromEntries(changed.map((column) => [column, row[column] ?? null]));
    await this.#guarded(spec, [after], () =>
      this.rows.update(spec.table, before.id, { ...only(after), version: this.id }),
    );
    const [was, is] = await this.#describe(spec, [before, after]);
    this.events.push({
      kind: spec.kind,
      objectId: before.id,
      name: is?.name ?? spec.nameOf(after),
      before: rowData(only(before)),
      after: rowData(only(after)),
      count: 1,
      scopes: unique([...(was?.scopes ?? []), ...(is?.scopes ?? [])]),
      touched: [{ before, after }],
    });
    this.#touch(spec, { before, after });
    return after;
  }

  async #removeRows(spec: TableSpec, rows: readonly StoredRow[]): Promise<void> {
    const ids = referringLast(spec, rows)
      .reverse()
      .map((row) => row.id);
    await this.#note(spec, rows, 'before');
    await this.#guarded(spec, rows, () => this.rows.remove(spec.table, ids));
  }

  /** Notes rows that were made or deleted: one event each, or one for each owner. */
  async #note(spec: TableSpec, rows: readonly StoredRow[], side: 'before' | 'after'): Promise<void> {
    const other = side === 'before' ? 'after' : 'before';
    for (const row of rows)
      this.#touch(spec, side === 'before' ? { before: row, after: null } : { before: null, after: row });
    const described = await this.#describe(spec, rows);
    const descriptions = new Map(rows.map((row, index) => [row.id, described[index]]));
    const { ownerOf } = spec;
    const groups =
      ownerOf === undefined
        ? rows.map((row) => [row])
        : [...Map.groupBy(rows, (row) => `${ownerOf(row).kind}/${ownerOf(row).id}`).values()];
    for (const group of groups) {
      const [first] = group;
      if (first === undefined) continue;
      const alone = group.length === 1;
      const event = {
        kind: spec.kind,
        objectId: alone ? first.id : 0,
        name: alone ? (descriptions.get(first.id)?.name ?? spec.nameOf(first)) : '',
        count: group.length,
        scopes: unique(group.flatMap((row) => [...(descriptions.get(row.id)?.scopes ?? [])])),
        [side]: alone ? rowData(first) : tableData(group),
        [other]: null,
        touched: group.map((row) =>
          side === 'before' ? { before: row, after: null } : { before: null, after: row },
        ),
      };
      this.events.push({ before: null, after: null, ...event });
    }
  }

  /** In whose history rows belong and how they are called, from the rows and from what they refer to. */
  async #describe(spec: TableSpec, rows: readonly Row[]): Promise<readonly Description[]> {
    const further = await spec.describe?.(this, rows);
    return rows.map((row, index) => ({
      ...further?.[index],
      scopes: [...(spec.scopesOf?.(row) ?? []), ...(further?.[index]?.scopes ?? [])],
    }));
  }

  #touch(spec: TableSpec, touched: Touched): void {
    const list = this.touched.get(spec.kind) ?? [];
    list.push(touched);
    this.touched.set(spec.kind, list);
  }

  async #removeDependent(rows: readonly StoredRow[], dependent: Dependent): Promise<void> {
    const { kind, by, action } = dependent;
    const spec = this.spec(kind);
    const ids = rows.map((row) => row.id);
    const found = typeof by === 'string' ? await this.rows.idsBy(spec.table, by, ids) : await by(this, ids);
    if (found.length === 0) return;
    if (action === 'delete') return this.remove(kind, found);
    const blocking = await this.rows.byIds(spec.table, found.slice(0, 20));
    if (action === 'refuse' || typeof by !== 'string')
      throw new AppError(
        'conflict',
        `It cannot be deleted while ${found.length} ${kind} record(s) belong to it, such as "${spec.nameOf(blocking[0] ?? {})}".`,
        undefined,
        {
          reason: 'in-use',
          blocking: blocking.map((row) => ({ kind, id: row.id, name: spec.nameOf(row) })),
        },
      );
    for (const row of await this.rows.byIds(spec.table, found))
      await this.#updateRow(spec, row, { ...row, [by]: null });
  }

  #refuseStale(spec: TableSpec, row: StoredRow, seen: number | undefined): void {
    if (seen === undefined || seen === row.version) return;
    throw new AppError(
      'conflict',
      `"${spec.nameOf(row)}" has been changed by somebody else meanwhile.`,
      undefined,
      { reason: 'stale', current: spec.record(row) },
    );
  }

  async #guarded<T>(spec: TableSpec, written: readonly Row[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      return explainViolation(error, {
        db: this.tx,
        spec,
        written,
      });
    }
  }
}

/** A row with all its columns, so that the event is complete. */
function whole(spec: TableSpec, row: Row): Row {
  const full: { [column: string]: DbValue } = {};
  for (const column of spec.columns)
    full[column] = row[column] === undefined ? (spec.initial[column] ?? null) : row[column];
  return full;
}

/** Rows that others of the table refer to come first. */
function referringLast<R extends Row>(spec: TableSpec, rows: readonly R[]): R[] {
  const { selfReference } = spec;
  if (selfReference === undefined) return [...rows];
  const refers = (row: R) => (row[selfReference] ?? null) !== null;
  return [...rows.filter((row) => !refers(row)), ...rows.filter(refers)];
}

function unique(scopes: readonly Scope[]): Scope[] {
  return [...new Map(scopes.map((scope) => [`${scope.kind}/${scope.id}`, scope])).values()];
}
