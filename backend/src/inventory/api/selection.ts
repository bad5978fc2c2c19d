import type { RecordKind, RecordNames } from '@rackhaus/config/contract';
import { type RawBuilder, sql } from 'kysely';
import { namesWithin } from '../../access/scope/beyond.ts';
import { inReach, reachOf } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { Rows } from '../../history/rows.ts';
import type { StoredRow } from '../../history/spec.ts';
import type { Caller } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import { columnName } from '../records/columns.ts';
import { searchKey } from '../search-key.ts';
import { contains, filterable, filterCondition } from './filters.ts';
import { personOf, specOf } from './kinds.ts';
import { namesOf } from './labels.ts';
import { referencesOf, refFields } from './references.ts';

/** Which records, in which order. */
export interface Selection {
  readonly q?: string | undefined;
  readonly sort?: string | undefined;
  readonly filter: readonly string[];
}

type Sql = RawBuilder<unknown>;

/** One part of the selected records, and how many there are in all. @throws AppError invalid for a filter or order that is none */
export async function selectRecords(
  db: Database,
  kind: RecordKind,
  selection: Selection,
  caller: Caller,
  part: { readonly offset: number; readonly limit: number },
): Promise<{ total: number; rows: StoredRow[] }> {
  const { table } = specOf(kind);
  if (selection.q) {
    // Words are looked for in every row: once, not a second time to count.
    const ids = await selectedIds(db, kind, selection, caller);
    const page = ids.slice(part.offset, part.offset + part.limit);
    const found = new Map((await new Rows(db).byIds(table, page)).map((row) => [row.id, row]));
    return { total: ids.length, rows: page.flatMap((id) => found.get(id) ?? []) };
  }
  const where = condition(kind, selection, caller);
  const counted = await sql<{ total: number }>`select count(*) as total from ${sql.table(table)}
    where ${where}`.execute(db);
  const { rows } = await sql<StoredRow>`select * from ${sql.table(table)} where ${where}
    order by ${order(kind, selection.sort)} limit ${part.limit} offset ${part.offset}`.execute(db);
  return { total: counted.rows[0]?.total ?? 0, rows };
}

/** The ids of all selected records, in their order. */
export async function selectedIds(
  db: Database,
  kind: RecordKind,
  selection: Selection,
  caller: Caller,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from ${sql.table(specOf(kind).table)}
    where ${condition(kind, selection, caller)} order by ${order(kind, selection.sort)}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Names of these records and of all that they refer to, as far as the caller may know them. */
export async function namesAround(
  db: Database,
  kind: RecordKind,
  records: readonly Readonly<Record<string, unknown>>[],
  caller: Caller,
): Promise<RecordNames> {
  const wanted = new Map<RecordKind, Set<number>>();
  const want = (of: RecordKind, id: number) => {
    const ids = wanted.get(of) ?? new Set<number>();
    ids.add(id);
    wanted.set(of, ids);
  };
  for (const record of records) {
    want(kind, Number(record.id));
    for (const { kind: to, id } of referencesOf(kind, record)) want(to, id);
  }
  return namesWithin(db, reachOf(caller), await namesOf(db, wanted));
}

function condition(kind: RecordKind, selection: Selection, caller: Caller): Sql {
  const all = selection.filter.map((filter) => filterCondition(kind, filter));
  for (const word of (selection.q ?? '').split(/\s+/).filter((each) => each !== ''))
    all.push(found(kind, word));
  const reach = reachOf(caller);
  if (reach !== null) all.push(inReach(kind, reach));
  if (kind === 'saved-view') all.push(sql`(owner_id is null or owner_id = ${personOf(caller).userId})`);
  return all.length === 0 ? sql`1 = 1` : sql`${sql.join(all, sql` and `)}`;
}

/** The word is in a text of the record, or in the name of something that its list shows beside it. */
function found(kind: RecordKind, word: string): Sql {
  const ways: Sql[] = [];
  const { columns, table } = specOf(kind);
  const hasKey = columns.includes('search_key');
  if (hasKey) ways.push(inSearchKey(word));
  // Names are in the search key, hashes are in nobody's head, and addresses of hardware are compared without their colons.
  const left = new Set(['hash', 'mac', ...(hasKey ? ['name'] : [])]);
  for (const [field, meta] of filterable(kind))
    if (meta.type === 'text' && !left.has(field)) ways.push(contains(sql.ref(columnName(field)), word));
  if (columns.includes('mac')) {
    const digits = word.toLowerCase().replaceAll(/[:.-]/g, '');
    if (/^[0-9a-f]{4,12}$/.test(digits)) ways.push(contains(sql`replace(mac, ':', '')`, digits));
  }
  if (columns.includes('vid') && /^\d+$/.test(word)) ways.push(sql`vid = ${Number(word)}`);
  if (kind === 'note') ways.push(contains(sql.ref('text'), word));
  if (kind === 'link') ways.push(atEnds(word));
  for (const [field, to] of refFields(kind)) {
    const other = specOf(to);
    const named = searched(to, word);
    if (named !== null && other.table !== table)
      ways.push(
        sql`${sql.ref(columnName(field))} in (select id from ${sql.table(other.table)} where ${named})`,
      );
  }
  return ways.length === 0 ? sql`1 = 0` : sql`(${sql.join(ways, sql` or `)})`;
}

/** A cable is also looked for by the devices and outlets at its ends. */
function atEnds(word: string): Sql {
  const key = inSearchKey(word);
  return sql`id in (select link_id from link_ends where port_id in (select id from ports
    where device_id in (select id from devices where ${key}) or outlet_id in (select id from outlets where ${key})))`;
}

function inSearchKey(word: string): Sql {
  return sql`search_key like ${`%${searchKey(word).replaceAll(/[\\%_]/g, '\\$&')}%`} escape '\\'`;
}

/** By what a record is found from another one. Ports are too many to look through for every list. */
function searched(kind: RecordKind, word: string): Sql | null {
  if (kind === 'port' || kind === 'document' || kind === 'link') return null;
  const { columns } = specOf(kind);
  if (kind === 'device-type') return contains(sql`manufacturer || ' ' || model`, word);
  if (columns.includes('search_key')) return inSearchKey(word);
  return columns.includes('name') ? contains(sql.ref('name'), word) : null;
}

/** By what records of a kind are in order. References go by the name of what they refer to. */
function sortKeys(kind: RecordKind): readonly Sql[] {
  switch (kind) {
    case 'device-type':
      return [sql`lower(manufacturer)`, sql`lower(model)`];
    case 'vlan':
      return [sql.ref('vid')];
    case 'address':
      return [sql.ref('sort_key')];
    case 'prefix':
      return [sql.ref('family'), sql.ref('first'), sql.ref('length')];
    case 'monitoring':
      return [sql.ref('address')];
    case 'document':
      return [sql.ref('hash')];
    default: {
      const { columns } = specOf(kind);
      if (columns.includes('search_key')) return [sql.ref('search_key')];
      return columns.includes('name') ? [sql`lower(name)`] : [sql.ref('id')];
    }
  }
}

function order(kind: RecordKind, sort: string | undefined): Sql {
  const parts: Sql[] = [];
  const words = (sort ?? '').split(',').filter((word) => word !== '');
  for (const word of words) {
    const downwards = word.startsWith('-');
    const field = downwards ? word.slice(1) : word;
    for (const key of keysOf(kind, field))
      parts.push(sql`${key} is null`, downwards ? sql`${key} desc` : key);
  }
  if (words.length === 0) parts.push(...naturalOrder(kind));
  return sql.join([...parts, sql.ref('id')]);
}

/** Without a wish: ports as they are on the device, notes from the newest on, the rest as people ranked it or by name. */
function naturalOrder(kind: RecordKind): readonly Sql[] {
  if (kind === 'note') return [sql`time desc`, sql`id desc`];
  if (kind === 'port') return [sql.ref('device_id'), sql.ref('outlet_id'), sql.ref('rank')];
  return specOf(kind).columns.includes('rank') ? [sql.ref('rank'), ...sortKeys(kind)] : sortKeys(kind);
}

function keysOf(kind: RecordKind, field: string): readonly Sql[] {
  const own = { address: 'address', prefix: 'cidr' }[String(kind)] ?? 'name';
  if (field === own || field === 'name') return sortKeys(kind);
  const ref = refFields(kind).find(([name]) => name === field);
  const column = columnName(field);
  if (ref !== undefined) {
    const { table } = specOf(kind);
    const other = specOf(ref[1]);
    // A table that refers to itself would need another name for one of the two; the order of ids is good enough there.
    if (other.table === table) return [sql.ref(column)];
    return sortKeys(ref[1]).map(
      (key) =>
        sql`(select ${key} from ${sql.table(other.table)} as far where far.id = ${sql.ref(`${table}.${column}`)})`,
    );
  }
  const meta = filterable(kind).get(field);
  if (meta === undefined || meta.type === 'json')
    throw new AppError('invalid', `It cannot be sorted by "${field}".`, [
      { path: 'sort', message: `must be one of name, ${[...filterable(kind).keys()].join(', ')}` },
    ]);
  return [meta.type === 'text' ? sql`lower(${sql.ref(column)})` : sql.ref(column)];
}
