import type { SnmpValue } from '../snmp/decode.ts';
import { KeptRows } from '../snmp/kept-rows.ts';
import { encodeOid, type OidBytes } from '../snmp/oid.ts';
import type { ReplySize } from '../snmp/reply-size.ts';
import type { SnmpSession } from '../snmp/session.ts';
import { guessedBytesPerValue, type ValueBytes, type WalkTarget, walkInto, walkTable } from '../snmp/walk.ts';
import { type DeviceClock, type Elapsed, elapsedBetween } from './counters.ts';
import type { StickyScale } from './evaluate.ts';
import { FixedColumns } from './fixed-columns.ts';
import { KeptCounters } from './kept-counters.ts';
import { OwnEntities } from './own-entities.ts';
import type { Presence } from './presence.ts';
import type { ReadingSet } from './reading-set.ts';
import { addRow, addTotals } from './row-values.ts';
import { type CompiledColumn, type CompiledTable, nameRows, RowState } from './table.ts';

const mostRows = 20_000;

/** What all tables of one poll share. */
export interface PollContext {
  readonly session: SnmpSession;
  readonly size: ReplySize;
  /** Moment of `performance.now()`. */
  readonly deadline: number;
  /** Read everything, also what changes rarely and what was absent. */
  readonly refresh: boolean;
  readonly clock: DeviceClock;
  /** sysUpTime to ms since 1970; undefined when it cannot be said. */
  readonly moment: (ticks: number) => number | undefined;
  readonly readings: ReadingSet;
  /** As it was found at the last refresh. */
  readonly presence: Presence;
}

/** Reads one table of one device, poll by poll. */
export class TablePoller {
  readonly table: CompiledTable;
  private readonly kept: KeptRows;
  private readonly counters: KeptCounters;
  private readonly scales = new Map<string, StickyScale>();
  private readonly ownEntities: OwnEntities;
  /** Of the rows as their counters are kept. */
  private names: readonly string[] = [];
  /** Rows came or went, or were called otherwise, since they got their names. */
  private stale = false;
  private readonly valueBytes: ValueBytes = { estimate: guessedBytesPerValue };
  /** The device's clock when this table's counters were read last. */
  private clock: DeviceClock | null = null;
  private elapsed: Elapsed | null = null;
  /** The rows of the last poll, in the device's order. */
  rows: RowState[] = [];
  /** Columns that answered at the last refresh. */
  private active: readonly CompiledColumn[] = [];
  /** Not yet read whole: the next poll of this table is a refresh whatever the others do. */
  private unread = true;
  /** Whether rows came, went or changed their names at the last poll. */
  changed = false;
  problem: string | null = null;
  /** Instance that changes when the table does; null where the table is read at each poll. */
  readonly watching: OidBytes | null;
  /** Its value when it was read last. */
  private lastChange: SnmpValue;
  private due = false;

  constructor(table: CompiledTable) {
    this.table = table;
    this.watching = table.spec.changed === undefined ? null : encodeOid(table.spec.changed);
    this.kept = new KeptRows(table.columns.length, table.nameSlots);
    this.counters = new KeptCounters(table.values.filter(({ spec }) => spec.rate !== undefined).length);
    this.ownEntities = new OwnEntities(table.values);
  }

  /**
   * Reads the table and adds its values to the readings; `walked` when {@link target} was read before.
   * @throws SnmpError when the device does not answer.
   */
  async poll(shared: PollContext, walked: { readonly problem: string | null } | null = null): Promise<void> {
    const { table, counters, scales } = this;
    const context = this.unread ? { ...shared, refresh: true } : shared;
    this.problem = null;
    this.changed = false;
    const columns = context.refresh ? table.dynamic : this.active;
    if (columns.length === 0 && !(context.refresh && table.dynamic.length === 0)) return;
    if (this.watching && !context.refresh && !this.due) return;
    if (context.refresh) this.unread = true;

    if (table.dynamic.length > 0) {
      const { problem } = walked ?? (await this.readDynamic(context, columns));
      if (problem !== null) this.problem = `${table.spec.id}: ${problem}`;
      this.reorder(this.kept.finish());
      if (context.refresh) this.active = this.answering();
    } else {
      this.stale = true;
    }
    if (
      table.fixed.length > 0 &&
      (context.refresh || this.stale) &&
      (this.rows.length > 0 || table.dynamic.length === 0)
    )
      await this.readFixed(context);
    if (this.stale || context.refresh) this.rename();
    this.elapsed = this.clock && elapsedBetween(this.clock, context.clock);
    // While the device's clock stands still its counters are those of before: keep the older moment.
    if (this.elapsed?.kind !== 'still') this.clock = context.clock;
    const { readings, moment } = context;
    const { elapsed, rows, ownEntities } = this;
    const { ticks } = context.clock;
    const rowContext = { table, elapsed, readings, moment, ticks, counters, scales, ownEntities };
    for (const row of rows) addRow(row, rowContext);
    addTotals(table, rows, readings);
    if (context.refresh) this.forgetInactive();
    this.unread = false;
    this.due = false;
  }

  /** What is not asked for until the next refresh has no value until then. */
  private forgetInactive(): void {
    const gone = this.table.dynamic.filter((column) => !this.active.includes(column));
    for (const { at } of this.rows) for (const { slot } of gone) this.kept.set(at, slot, undefined);
  }

  /** {@link watching} where the table has rows and the device has said once when they change. */
  get watched(): OidBytes | null {
    return this.active.length > 0 && this.lastChange !== undefined ? this.watching : null;
  }

  /** Takes what {@link watching} is now: when it is another than before, the next {@link poll} reads the table. */
  see(change: SnmpValue): void {
    // An agent that is busy may leave it out for a moment.
    if (change === undefined || change === this.lastChange) return;
    this.due = true;
    this.lastChange = change;
  }

  /** Whether polls before the next refresh may have something to do here. */
  get inUse(): boolean {
    return this.unread || this.active.length > 0;
  }

  /** Whether the next poll asks for columns whatever comes before it, and is no refresh. */
  get ready(): boolean {
    return !this.unread && this.active.length > 0 && (this.watching === null || this.due);
  }

  /** What the next poll asks for, to be walked together with other tables; its rows are overwritten. */
  target(): WalkTarget {
    return this.begin(this.active);
  }

  private begin(columns: readonly CompiledColumn[]): WalkTarget {
    this.kept.begin(columns);
    return { columns: columns.map((column) => column.oid), sink: this.kept };
  }

  private async readDynamic(
    context: PollContext,
    columns: readonly CompiledColumn[],
  ): Promise<{ readonly problem: string | null }> {
    const target = this.begin(columns);
    if (context.refresh && context.presence.lacks(target.columns)) return { problem: null };
    return await walkInto(context.session, context.size, [target], {
      deadline: context.deadline,
      rows: mostRows,
      valueBytes: this.valueBytes,
      ...(this.rows.length > 0 && { expected: this.rows.length }),
    });
  }

  /** Follows the rows where they went. @param order as KeptRows gives it */
  private reorder(order: readonly number[] | null): void {
    if (order === null) return;
    const { rows } = this;
    this.rows = order.map((from, at) => {
      const row = rows[from] ?? new RowState(this.kept, at);
      row.at = at;
      return row;
    });
    this.stale = true;
  }

  /** Columns worth asking until the next refresh: they have values, and what they stand in for has not. */
  private answering(): CompiledColumn[] {
    const { kept, rows } = this;
    const has = (at: number, slot: number) => kept.value(at, slot) !== undefined;
    return this.table.dynamic.filter(({ slot, unless }) =>
      rows.some(({ at }) => has(at, slot) && (unless === null || !has(at, unless))),
    );
  }

  /** Reads what changes rarely; for tables that only have such columns this also finds the rows. */
  private async readFixed(context: PollContext): Promise<void> {
    const { table, kept } = this;
    const byEntry = Map.groupBy(table.fixed, (column) => column.entry);
    const read = new Map<CompiledColumn, (row: RowState) => SnmpValue>();
    let found = table.dynamic.length > 0;
    for (const columns of byEntry.values()) {
      const fixed = new FixedColumns(columns);
      const lacks = context.refresh && context.presence.lacks(fixed.oids);
      const result = lacks
        ? { rows: [], problem: null }
        : await walkTable(context.session, context.size, fixed.oids, {
            deadline: context.deadline,
            rows: mostRows,
          });
      if (result.problem !== null) this.problem ??= `${table.spec.id}: ${result.problem}`;
      if (!found) this.reorder(kept.keep(result.rows.map(({ index }) => index)));
      found ||= result.rows.length > 0;
      for (const column of columns) read.set(column, fixed.values(column, result.rows));
    }
    // Once all are read: a column may say in which row of another table one that stands before it has its value.
    for (const [column, ofRow] of [...read].sort(([a], [b]) => a.joins - b.joins))
      for (const row of this.rows) {
        let value = ofRow(row);
        if (column.unsigned && typeof value === 'number' && value < 0) value += 2 ** 32;
        kept.set(row.at, column.slot, value);
      }
  }

  /** Gives rows their names, and each name its counters: by name, never by index. */
  private rename(): void {
    const { rows } = this;
    for (const [row, name] of nameRows(this.table, rows)) {
      if (row.named && row.name === name) continue;
      this.changed = true;
      row.name = name;
      row.named = true;
    }
    const before = new Map(this.names.map((name, at) => [name, at]));
    const names = rows.map(({ name }) => name);
    if (names.length !== this.names.length) this.changed = true;
    if (names.length !== this.names.length || names.some((name, at) => name !== this.names[at])) {
      this.counters.reorder(names.map((name) => before.get(name) ?? -1));
      this.names = names;
      this.ownEntities.keepOnly(rows);
      const known = new Set(names);
      for (const key of this.scales.keys())
        if (!known.has(key.slice(key.indexOf(' ') + 1))) this.scales.delete(key);
    }
    this.stale = false;
  }
}
