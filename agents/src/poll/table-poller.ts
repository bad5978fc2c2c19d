import { type SnmpValue, toText } from '../snmp/decode.ts';
import type { OidBytes } from '../snmp/oid.ts';
import type { ReplySize } from '../snmp/reply-size.ts';
import type { SnmpSession } from '../snmp/session.ts';
import { type WalkResult, walkTable } from '../snmp/walk.ts';
import { type DeviceClock, type Elapsed, elapsedBetween } from './counters.ts';
import type { ReadingSet } from './reading-set.ts';
import { addRow, addTotals } from './row-values.ts';
import { type CompiledColumn, type CompiledTable, type EntityState, nameRows, RowState } from './table.ts';

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
}

/** Reads one table of one device, poll by poll. */
export class TablePoller {
  readonly table: CompiledTable;
  private readonly rowsByIndex = new Map<string, RowState>();
  private readonly byName = new Map<string, EntityState>();
  private polls = 0;
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

  constructor(table: CompiledTable) {
    this.table = table;
  }

  /**
   * Reads the table and adds its values to the readings; `walked` is what {@link wanted} gave when it was read before.
   * @throws SnmpError when the device does not answer.
   */
  async poll(shared: PollContext, walked: WalkResult | null = null): Promise<void> {
    const { table } = this;
    const context = this.unread ? { ...shared, refresh: true } : shared;
    this.problem = null;
    this.changed = false;
    const columns = context.refresh ? table.dynamic : this.active;
    if (columns.length === 0 && !(context.refresh && table.dynamic.length === 0)) return;
    if (context.refresh) this.unread = true;

    let rows: RowState[];
    let stale: boolean;
    if (table.dynamic.length > 0) {
      ({ rows, stale } = await this.readDynamic(context, columns, walked));
      if (context.refresh) this.active = this.answering(rows);
    } else {
      rows = [];
      stale = true;
    }
    if (
      table.fixed.length > 0 &&
      (context.refresh || stale) &&
      (rows.length > 0 || table.dynamic.length === 0)
    )
      rows = await this.readFixed(context, rows);
    this.rename(rows, stale || context.refresh);
    this.rows = rows;
    this.elapsed = this.clock && elapsedBetween(this.clock, context.clock);
    // While the device's clock stands still its counters are those of before: keep the older moment.
    if (this.elapsed?.kind !== 'still') this.clock = context.clock;
    for (const row of rows) addRow(row, { table, elapsed: this.elapsed, ...context });
    addTotals(table, rows, context.readings);
    if (context.refresh) this.forgetInactive(rows);
    this.unread = false;
  }

  /** What is not asked for until the next refresh has no value until then. */
  private forgetInactive(rows: readonly RowState[]): void {
    const gone = this.table.dynamic.filter((column) => !this.active.includes(column));
    for (const row of rows) for (const { slot } of gone) row.slots[slot] = undefined;
  }

  /** Columns that the next poll asks for when it is no refresh; none when it has to be one or there are none. */
  wanted(): readonly OidBytes[] {
    return this.unread ? [] : this.active.map((column) => column.oid);
  }

  /** Reads the columns that change; `stale` when rows came or went or a name changed, so that fixed columns are asked too. */
  private async readDynamic(
    context: PollContext,
    columns: readonly CompiledColumn[],
    walked: WalkResult | null,
  ): Promise<{ rows: RowState[]; stale: boolean }> {
    const { table } = this;
    const result =
      walked ??
      (await walkTable(
        context.session,
        context.size,
        columns.map((column) => column.oid),
        {
          deadline: context.deadline,
          rows: mostRows,
          ...(this.rows.length > 0 && { expected: this.rows.length }),
        },
      ));
    if (result.problem !== null) this.problem = `${table.spec.id}: ${result.problem}`;
    this.polls++;
    let stale = result.rows.length !== this.rows.length;
    const rows: RowState[] = [];
    for (const { index, values } of result.rows) {
      let row = this.rowsByIndex.get(index);
      if (!row) {
        row = new RowState(index, table.columns.length);
        this.rowsByIndex.set(index, row);
        stale = true;
      }
      row.seen = this.polls;
      for (let i = 0; i < columns.length; i++) {
        const column = columns[i];
        if (!column) continue;
        let value = values[i];
        if (column.unsigned && typeof value === 'number' && value < 0) value += 2 ** 32;
        if (!stale && table.nameSlots.includes(column.slot) && !sameValue(row.slots[column.slot], value))
          stale = true;
        row.slots[column.slot] = value;
      }
      rows.push(row);
    }
    if (stale)
      for (const [index, row] of this.rowsByIndex)
        if (row.seen !== this.polls) this.rowsByIndex.delete(index);
    return { rows, stale };
  }

  /** Columns worth asking until the next refresh: they have values, and what they stand in for has not. */
  private answering(rows: readonly RowState[]): CompiledColumn[] {
    return this.table.dynamic.filter((column) => {
      const { slot, unless } = column;
      return rows.some(
        (row) => row.slots[slot] !== undefined && (unless === null || row.slots[unless] === undefined),
      );
    });
  }

  /** Reads what changes rarely; for tables that only have such columns this also finds the rows. */
  private async readFixed(context: PollContext, rows: RowState[]): Promise<RowState[]> {
    const { table } = this;
    const byEntry = Map.groupBy(table.fixed, (column) => column.entry);
    let found = rows;
    for (const columns of byEntry.values()) {
      const result = await walkTable(
        context.session,
        context.size,
        columns.map((column) => column.oid),
        { deadline: context.deadline, rows: mostRows },
      );
      if (result.problem !== null) this.problem ??= `${table.spec.id}: ${result.problem}`;
      const byIndex = new Map(result.rows.map((row) => [row.index, row.values]));
      if (table.dynamic.length === 0 && found.length === 0) {
        found = result.rows.map(
          ({ index }) => this.rowsByIndex.get(index) ?? new RowState(index, table.columns.length),
        );
        this.rowsByIndex.clear();
        for (const row of found) this.rowsByIndex.set(row.index, row);
      }
      for (const row of found)
        columns.forEach((column, i) => {
          let value = byIndex.get(joinedIndex(column, row))?.[i];
          if (column.unsigned && typeof value === 'number' && value < 0) value += 2 ** 32;
          row.slots[column.slot] = value;
        });
    }
    return found;
  }

  /** Gives rows their names, and each name its counters: by name, never by index. */
  private rename(rows: RowState[], again: boolean): void {
    if (!again) return;
    const names = nameRows(this.table, rows);
    for (const [row, name] of names) {
      if (row.named && row.name === name) continue;
      this.changed = true;
      row.name = name;
      row.named = true;
    }
    const before = new Map(this.byName);
    this.byName.clear();
    for (const row of rows) {
      row.state = before.get(row.name) ?? { counters: [], scales: [] };
      this.byName.set(row.name, row.state);
    }
    if (before.size !== this.byName.size) this.changed = true;
  }
}

function joinedIndex(column: CompiledColumn, row: RowState): string {
  const { join } = column;
  if (!join) return row.index;
  if ('by' in join) return toText(row.slots[join.by]) ?? '';
  const parts = row.index.split('.');
  return 'first' in join ? parts.slice(0, join.first).join('.') : parts.slice(-join.last).join('.');
}

function sameValue(a: SnmpValue, b: SnmpValue): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    if (a.length !== b.length) return false;
    for (let i = a.length - 1; i >= 0; i--) if (a[i] !== b[i]) return false;
    return true;
  }
  return a === b;
}
