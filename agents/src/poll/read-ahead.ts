import type { SnmpValue } from '../snmp/decode.ts';
import { SnmpError } from '../snmp/error.ts';
import type { OidBytes } from '../snmp/oid.ts';
import type { ReplySize } from '../snmp/reply-size.ts';
import type { SnmpSession } from '../snmp/session.ts';
import { type ValueBytes, walkInto } from '../snmp/walk.ts';
import { getAll, oidsPerGet } from './scalars.ts';
import type { TablePoller } from './table-poller.ts';

/** Tables of at most so many rows are read together. */
const shortRows = 16;
const mostRows = 20_000;

/** What the first request of a poll brought. */
export interface ReadAhead {
  /** In the order asked. */
  readonly scalars: SnmpValue[];
  /** Those that were read to their end. */
  readonly tables: ReadonlySet<TablePoller>;
}

/**
 * Scalars and tables of a few rows in one request instead of one each (without such tables: the first table), because
 * datagrams are what a poll costs. Null when that was not to be had; then all are asked one by one.
 * @throws SnmpError `closed` when the poll was cancelled.
 */
export async function readAhead(options: {
  session: SnmpSession;
  size: ReplySize;
  /** Those that are ready. */
  tables: readonly TablePoller[];
  scalars: readonly OidBytes[];
  deadline: number;
  valueBytes: ValueBytes;
}): Promise<ReadAhead | null> {
  const { session, size, deadline, scalars } = options;
  if (session.version === '1') return null;
  const short = options.tables.filter((table) => table.rows.length <= shortRows);
  const chosen = short.length > 0 ? short : options.tables.slice(0, 1);
  if (chosen.length === 0) return null;
  try {
    const walked = await walkInto(
      session,
      size,
      chosen.map((table) => table.target()),
      {
        deadline,
        rows: mostRows,
        expected: Math.max(...chosen.map((table) => table.rows.length)),
        scalars: scalars.filter(comesAlong),
        attempts: 1,
        valueBytes: options.valueBytes,
      },
    );
    const came = walked.scalars.values();
    const values = scalars.map((oid, i) => (comesAlong(oid, i) ? came.next().value : undefined));
    // What did not fit into the first request, or did not come with it.
    const missing = scalars.filter((_, i) => values[i] === undefined);
    const tables = new Set(walked.problem === null ? chosen : []);
    if (missing.length === 0) return { scalars: values, tables };
    const found = await getAll(session, missing);
    return { scalars: values.map((value) => value ?? found.shift()), tables };
  } catch (error) {
    if (!(error instanceof SnmpError) || error.code === 'closed') throw error;
    return null;
  }
}

/** Whether a scalar fits the first request: its last number has to be one octet, so that the OID without it is one octet shorter. */
function comesAlong(oid: OidBytes, position: number): boolean {
  return position < oidsPerGet && ((oid[oid.length - 2] ?? 0) & 0x80) === 0;
}
