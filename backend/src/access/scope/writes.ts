import type { RecordKind } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import type { Change } from '../../history/change.ts';
import { Rows } from '../../history/rows.ts';
import type { Row, StoredRow, Touched } from '../../history/spec.ts';
import { recordSpecs } from '../../inventory/records/index.ts';
import { AppError } from '../../problem.ts';
import { inReach, type Reach, tableOf } from './in-sites.ts';
import { places } from './places.ts';
import { type Records, SitesOf } from './sites-of.ts';

/** Kinds whose records are found by what is in them: judged as they are when the change is done. */
const judgedAfter: ReadonlySet<RecordKind> = new Set(['order', 'order-item', 'order-step']);

/**
 * Refuses a change that touches what is out of reach: each row has to be in the sites as it was and as it is. A cable between two
 * sites may be written from either. What is of no site (types, contracts of other devices, plans of on-call duty) is refused, but for
 * one's own saved views and for files that are uploaded.
 * @throws AppError forbidden that names the record; the change is not committed then
 */
export async function refuseOutOfReach(change: Change, reach: Reach, unfinished = false): Promise<void> {
  const before = new SitesOf({ records: recordsBefore(change) });
  const after = new SitesOf({ records: recordsAfter(change) });
  for (const [kind, touched] of change.touched) {
    if (kind === 'saved-view') continue;
    if (judgedAfter.has(kind)) {
      await refuseOrders(change, kind, touched, reach);
      continue;
    }
    const was = await sitesBeside(kind, touched, ({ before }) => before, before);
    const is = await sitesBeside(kind, touched, ({ after }) => after, after);
    for (const each of touched) {
      // A file is attached to something only after it is there.
      if (kind === 'document' && each.before === null) continue;
      const sides = [was.get(each), is.get(each)]
        .filter((sites) => sites !== undefined)
        .filter((sites) => !unfinished || sites.size > 0);
      if (unfinished && sides.length === 0) continue;
      if (!mayWrite(kind, sides, reach)) throw outOfReach(kind, (each.before ?? each.after)?.id ?? 0);
    }
  }
}

/** The sites of one side of each row that has it. */
async function sitesBeside(
  kind: RecordKind,
  touched: readonly Touched[],
  side: (touched: Touched) => StoredRow | null,
  sitesOf: SitesOf,
): Promise<Map<Touched, ReadonlySet<number>>> {
  const there = touched.flatMap((each) => {
    const row = side(each);
    return row === null ? [] : [{ each, row }];
  });
  const sites = await sitesOf.rows(
    kind,
    there.map(({ row }) => row),
  );
  return new Map(there.map(({ each }, index) => [each, sites[index] ?? new Set()]));
}

function mayWrite(kind: RecordKind, sides: readonly ReadonlySet<number>[], reach: Reach): boolean {
  const isOwn = (site: number) => reach.sites.has(site);
  if (places[kind]?.between !== true)
    return sides.every((sites) => sites.size > 0 && [...sites].every(isOwn));
  // A cord that is pulled out is nowhere then, and one that is plugged in has been nowhere.
  const somewhere = sides.filter((sites) => sites.size > 0);
  return somewhere.length > 0 && somewhere.every((sites) => [...sites].some(isOwn));
}

/** Says which record by its number: its name may be what somebody is not to know. */
export function outOfReach(kind: string, id: number): AppError {
  return new AppError(
    'forbidden',
    `The ${kind} ${id} is not in the sites that your account is for.`,
    undefined,
    { reason: 'other-site' },
  );
}

async function refuseOrders(
  change: Change,
  kind: RecordKind,
  touched: readonly Touched[],
  reach: Reach,
): Promise<void> {
  const ids = [
    ...new Set(
      touched.map(({ before, after }) => {
        const row = after ?? before;
        return Number((kind === 'order' ? row?.id : row?.order_id) ?? 0);
      }),
    ),
  ];
  const { rows } = await sql<{ id: number }>`select id from ${sql.table(tableOf('order'))}
    where id in (select value from json_each(${JSON.stringify(ids)})) and not ${inReach('order', reach)} limit 1`.execute(
    change.tx,
  );
  const [row] = rows;
  if (row !== undefined) throw outOfReach('order', row.id);
}

/** The records as a change leaves them. */
export function recordsAfter(change: Change): Records {
  const rows = new Rows(change.tx);
  return {
    byIds: (kind, ids) => rows.byIds(tableOf(kind), ids),
    naming: (table, column, ids) => rows.byIds(table, ids, column),
  };
}

/** What was there before: what the change has not touched is there still, and what it has touched is known. */
export function recordsBefore(change: Change): Records {
  const now = recordsAfter(change);
  const first = new Map<string, Map<number, StoredRow | null>>();
  for (const [kind, touched] of change.touched) {
    const rows = new Map<number, StoredRow | null>();
    for (const { before, after } of touched) {
      const id = (before ?? after)?.id;
      if (id !== undefined && !rows.has(id)) rows.set(id, before);
    }
    first.set(recordSpecs.get(kind)?.table ?? '', rows);
  }
  const restored = <T extends Row>(
    table: string,
    found: readonly T[],
    isWanted: (row: StoredRow) => boolean,
  ): (T | StoredRow)[] => {
    const known = first.get(table);
    if (known === undefined) return [...found];
    const untouched = found.filter((row) => !known.has(Number(row.id)));
    return [...untouched, ...[...known.values()].filter((row) => row !== null).filter(isWanted)];
  };
  return {
    async byIds(kind, ids) {
      const wanted = new Set(ids);
      return restored(tableOf(kind), await now.byIds(kind, ids), (row) => wanted.has(row.id));
    },
    async naming(table, column, ids) {
      const wanted = new Set<unknown>(ids);
      return restored(table, await now.naming(table, column, ids), (row) => wanted.has(row[column]));
    },
  };
}
