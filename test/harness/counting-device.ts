import { LiveStore, SnmpResponder, snmpValue } from '@rackhaus/agents/simulator';
import type { SeriesReply } from '@rackhaus/config/contract';

export interface CountingDevice {
  readonly port: number;
  /** How often it was polled. */
  polls(): number;
  close(): Promise<void>;
}

/** What belongs to one poll is asked within this time; polls are further apart. Of two that are not, both read the same. */
export const onePollMs = 200;

/**
 * A host whose load average says how often it was polled: so each poll has a value of its own, and a missing one shows.
 * @param first what it counts from
 */
export async function startCountingDevice(first = 0, port = 0): Promise<CountingDevice> {
  let count = first;
  let countedAt = Number.NEGATIVE_INFINITY;
  const load = () => {
    const now = performance.now();
    if (now - countedAt > onePollMs) count++;
    countedAt = now;
    return snmpValue.integer(count);
  };
  const startedAt = performance.now();
  const responder = new SnmpResponder({
    community: 'public',
    store: new LiveStore([
      { oid: '1.3.6.1.2.1.1.1.0', value: snmpValue.octets('Linux zaehler 6.1.0') },
      { oid: '1.3.6.1.2.1.1.2.0', value: snmpValue.objectId('1.3.6.1.4.1.8072.3.2.10') },
      {
        oid: '1.3.6.1.2.1.1.3.0',
        value: () => snmpValue.timeTicks((performance.now() - startedAt) / 10),
      },
      { oid: '1.3.6.1.2.1.1.5.0', value: snmpValue.octets('zaehler') },
      // UCD-SNMP-MIB laLoadInt.1: a hundred times the load
      { oid: '1.3.6.1.4.1.2021.10.1.5.1', value: load },
    ]),
  });
  const bound = await responder.listen('127.0.0.1', port);
  return { port: bound.port, polls: () => count, close: () => responder.close() };
}

interface Bucket {
  readonly first: number;
  readonly last: number;
  readonly mean: number;
}

/** What a series of that load says of the polls. */
export interface PollsSeen {
  /** Number of the first and of the last poll that was stored; 0 when there is none. */
  readonly first: number;
  readonly last: number;
  /** Number of the poll before each place where some are missing, and how many they are. */
  readonly missing: readonly { readonly after: number; readonly count: number }[];
  /** Polls that count twice. */
  readonly twice: readonly number[];
  /** Most buckets in a row without a value. */
  readonly longestGap: number;
}

/** @param from number of the poll to begin with: while a device is found out about, it is asked for more than one */
export function pollsSeen(reply: SeriesReply, from = 1): PollsSeen {
  const column = reply.series[0];
  const buckets: Bucket[] = [];
  let gap = 0;
  let longestGap = 0;
  for (const [index, mean] of (column?.mean ?? []).entries()) {
    const [first, last] = [hundredfold(column?.min[index]), hundredfold(column?.max[index])];
    const before = buckets.at(-1);
    if (mean === null || first === null || last === null) {
      gap++;
      continue;
    }
    // Where a poll was a moment late an empty bucket shows the one before.
    if (last < from || (before && last <= before.last)) continue;
    if (before) longestGap = Math.max(longestGap, gap);
    gap = 0;
    buckets.push({ first, last, mean: mean * 100 });
  }
  const missing = buckets.flatMap((bucket, index) => {
    const before = buckets[index - 1];
    const count = before ? bucket.first - before.last - 1 : 0;
    return before && count > 0 ? [{ after: before.last, count }] : [];
  });
  const twice = buckets
    .filter(({ first, last, mean }) => last - first === 1 && Math.abs(mean - (first + last) / 2) > 0.1)
    .map(({ first }) => first);
  return { first: buckets[0]?.first ?? 0, last: buckets.at(-1)?.last ?? 0, missing, twice, longestGap };
}

function hundredfold(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Math.round(value * 100);
}
