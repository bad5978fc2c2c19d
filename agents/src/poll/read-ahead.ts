import type { SnmpValue } from '../snmp/decode.ts';
import { SnmpError } from '../snmp/error.ts';
import type { OidBytes } from '../snmp/oid.ts';
import type { ReplySize } from '../snmp/reply-size.ts';
import type { SnmpSession } from '../snmp/session.ts';
import { type WalkResult, walkTables } from '../snmp/walk.ts';
import { getAll, oidsPerGet } from './scalars.ts';
import type { TablePoller } from './table-poller.ts';

/** Tables of at most so many rows are read together. */
const shortRows = 16;
const mostRows = 20_000;

/** What the first request of a poll brought. */
export interface ReadAhead {
  /** In the order asked. */
  readonly scalars: SnmpValue[];
  readonly tables: ReadonlyMap<TablePoller, WalkResult>;
}

/**
 * Scalars and tables of a few rows in one request instead of one each (without such tables: the first table), because
 * datagrams are what a poll costs. Null when that was not to be had; then all are asked one by one.
 * @throws SnmpError `closed` when the poll was cancelled.
 */
export async function readAhead(options: {
  session: SnmpSession;
  size: ReplySize;
  tables: readonly TablePoller[];
  scalars: readonly OidBytes[];
  deadline: number;
}): Promise<ReadAhead | null> {
  const { session, size, scalars, deadline } = options;
  if (session.version === '1' || scalars.length > oidsPerGet || !scalars.every(endsInOneOctet)) return null;
  const ready = options.tables.filter((table) => table.wanted().length > 0);
  const short = ready.filter((table) => table.rows.length <= shortRows);
  const chosen = short.length > 0 ? short : ready.slice(0, 1);
  if (chosen.length === 0) return null;
  try {
    const walked = await walkTables(
      session,
      size,
      chosen.map((table) => table.wanted()),
      {
        deadline,
        rows: mostRows,
        expected: Math.max(...chosen.map((table) => table.rows.length)),
        scalars,
        attempts: 1,
      },
    );
    const missing = scalars.filter((_, i) => walked.scalars[i] === undefined);
    const found = await getAll(session, missing);
    return {
      scalars: walked.scalars.map((value) => value ?? found.shift()),
      tables: new Map(
        chosen.flatMap((table, i) => {
          const result = walked.tables[i];
          return result && result.problem === null ? [[table, result]] : [];
        }),
      ),
    };
  } catch (error) {
    if (!(error instanceof SnmpError) || error.code === 'closed') throw error;
    return null;
  }
}

/** Whether its last number is one octet, so that the OID without it is one octet shorter. */
function endsInOneOctet(oid: OidBytes): boolean {
  return ((oid.at(-2) ?? 0) & 0x80) === 0;
}
