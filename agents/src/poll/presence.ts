import { BerError } from '../snmp/ber.ts';
import { errorStatus, VarBinds } from '../snmp/message.ts';
import { compareOids, decodeOid, encodeOid, isBelow, type OidBytes } from '../snmp/oid.ts';
import type { SnmpSession } from '../snmp/session.ts';
import type { Plan } from './plan.ts';

/** Entries per GETNEXT: an answer of short values stays within one frame. */
const entriesPerRequest = 24;

/**
 * Which tables a device does not have, asked for many at once: GETNEXT of a table's entry gives something below it exactly
 * where the table has anything. A family's profile names dozens of tables that most of its devices lack, and a walk
 * costs a request to find nothing.
 */
export class Presence {
  private absent: ReadonlySet<string> = new Set();

  /** Whether a table with these columns need not be asked for. */
  lacks(columns: readonly OidBytes[]): boolean {
    return columns.length > 0 && columns.every((column) => this.absent.has(decodeOid(entryOf(column))));
  }

  /** Nothing is known any more: all are asked for. */
  forget(): void {
    this.absent = new Set();
  }

  /** @throws SnmpError when the device does not answer to this. */
  async look(session: SnmpSession, entries: readonly OidBytes[]): Promise<void> {
    this.forget();
    const absent = new Set<string>();
    for (let i = 0; i < entries.length; i += entriesPerRequest) {
      const asked = entries.slice(i, i + entriesPerRequest);
      const there = await areThere(session, asked);
      asked.forEach((entry, at) => {
        if (there[at] === false) absent.add(decodeOid(entry));
      });
    }
    this.absent = absent;
  }
}

const entries = new WeakMap<Plan, readonly OidBytes[]>();

/** Entries of all tables that a plan asks for, in order; of a table its columns are below. */
export function entriesOf(plan: Plan): readonly OidBytes[] {
  const known = entries.get(plan);
  if (known) return known;
  const columns = [
    ...plan.parts.flatMap(({ tables }) => tables.flatMap((table) => table.columns.map(({ oid }) => oid))),
    ...[
      ...plan.neighbours.flatMap(({ remote, addresses }) => [...Object.values(remote), ...addresses]),
      ...plan.vlans.flatMap(({ name, number }) => [name, number]),
      ...plan.partSources.flatMap((source) => Object.values(source.columns)),
      ...plan.profile.parts.flatMap(({ identity }) =>
        Object.values(identity).flatMap((sources) =>
          sources.flatMap((source) => ('column' in source ? [source.column] : [])),
        ),
      ),
    ].flatMap((text) => (text === undefined || !text.includes('.') ? [] : [encodeOid(text)])),
  ].map(entryOf);
  const found = [...new Map(columns.map((entry) => [entry.join('.'), entry])).values()].sort((a, b) =>
    compareOids(a, 0, a.length, b, 0, b.length),
  );
  entries.set(plan, found);
  return found;
}

/** The OID without its last number. */
function entryOf(column: OidBytes): OidBytes {
  let end = column.length - 1;
  while (end > 0 && ((column[end - 1] ?? 0) & 0x80) !== 0) end--;
  return column.subarray(0, end);
}

/** Of each, in ascending order: whether there is anything below it; undefined: cannot be said. */
async function areThere(
  session: SnmpSession,
  asked: readonly OidBytes[],
): Promise<readonly (boolean | undefined)[]> {
  const reply = await session.request('next', asked, { tries: 2 });
  if (reply.errorStatus === errorStatus.noSuchName && session.version === '1') {
    // v1: what comes after the device's last object is an error of the whole request, and so is all behind it.
    const end = reply.errorIndex - 1;
    if (end < 0 || end >= asked.length) return [];
    const before = end === 0 ? [] : await areThere(session, asked.slice(0, end));
    return asked.map((_, i) => (i < end ? before[i] : false));
  }
  if (reply.errorStatus !== errorStatus.none) {
    if (asked.length === 1) return [undefined];
    const middle = asked.length >> 1;
    return [
      ...padded(await areThere(session, asked.slice(0, middle)), middle),
      ...(await areThere(session, asked.slice(middle))),
    ];
  }
  const there: (boolean | undefined)[] = [];
  const varbinds = new VarBinds(reply);
  try {
    for (const entry of asked) {
      if (!varbinds.next()) break;
      const { oidStart, oidEnd } = varbinds;
      // A name that is not behind the one asked is nonsense.
      if (compareOids(entry, 0, entry.length, reply.bytes, oidStart, oidEnd) > 0) there.push(undefined);
      else there.push(varbinds.tag < 0x80 && isBelow(entry, reply.bytes, oidStart, oidEnd));
    }
  } catch (error) {
    if (!(error instanceof BerError)) throw error;
    // Unreadable from here on, which says nothing of the rest.
  }
  return there;
}

function padded(list: readonly (boolean | undefined)[], length: number): (boolean | undefined)[] {
  return Array.from({ length }, (_, i) => list[i]);
}
