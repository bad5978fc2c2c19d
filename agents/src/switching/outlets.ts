import type { OutletIdentity, OutletState, SwitchCommand } from '@rackhaus/config/contract';
import type { ProfileSwitch, ProfileTable } from '@rackhaus/config/profiles';
import type { CompiledValue, RowValues } from '../poll/evaluate.ts';
import { outletIdentity } from '../poll/outlet-identity.ts';
import type { Plan } from '../poll/plan.ts';
import { Presence } from '../poll/presence.ts';
import { ReadingSet } from '../poll/reading-set.ts';
import { type CompiledTable, compileTable, joinedIndex, type RowState } from '../poll/table.ts';
import { TablePoller } from '../poll/table-poller.ts';
import { toTextOrHex } from '../snmp/decode.ts';
import { decodeOid, encodeOid, type OidBytes } from '../snmp/oid.ts';
import { ReplySize } from '../snmp/reply-size.ts';
import type { SnmpSession } from '../snmp/session.ts';

/** An outlet as it was found on the device a moment ago. */
export interface FoundOutlet {
  /** What tells it apart from others that may have its name some day. */
  readonly identity: OutletIdentity;
  /** What it says; null: neither on nor off. */
  readonly state: OutletState | null;
  /** Asks once more, in one question, for everything that it was told apart by; what is another now, in words, else null. @throws SnmpError */
  readonly changedSince: () => Promise<string | null>;
  /** What is written where; undefined: the family has no such command. */
  readonly write: (command: SwitchCommand) => { readonly oid: OidBytes; readonly value: number } | undefined;
  /** Asks it again. @throws SnmpError */
  readonly readAgain: () => Promise<OutletState | null>;
}

/** What came of looking: `no-such-outlet` when the tables were read whole and it is in none. */
export type Looked = FoundOutlet | 'not-switchable' | 'no-such-outlet' | { readonly problem: string };

/**
 * Looks for an outlet by the name that its readings have, in the device as it is now: rows may have been numbered anew since the last poll.
 * A table that cannot be read whole finds nothing: another row could be the one.
 * @throws SnmpError when the device does not answer
 */
export async function findOutlet(
  session: SnmpSession,
  plan: Plan,
  outlet: string,
  deadline: number,
): Promise<Looked> {
  const tables = tablesOf(plan);
  if (tables.length === 0) return 'not-switchable';
  for (const { table, commands } of tables) {
    const poller = new TablePoller(compileTable(table));
    await poller.poll({
      session,
      size: new ReplySize(),
      deadline,
      refresh: true,
      clock: { ticks: null, boots: null, at: performance.now() },
      moment: () => undefined,
      readings: new ReadingSet(),
      presence: new Presence(),
    });
    if (poller.problem !== null) return { problem: poller.problem };
    const row = poller.rows.find(({ name }) => name === outlet);
    const [value] = poller.table.values;
    if (row !== undefined && value !== undefined) return found(session, poller, value, row, commands);
  }
  return 'no-such-outlet';
}

function found(
  session: SnmpSession,
  { table, rows }: TablePoller,
  value: CompiledValue,
  row: RowState,
  commands: ProfileSwitch,
): FoundOutlet {
  const { index } = row;
  const instance = instanceOf(table, value.slot, row);
  const told = tellingSlots(table).filter((slot) => row.value(slot) !== undefined);
  return {
    identity: outletIdentity(table, rows, row),
    state: stateIn(value, row),
    changedSince: async () => {
      const now = await session.get(told.map((slot) => instanceOf(table, slot, row)));
      const others = told.filter((slot, i) => toTextOrHex(now[i]) !== toTextOrHex(row.value(slot)));
      if (others.length === 0) return null;
      const names = others.map((slot) => table.columns[slot]?.name ?? '');
      return `while it was looked for, another became of its ${names.join(', ')}`;
    },
    write: (command) => {
      const write = commands[command];
      return write && { oid: encodeOid(`${write.object}.${index}`), value: write.value };
    },
    readAgain: async () => {
      const [now] = await session.get([instance], 1);
      return stateIn(value, {
        index,
        value: (slot) => (slot === value.slot ? now : undefined),
        number: (slot) => (slot === value.slot && typeof now === 'number' ? now : undefined),
        numberAt: () => undefined,
      });
    },
  };
}

/** The columns that its name, its label and its unit are made of; those that cannot be asked for by themselves aside. */
function tellingSlots({ spec, columns }: CompiledTable): number[] {
  const templates = [...spec.entity, ...(spec.label ?? []), ...(spec.switch?.unit ?? [])];
  return columns.flatMap(({ name, slot, join }) => {
    const single = join === null || !('child' in join);
    return single && templates.some((template) => template.includes(`{${name}}`)) ? [slot] : [];
  });
}

/** The instance that a row has its value of a column from. */
function instanceOf({ columns }: CompiledTable, slot: number, row: RowState): OidBytes {
  const column = columns[slot];
  if (column === undefined) throw new RangeError(`the table has no column ${slot}`);
  return encodeOid(`${decodeOid(column.oid)}.${joinedIndex(column, row)}`);
}

function stateIn(value: CompiledValue, row: RowValues): OutletState | null {
  const raw = value.raw(row);
  return raw === 1 ? 'on' : raw === 0 ? 'off' : null;
}

/** The tables whose rows can be switched, for their names, what tells them apart, and their states alone; with all columns, since names may be found by any of them. */
function tablesOf(plan: Plan): { table: ProfileTable; commands: ProfileSwitch }[] {
  return plan.profile.parts.flatMap((part) =>
    part.tables.flatMap((table) => {
      const state = table.values.find(({ metric }) => metric === 'outlet.state');
      if (table.switch === undefined || state?.column === undefined) return [];
      const { where: _where, changed: _changed, discontinuity: _discontinuity, ...rest } = table;
      const { words: _words, limits: _limits, when: _when, ...value } = state;
      return [{ table: { ...rest, values: [value] }, commands: table.switch }];
    }),
  );
}
