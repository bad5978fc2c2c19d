import { BerError } from './ber.ts';
import { decodeValue, type SnmpValue } from './decode.ts';
import { SnmpError } from './error.ts';
import { errorStatus, type Reply, VarBinds } from './message.ts';
import { compareOids, isBelow, type OidBytes } from './oid.ts';
import { PlainRows } from './plain-rows.ts';
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

/** Where a walk puts the values of one table. */
export interface RowSink {
  /** Rows that this walk has met. */
  readonly length: number;
  /** The number of the row whose index is `bytes[start, end)`; `expected` is a guess. -1: that would be more than `limit`. */
  row(expected: number, bytes: Uint8Array, start: number, end: number, limit: number): number;
  /** Takes one value; `position` is that of its column among those asked. The octets are only lent. */
  put(row: number, position: number, bytes: Uint8Array, tag: number, start: number, end: number): void;
}

export interface WalkTarget {
  readonly columns: readonly OidBytes[];
  readonly sink: RowSink;
}

/** How long a value is in the answers of one device to one kind of request; kept from walk to walk by who asks. */
export interface ValueBytes {
  estimate: number;
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
  readonly valueBytes?: ValueBytes;
}

interface Column {
  readonly sink: RowSink;
  readonly position: number;
  readonly prefix: OidBytes;
  /** OID to go on from, within the reply that held it. */
  bytes: Uint8Array;
  start: number;
  end: number;
  /** Which row its next value probably belongs to. */
  nextRow: number;
}

/** Of a value with its name; a guess until the first answer. */
export const guessedBytesPerValue = 24;
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
  const sinks = tables.map((columns) => new PlainRows(columns.length));
  const { problem, scalars } = await walkInto(
    session,
    size,
    tables.map((columns, i) => ({ columns, sink: sinks[i] ?? new PlainRows(columns.length) })),
    limits,
  );
  return { tables: sinks.map(({ rows }) => ({ rows, problem })), scalars };
}

/**
 * The same, into places that the caller keeps.
 * @throws SnmpError when the device does not answer at all.
 */
export async function walkInto(
  session: Asking,
  size: ReplySize,
  targets: readonly WalkTarget[],
  limits: WalkLimits,
): Promise<{ readonly problem: string | null; readonly scalars: SnmpValue[] }> {
  const walk = new Walk(targets, limits.rows, session.version === '1' ? [] : (limits.scalars ?? []));
  const valueBytes = limits.valueBytes ?? { estimate: guessedBytesPerValue };
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
    const perValue = valueBytes.estimate;
    const repetitions = bulk ? Math.min(wanted, size.repetitions(active.length, perValue)) : 1;
    const { pending } = walk;
    const cursors = active.map(cursorOf);
    // GETNEXT of a scalar without its instance gives the instance.
    const first = pending.map((oid) => oid.subarray(0, -1));
    let reply: Reply;
    try {
      reply = await session.request(bulk ? 'bulk' : 'next', [...first, ...cursors], {
        repetitions,
        nonRepeaters: first.length,
        timeoutMs: session.timeoutMs * 2 ** misses,
        expectedBytes: (first.length + cursors.length * repetitions) * perValue,
      });
    } catch (error) {
      if (!(error instanceof SnmpError) || error.code !== 'timeout' || misses + 1 >= (limits.attempts ?? 3))
        throw error;
      misses++;
      session.traffic.retries++;
      size.shrink(active.length, repetitions, perValue);
      continue;
    }
    misses = 0;

    if (reply.errorStatus !== errorStatus.none) {
      if (repetitions > 1 && size.shrink(active.length, repetitions, perValue)) continue;
      walk.refused(reply);
      continue;
    }
    const values = walk.take(reply);
    session.traffic.values += walk.taken;
    if (values > 0) valueBytes.estimate = Math.max(12, (reply.end - reply.start) / (values + first.length));
    if (repetitions < wanted) size.came(values >= repetitions * cursors.length);
  }
  return { problem: walk.problem, scalars: walk.scalars };
}

/** Where the next request goes on from. */
function cursorOf({ bytes, start, end }: Column): OidBytes {
  return start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);
}

/** The state of one walk. */
class Walk {
  active: Column[];
  problem: string | null = null;
  /** Values that the last reply brought. */
  taken = 0;
  private readonly sinks: readonly RowSink[];
  private readonly rowLimit: number;

  /** Scalars not yet answered, to be asked with the next request. */
  pending: readonly OidBytes[];
  readonly scalars: SnmpValue[];

  constructor(targets: readonly WalkTarget[], rowLimit: number, scalars: readonly OidBytes[]) {
    this.pending = scalars;
    this.scalars = scalars.map(() => undefined);
    this.rowLimit = rowLimit;
    this.sinks = targets.map(({ sink }) => sink);
    this.active = [];
    for (const { columns, sink } of targets)
      columns.forEach((prefix, position) => {
        this.active.push({ sink, position, prefix, bytes: prefix, start: 0, end: prefix.length, nextRow: 0 });
      });
  }

  /** Rows of the longest table so far. */
  get length(): number {
    let most = 0;
    for (const { length } of this.sinks) most = Math.max(most, length);
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

  /** Takes the values of one reply; returns how many varbinds it held besides the scalars. */
  take(reply: Reply): number {
    const { bytes } = reply;
    const columns = this.active;
    let ended: Set<Column> | null = null;
    const varbinds = new VarBinds(reply);
    let count = 0;
    let at = 0;
    let progress = false;
    const asked = this.pending;
    this.pending = [];
    this.taken = 0;
    try {
      for (let i = 0; i < asked.length && varbinds.next(); i++) {
        const { oidStart, oidEnd } = varbinds;
        const oid = asked[i];
        if (oid && compareOids(bytes, oidStart, oidEnd, oid, 0, oid.length) === 0) {
          this.scalars[i] = decodeValue(bytes, varbinds.tag, varbinds.start, varbinds.end);
          this.taken++;
        }
      }
      while (varbinds.next()) {
        const column = columns[at];
        count++;
        if (++at === columns.length) at = 0;
        if (!column || ended?.has(column)) continue;
        const { oidStart, oidEnd, tag } = varbinds;
        const { prefix } = column;
        if (tag === 0x80 || tag === 0x81 || tag === 0x82 || !isBelow(prefix, bytes, oidStart, oidEnd)) {
          ended ??= new Set();
          ended.add(column);
          continue;
        }
        const index = oidStart + prefix.length;
        // Both lie below the prefix, so that only what is behind it can differ; the first cursor is the prefix itself.
        if (compareOids(bytes, index, oidEnd, column.bytes, column.start + prefix.length, column.end) <= 0) {
          this.problem = 'the device answers in a circle: an OID does not increase';
          ended ??= new Set();
          ended.add(column);
          continue;
        }
        column.bytes = bytes;
        column.start = oidStart;
        column.end = oidEnd;
        progress = true;
        const row = column.sink.row(column.nextRow, bytes, index, oidEnd, this.rowLimit);
        if (row < 0) {
          this.problem = `more than ${this.rowLimit} rows`;
          break;
        }
        column.nextRow = row + 1;
        this.taken++;
        column.sink.put(row, column.position, bytes, tag, varbinds.start, varbinds.end);
      }
    } catch (error) {
      if (!(error instanceof BerError)) throw error;
      // The reply is broken from here on. What came before is good; the next request goes on behind it.
    }
    if (ended) this.active = columns.filter((column) => !ended.has(column));
    else if (!progress) this.problem ??= 'the device answers without values';
    return count;
  }
}
