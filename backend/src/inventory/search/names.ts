import type { Database } from '../../database/tables.ts';
import type { InventoryEvents } from '../events.ts';

export const namedKinds = ['device', 'outlet', 'rack', 'room'] as const;
export type NamedKind = (typeof namedKinds)[number];
const tables = { device: 'devices', outlet: 'outlets', rack: 'racks', room: 'rooms' } as const;

export interface Named {
  readonly id: number;
  readonly key: string;
}

/** Finds names of one kind; see {@link SearchNames.find}. */
export type FindNames = (kind: NamedKind, wanted: string, limit: number) => Promise<Named[]>;

/** Above this many changed names all of a kind are read again. */
const singlyRead = 1000;

/**
 * The names of devices, outlets, racks and rooms, in memory: looking at each of a hundred thousand for a part of a name
 * takes a few milliseconds here, and many times that in the database.
 */
export class SearchNames {
  readonly #db: Database;
  readonly #names = new Map<NamedKind, Map<number, string>>();
  readonly #stale = new Map<NamedKind, Set<number>>();
  readonly #stop: () => void;

  constructor(options: { db: Database; events: InventoryEvents }) {
    this.#db = options.db;
    this.#stop = options.events.onChange(({ objects, everything }) => {
      if (everything) {
        this.#names.clear();
        this.#stale.clear();
      }
      for (const { kind, id } of objects) {
        const named = namedKinds.find((each) => each === kind);
        if (named === undefined) continue;
        const ids = this.#stale.get(named) ?? new Set();
        ids.add(id);
        this.#stale.set(named, ids);
      }
    });
  }

  /** Ends following the inventory. */
  close(): void {
    this.#stop();
  }

  /** Those that contain `wanted`, best first: equal, beginning with it, containing it; then the shortest. `only`: of these. */
  async find(
    kind: NamedKind,
    wanted: string,
    limit: number,
    only: ReadonlySet<number> | null = null,
  ): Promise<Named[]> {
    const names = await this.#current(kind);
    const best: Named[] = [];
    for (const [id, key] of names) {
      if (!key.includes(wanted) || only?.has(id) === false) continue;
      const named = { id, key };
      if (best.length === limit && compare(named, best[limit - 1] ?? named, wanted) >= 0) continue;
      let at = best.length;
      while (at > 0 && compare(named, best[at - 1] ?? named, wanted) < 0) at--;
      best.splice(at, 0, named);
      if (best.length > limit) best.pop();
    }
    return best;
  }

  async #current(kind: NamedKind): Promise<ReadonlyMap<number, string>> {
    const known = this.#names.get(kind);
    const stale = this.#stale.get(kind);
    if (known !== undefined && stale === undefined) return known;
    // Taken before reading: what changes meanwhile is noted anew.
    this.#stale.delete(kind);
    const query = this.#db.selectFrom(tables[kind]).select(['id', 'search_key']);
    if (known === undefined || stale === undefined || stale.size > singlyRead) {
      const all = new Map((await query.execute()).map((row) => [row.id, row.search_key]));
      this.#names.set(kind, all);
      return all;
    }
    const rows = await query.where('id', 'in', [...stale]).execute();
    for (const id of stale) known.delete(id);
    for (const row of rows) known.set(row.id, row.search_key);
    return known;
  }
}

function compare(a: Named, b: Named, wanted: string): number {
  return (
    rankOf(a.key, wanted) - rankOf(b.key, wanted) ||
    a.key.length - b.key.length ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  );
}

/** 0: it is that. 1: it begins with it. 2: it contains it, or was found by something else. */
export function rankOf(key: string, wanted: string): number {
  return key === wanted ? 0 : key.startsWith(wanted) ? 1 : 2;
}
