import { type SnmpValue, toNumber } from '../../snmp/decode.ts';
import { encodeOid } from '../../snmp/oid.ts';
import type { ReplySize } from '../../snmp/reply-size.ts';
import type { SnmpSession } from '../../snmp/session.ts';
import { walkTable } from '../../snmp/walk.ts';
import type { Presence } from '../presence.ts';

/** What is needed to read tables of a device. */
export interface Reading {
  readonly session: SnmpSession;
  readonly size: ReplySize;
  /** Moment of `performance.now()`. */
  readonly deadline: number;
  /** Port names by ifIndex. */
  readonly portName: (ifIndex: number) => string | undefined;
  /** Found in this poll. */
  readonly presence: Presence;
}

/** Rows of one table by index, the values by the names of their columns. @throws SnmpError when the device does not answer. */
export async function readColumns<Name extends string>(
  { session, size, deadline, presence }: Reading,
  columns: Readonly<Partial<Record<Name, string | undefined>>>,
  mostRows: number,
): Promise<Map<string, Partial<Record<Name, SnmpValue>>>> {
  const names: Name[] = [];
  const oids: string[] = [];
  for (const name in columns) {
    const oid = columns[name];
    if (oid === undefined) continue;
    names.push(name);
    oids.push(oid);
  }
  const encoded = oids.map(encodeOid);
  if (presence.lacks(encoded)) return new Map();
  const { rows } = await walkTable(session, size, encoded, { deadline, rows: mostRows });
  return new Map(
    rows.map(({ index, values }) => {
      const row: Partial<Record<Name, SnmpValue>> = {};
      names.forEach((name, i) => {
        row[name] = values[i];
      });
      return [index, row];
    }),
  );
}

/** One column as numbers by the last number of its index. @throws SnmpError when the device does not answer. */
export async function readNumbers(
  reading: Reading,
  oid: string,
  mostRows: number,
): Promise<Map<number, number>> {
  const numbers = new Map<number, number>();
  for (const [index, { value }] of await readColumns(reading, { value: oid }, mostRows)) {
    const number = toNumber(value);
    if (number !== undefined) numbers.set(lastNumber(index), number);
  }
  return numbers;
}

export function lastNumber(index: string): number {
  return Number(index.slice(index.lastIndexOf('.') + 1));
}
