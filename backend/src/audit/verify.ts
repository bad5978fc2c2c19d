import { setImmediate } from 'node:timers/promises';
import type { Database } from '../database/tables.ts';
import {
  beginning,
  commitment,
  gapMac,
  type LogRow,
  type PeopleRow,
  pseudonymMac,
  rowHash,
} from './chain.ts';
import type { Head } from './head.ts';

export type Verified =
  | { readonly intact: true; readonly rows: number; readonly last: number; readonly deleted: number }
  | {
      readonly intact: false;
      readonly rows: number;
      /** The first row that is not as it was written, and when it says that it was; null: it is missing. */
      readonly number: number;
      readonly time: number | null;
      readonly why: Broken;
    };
/** `changed`: content or hash; `missing`: a number is not there; `people`: who it was; `cut`: rows at the end are gone. */
export type Broken = 'changed' | 'missing' | 'people' | 'cut';

const slice = 500;

/**
 * Walks the whole chain, in slices between which others have their turn. `head`: how far the log has been by a file outside the
 * database; without it, rows cut off at the end are not noticed.
 */
export async function verifyLog(options: {
  db: Database;
  key: Buffer;
  head: Head | null;
  onRows?: (rows: number) => void;
}): Promise<Verified> {
  const { db, key, head } = options;
  let before = beginning;
  let next = 1;
  let rows = 0;
  let deleted = 0;
  let atHead = head === null || head.number === 0;
  const broken = (number: number, why: Broken, time: number | null = null): Verified => ({
    intact: false,
    rows,
    number,
    time,
    why,
  });
  for (;;) {
    const found = await readSlice(db, next);
    if (found.length === 0) {
      const gap = await gapAt(db, next);
      if (gap === undefined) break;
      found.length = 0;
    }
    let progress = false;
    for (const { log, people } of found) {
      if (log.number !== next) break;
      if (rowHash(key, log, before) !== log.hash) return broken(log.number, 'changed', log.time);
      if (!peopleHold(key, log, people)) return broken(log.number, 'people', log.time);
      before = log.hash;
      if (head?.number === log.number) {
        if (head.hash !== log.hash) return broken(log.number, 'changed', log.time);
        atHead = true;
      }
      next += 1;
      rows += 1;
      progress = true;
    }
    options.onRows?.(rows);
    await setImmediate();
    if (progress && found.at(-1)?.log.number === next - 1) continue;
    // The next number is not there: retention has taken it out, or somebody else.
    const gap = await gapAt(db, next);
    if (gap === undefined) return broken(next, 'missing');
    const begins = gap.first === next ? gap.hash_before === before : gap.first < next;
    if (!begins || gapMac(key, gap) !== gap.mac) return broken(next, 'missing');
    deleted += gap.last - next + 1;
    if (head !== null && head.number >= next && head.number <= gap.last) atHead = true;
    before = gap.hash_last;
    next = gap.last + 1;
  }
  if (!atHead) return broken(next, 'cut');
  return { intact: true, rows, last: next - 1, deleted };
}

interface Found {
  readonly log: LogRow;
  readonly people: PeopleRow | undefined;
}

async function readSlice(db: Database, from: number): Promise<Found[]> {
  const logs = await db
    .selectFrom('audit_log')
    .selectAll()
    .where('number', '>=', from)
    .orderBy('number')
    .limit(slice)
    .execute();
  const last = logs.at(-1);
  if (last === undefined) return [];
  const people = await db
    .selectFrom('audit_people')
    .selectAll()
    .where('number', '>=', from)
    .where('number', '<=', last.number)
    .execute();
  const byNumber = new Map(people.map((row) => [row.number, row]));
  return logs.map((log) => ({ log, people: byNumber.get(log.number) }));
}

function gapAt(db: Database, number: number) {
  return db
    .selectFrom('audit_gaps')
    .selectAll()
    .where('first', '<=', number)
    .where('last', '>=', number)
    .orderBy('last', 'desc')
    .executeTakeFirst();
}

function peopleHold(key: Buffer, log: LogRow, people: PeopleRow | undefined): boolean {
  if (people === undefined) return false;
  const { salt } = people;
  return salt === null
    ? pseudonymMac(key, people) === people.mac
    : commitment({ ...people, salt }) === log.people;
}
