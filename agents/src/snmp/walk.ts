import { BerError } from './ber.ts';
import { decodeValue, type SnmpValue } from './decode.ts';
import { SnmpError } from './error.ts';
import { errorStatus, type Reply, VarBinds } from './message.ts';
import { compareOids, decodeIndex, isBelow, type OidBytes } from './oid.ts';
import type { ReplySize } from './reply-size.ts';
import type { Asking } from './session.ts';

/** Results of a walk over several tables. */
export interface WalkResults {
  readonly tables: WalkResult[];
  /** One for each of the scalars asked for; undefined where the device has none. */
  readonly scalars: SnmpValue[];
}

/** One row of a table: its index as dotted text, and one value per column asked, in their order. */
export interface TableRow {
  readonly index: string;
  readonly values: SnmpValue[];
}

export interface WalkResult {
  readonly rows: TableRow[];
  /** Why the table may be incomplete; null when it was read to its end. */
  readonly problem: string | null;
}

export interface WalkLimits {
  /** Moment of `performance.now()` after which no further request is sent. */
  readonly deadline: number;
  readonly rows: number;
  /** How many rows there were last time: nothing is asked for far behind the end. */
  readonly expected?: number;
  /** Instances ending in .0 whose values come along with the first request: one datagram less than a GET of their own. */
  readonly scalars?: readonly OidBytes[];
  /** Requests without an answer in a row that end the walk; 3 when left out. */
  readonly attempts?: number;
}

interface Column {
  readonly table: Table;
  readonly position: number;
  readonly prefix: OidBytes;
  /** OID to go on from. */
  cursor: OidBytes;
  /** Which row its next value probably belongs to. */
  nextRow: number;
}

/** Octets that a row's index has in the replies, kept to find the row without making text of it. */
interface WalkRow extends TableRow {
  readonly suffix: Uint8Array;
}

const guessedBytesPerValue = 24;
/** Rows asked for at once of a table not yet known: devices work for what lies behind its end, too. */
const firstRows = 12;

/**
 * Reads columns of one table side by side with GETBULK (v1: GETNEXT). Columns that end early or have holes are fine.
 * A device that repeats itself, goes backwards or never ends stops at that point with a problem.
 * @throws SnmpError when the device does not answer at all.
 */
export async function walkTable(
  session: Asking,
  size: ReplySize,
  columns: readonly OidBytes[],
  limits: WalkLimits,
): Promise<WalkResult> {
  const { tables } = await walkTables(session, size, [columns], limits);
  return tables[0] ?? { rows: [], problem: null };
}

/**
 * The same for several tables at once: for short ones, which would cost a request each. `expected` is the length of the
 * longest. A problem of one stops all of them, and all say so.
 * @throws SnmpError when the device does not answer at all.
 */
export async function walkTables(
  session: Asking,
  size: ReplySize,
  tables: readonly (readonly OidBytes[])[],
  limits: WalkLimits,
): Promise<WalkResults> {
  const walk = new Walk(tables, limits.rows, session.version === '1' ? [] : (limits.scalars ?? []));
  let bytesPerValue = guessedBytesPerValue;
  let misses = 0;

  while (walk.active.length > 0 && walk.problem === null) {
    if (performance.now() > limits.deadline) {
      walk.problem = 'not read to its end in time';
      break;
    }
    const { active } = walk;
    const bulk = session.version !== '1';
    // One row more than expected shows the end; an unknown table is asked for twice as much each time.
    const missing = (limits.expected ?? 0) + 1 - walk.length;
    const wanted = limits.expected !== undefined && missing > 0 ? missing : Math.max(firstRows, walk.length);
    const repetitions = bulk ? Math.min(wanted, size.repetitions(active.length, bytesPerValue)) : 1;
    const { pending } = walk;
    const cursors = active.map((column) => column.cursor);
    // GETNEXT of a scalar without its instance gives the instance.
    const first = pending.map((oid) => oid.subarray(0, -1));
    let reply: Reply;
    try {
      reply = await session.request(bulk ? 'bulk' : 'next', [...first, ...cursors], {
        repetitions,
        nonRepeaters: first.length,
        timeoutMs: session.timeoutMs * 2 ** misses,
      });
    } catch (error) {
      if (!(error instanceof SnmpError) || error.code !== 'timeout' || misses + 1 >= (limits.attempts ?? 3))
        throw error;
      misses++;
      size.shrink(active.length, repetitions, bytesPerValue);
      continue;
    }
    misses = 0;

    if (reply.errorStatus !== errorStatus.none) {
      if (repetitions > 1 && size.shrink(active.length, repetitions, bytesPerValue)) continue;
      walk.refused(reply);
      continue;
    }
    const values = walk.take(reply);
    if (values > 0) bytesPerValue = Math.max(12, (reply.end - reply.start) / values);
    if (repetitions < wanted) size.came(values >= repetitions * cursors.length);
  }
  return {
    tables: walk.tables.map(({ rows }) => ({ rows, problem: walk.problem })),
    scalars: walk.scalars,
  };
}

interface Table {
  readonly width: number;
  readonly rows: WalkRow[];
  byIndex: Map<string, number> | null;
}

/** The state of one walk. */
class Walk {
  active: Column[];
  readonly tables: readonly Table[];
  problem: string | null = null;
  private readonly rowLimit: number;

  /** Scalars not yet answered, to be asked with the next request. */
  pending: readonly OidBytes[];
  readonly scalars: SnmpValue[];

  constructor(tables: readonly (readonly OidBytes[])[], rowLimit: number, scalars: readonly OidBytes[]) {
    this.pending = scalars;
    this.scalars = scalars.map(() => undefined);
    this.rowLimit = rowLimit;
    this.tables = tables.map((columns) => ({ width: columns.length, rows: [], byIndex: null }));
    this.active = this.tables.flatMap((table, i) =>
      (tables[i] ?? []).map((prefix, position) => ({ table, position, prefix, cursor: prefix, nextRow: 0 })),
    );
  }

  /** Rows of the longest table so far. */
  get length(): number {
    let most = 0;
    for (const { rows } of this.tables) most = Math.max(most, rows.length);
    return most;
  }

  /** The device refused the request as a whole: the column it names has ended; without a name, stop. */
  refused(reply: Reply): void {
    // Whatever it was, the scalars are asked for in another way.
    this.pending = [];
    const named = this.active[reply.errorIndex - 1];
    if (named) this.active = this.active.filter((column) => column !== named);
    else if (this.active.length > 1) this.active = this.active.slice(0, this.active.length >> 1);
    else this.active = [];
    if (reply.errorStatus !== errorStatus.noSuchName)
      this.problem ??= this.active.length === 0 ? `the device reports error ${reply.errorStatus}` : null;
  }

  /** Takes the values of one reply; returns how many varbinds it held. */
  take(reply: Reply): number {
    const { bytes } = reply;
    const columns = this.active;
    const ended = new Set<Column>();
    const varbinds = new VarBinds(reply);
    let count = 0;
    let progress = false;
    const asked = this.pending;
    this.pending = [];
    try {
      for (let i = 0; i < asked.length && varbinds.next(); i++) {
        const { oidStart, oidEnd } = varbinds;
        const oid = asked[i];
        if (oid && compareOids(bytes, oidStart, oidEnd, oid, 0, oid.length) === 0)
          this.scalars[i] = decodeValue(bytes, varbinds.tag, varbinds.start, varbinds.end);
      }
      while (varbinds.next()) {
        const column = columns[count % columns.length];
        count++;
        if (!column || ended.has(column)) continue;
        const { oidStart, oidEnd, tag } = varbinds;
        if (
          tag === 0x80 ||
          tag === 0x81 ||
          tag === 0x82 ||
          !isBelow(column.prefix, bytes, oidStart, oidEnd)
        ) {
          ended.add(column);
          continue;
        }
        if (compareOids(bytes, oidStart, oidEnd, column.cursor, 0, column.cursor.length) <= 0) {
          this.problem = 'the device answers in a circle: an OID does not increase';
          ended.add(column);
          continue;
        }
        column.cursor = bytes.subarray(oidStart, oidEnd);
        progress = true;
        const row = this.rowOf(column, bytes, oidStart + column.prefix.length, oidEnd);
        if (!row) {
          this.problem = `more than ${this.rowLimit} rows`;
          break;
        }
        row.values[column.position] = decodeValue(bytes, tag, varbinds.start, varbinds.end);
      }
    } catch (error) {
      if (!(error instanceof BerError)) throw error;
      // The reply is broken from here on. What came before is good; the next request goes on behind it.
    }
    if (ended.size > 0) this.active = columns.filter((column) => !ended.has(column));
    else if (!progress) this.problem ??= 'the device answers without values';
    return count;
  }

  private rowOf(column: Column, bytes: Uint8Array, start: number, end: number): WalkRow | undefined {
    const { table } = column;
    const expected = table.rows[column.nextRow];
    if (expected && sameBytes(expected.suffix, bytes, start, end)) {
      column.nextRow++;
      return expected;
    }
    const index = decodeIndex(bytes, start, end);
    const last = table.rows.length;
    // The common case of the first column: rows come in order, so a row that is behind all others is new.
    if (!table.byIndex && column.nextRow < last)
      table.byIndex = new Map(table.rows.map((row, position) => [row.index, position]));
    const known = table.byIndex?.get(index);
    if (known !== undefined) {
      column.nextRow = known + 1;
      return table.rows[known];
    }
    if (last >= this.rowLimit) return undefined;
    const row: WalkRow = {
      index,
      suffix: bytes.subarray(start, end),
      values: new Array<SnmpValue>(table.width).fill(undefined),
    };
    table.rows.push(row);
    table.byIndex?.set(index, last);
    column.nextRow = last + 1;
    return row;
  }
}

function sameBytes(expected: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (expected.length !== end - start) return false;
  for (let i = expected.length - 1; i >= 0; i--) if (expected[i] !== bytes[start + i]) return false;
  return true;
}
