import type { RecordKind, SearchReply } from '@rackhaus/config/contract';
import { allWithin, idsWithin, type Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { searchKey } from '../search-key.ts';
import { describe } from './describe.ts';
import { type Found, limit } from './found.ts';
import { type FindNames, type NamedKind, namedKinds, rankOf, type SearchNames } from './names.ts';
import { searchPorts } from './ports.ts';
import { findTerms } from './terms.ts';

/** Terms may all belong to a few records, so more are read than are shown. */
const termLimit = 60;
/** Many of them may be of sites that whoever asks is not for. */
const termLimitWithin = 2000;

/** In this order when they match equally well. */
const order: readonly Found['kind'][] = [
  'device',
  'room',
  'rack',
  'outlet',
  'port',
  'link',
  'service',
  'address',
  'vlan',
  'prefix',
  'contract',
  'spare-part',
];

/** Finds anything by what people know of it. */
export class Search {
  readonly #db: Database;
  readonly #names: SearchNames;

  constructor(options: { db: Database; names: SearchNames }) {
    this.#db = options.db;
    this.#names = options.names;
  }

  /**
   * Devices, racks, rooms and outlets by a part of their name; links, addresses, serial numbers, persons and other words by
   * their beginning; ports by `<device> <port>`, `<device>:<port>`, their name or MAC. Best first: equal, then beginning
   * with it, then containing it. `reach`: nothing of other sites.
   */
  async find(query: string, reach: Reach | null = null): Promise<SearchReply> {
    const wanted = searchKey(query);
    if (wanted === '') return { results: [] };
    const named = new Map<NamedKind, readonly { readonly id: number; readonly key: string }[]>();
    const names = await namesWithin(this.#db, this.#names, reach);
    for (const kind of namedKinds) named.set(kind, await names(kind, wanted, limit));
    const owners = [...(named.get('device') ?? []), ...(named.get('outlet') ?? [])];
    // "core-1" is a device, not port 1 of "core".
    const isName = owners.some((owner) => owner.key.startsWith(wanted));
    const ports = await searchPorts(this.#db, names, wanted, { dashSeparates: !isName, reach });
    const found = new Map(ports.map((port) => [`port/${port.id}`, port]));
    const add = async (kind: RecordKind, hits: readonly { id: number; key: string; matched?: string }[]) => {
      const shown = await within(this.#db, reach, kind, hits);
      for (const result of await describe(this.#db, kind, shown)) {
        const key = `${result.kind}/${result.id}`;
        if (!found.has(key)) found.set(key, result);
      }
    };
    for (const [kind, hits] of named) await add(kind, hits);
    const terms = await findTerms(this.#db, wanted, reach === null ? termLimit : termLimitWithin);
    for (const [kind, hits] of Map.groupBy(terms, (term) => term.kind))
      await add(
        kind,
        (await within(this.#db, reach, kind, hits))
          .slice(0, limit)
          .map(({ id, term }) => ({ id, key: term, matched: term })),
      );
    const results = [...found.values()].toSorted(
      (a, b) =>
        weight(a, wanted) - weight(b, wanted) ||
        order.indexOf(a.kind) - order.indexOf(b.kind) ||
        a.name.localeCompare(b.name, 'de', { numeric: true }),
    );
    return { results: results.slice(0, limit).map(({ key: _, ...result }) => result) };
  }
}

async function within<T extends { readonly id: number }>(
  db: Database,
  reach: Reach | null,
  kind: RecordKind,
  hits: readonly T[],
): Promise<readonly T[]> {
  if (reach === null) return hits;
  const ids = await idsWithin(
    db,
    kind,
    hits.map(({ id }) => id),
    reach,
  );
  return hits.filter(({ id }) => ids.has(id));
}

/** Finds names of what is within reach. */
async function namesWithin(db: Database, names: SearchNames, reach: Reach | null): Promise<FindNames> {
  if (reach === null) return (kind, wanted, most) => names.find(kind, wanted, most);
  const own = new Map<NamedKind, ReadonlySet<number>>();
  for (const kind of namedKinds) own.set(kind, await allWithin(db, kind, reach));
  return (kind, wanted, most) => names.find(kind, wanted, most, own.get(kind) ?? new Set());
}

/** Names come before what is found by something else: who types "Bürgerbüro" means the room, not what it answers for. */
function weight({ key, matched }: Found, wanted: string): number {
  const rank = rankOf(key, wanted);
  return matched === undefined ? rank : 3 + rank;
}
