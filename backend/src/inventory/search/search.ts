import type { RecordKind, SearchReply } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { searchKey } from '../search-key.ts';
import { describe } from './describe.ts';
import { type Found, limit } from './found.ts';
import { type NamedKind, namedKinds, rankOf, type SearchNames } from './names.ts';
import { searchPorts } from './ports.ts';
import { findTerms } from './terms.ts';

/** Terms may all belong to a few records, so more are read than are shown. */
const termLimit = 60;

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
   * with it, then containing it.
   */
  async find(query: string): Promise<SearchReply> {
    const wanted = searchKey(query);
    if (wanted === '') return { results: [] };
    const named = new Map<NamedKind, readonly { readonly id: number; readonly key: string }[]>();
    for (const kind of namedKinds) named.set(kind, await this.#names.find(kind, wanted, limit));
    const owners = [...(named.get('device') ?? []), ...(named.get('outlet') ?? [])];
    // "core-1" is a device, not port 1 of "core".
    const isName = owners.some((owner) => owner.key.startsWith(wanted));
    const ports = await searchPorts(this.#db, this.#names, wanted, { dashSeparates: !isName });
    const found = new Map(ports.map((port) => [`port/${port.id}`, port]));
    const add = async (kind: RecordKind, hits: readonly { id: number; key: string; matched?: string }[]) => {
      for (const result of await describe(this.#db, kind, hits)) {
        const key = `${result.kind}/${result.id}`;
        if (!found.has(key)) found.set(key, result);
      }
    };
    for (const [kind, hits] of named) await add(kind, hits);
    const terms = await findTerms(this.#db, wanted, termLimit);
    for (const [kind, hits] of Map.groupBy(terms, (term) => term.kind))
      await add(
        kind,
        hits.slice(0, limit).map(({ id, term }) => ({ id, key: term, matched: term })),
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

/** Names come before what is found by something else: who types "Bürgerbüro" means the room, not what it answers for. */
function weight({ key, matched }: Found, wanted: string): number {
  const rank = rankOf(key, wanted);
  return matched === undefined ? rank : 3 + rank;
}
