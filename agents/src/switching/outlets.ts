import type { OutletState, SwitchCommand } from '@rackhaus/config/contract';
import type { ProfileSwitch, ProfileTable } from '@rackhaus/config/profiles';
import type { CompiledValue, RowValues } from '../poll/evaluate.ts';
import type { Plan } from '../poll/plan.ts';
import { Presence } from '../poll/presence.ts';
import { ReadingSet } from '../poll/reading-set.ts';
import { compileTable, type RowState } from '../poll/table.ts';
import { TablePoller } from '../poll/table-poller.ts';
import { encodeOid, type OidBytes } from '../snmp/oid.ts';
import { ReplySize } from '../snmp/reply-size.ts';
import type { SnmpSession } from '../snmp/session.ts';

/** An outlet as it was found on the device a moment ago. */
export interface FoundOutlet {
  /** What it says; null: neither on nor off. */
  readonly state: OutletState | null;
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
    if (row !== undefined && value !== undefined) return found(session, table, value, row, commands);
  }
  return 'no-such-outlet';
}

function found(
  session: SnmpSession,
  table: ProfileTable,
  value: CompiledValue,
  row: RowState,
  commands: ProfileSwitch,
): FoundOutlet {
  const { index } = row;
  const column = table.columns[value.spec.column ?? ''];
  const instance = encodeOid(`${column?.oid ?? '0.0'}.${index}`);
  return {
    state: stateIn(value, row),
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

function stateIn(value: CompiledValue, row: RowValues): OutletState | null {
  const raw = value.raw(row);
  return raw === 1 ? 'on' : raw === 0 ? 'off' : null;
}

/** The tables whose rows can be switched, for their names and states alone; with all columns, since names may be found by any of them. */
function tablesOf(plan: Plan): { table: ProfileTable; commands: ProfileSwitch }[] {
  return plan.profile.parts.flatMap((part) =>
    part.tables.flatMap((table) => {
      const state = table.values.find(({ metric }) => metric === 'outlet.state');
      if (table.switch === undefined || state?.column === undefined) return [];
      const { where: _where, changed: _changed, discontinuity: _discontinuity, ...rest } = table;
      const { words: _words, limits: _limits, when: _when, ...value } = state;
      return [{ table: { ...rest, label: [], values: [value] }, commands: table.switch }];
    }),
  );
}
