import { RecordKind } from '@rackhaus/config/contract';
import type { DbValue, Row, StoredRow } from '../../history/spec.ts';
import { ofNoSite, places, type Way } from './places.ts';

/** The records at one time: as they were before a change, or as they are after it. */
export interface Records {
  byIds(kind: RecordKind, ids: readonly number[]): Promise<readonly StoredRow[]>;
  /** Rows of a table whose column holds one of these. */
  naming(table: string, column: string, ids: readonly number[]): Promise<readonly Row[]>;
}

type Wanted = { readonly kind: RecordKind; readonly id: number };

/** Finds the sites in which rows are, at one time. Remembers what it has read. */
export class SitesOf {
  readonly #records: Records;
  readonly #known = new Map<string, ReadonlySet<number>>();

  constructor(options: { records: Records }) {
    this.#records = options.records;
  }

  /** The sites of each row, in their order; none: it is nowhere. */
  async rows(kind: RecordKind, rows: readonly StoredRow[]): Promise<ReadonlySet<number>[]> {
    const leads = await this.#leads(kind, rows);
    await this.#learn(leads.flat());
    return leads.map((of, index) =>
      kind === 'site' ? new Set([rows[index]?.id ?? 0]) : new Set(of.flatMap((each) => [...this.#of(each)])),
    );
  }

  #of({ kind, id }: Wanted): ReadonlySet<number> {
    return kind === 'site' ? new Set([id]) : (this.#known.get(`${kind}/${id}`) ?? new Set());
  }

  async #learn(wanted: readonly Wanted[]): Promise<void> {
    const unknown = wanted.filter(
      ({ kind, id }) => kind !== 'site' && !ofNoSite.has(kind) && !this.#known.has(`${kind}/${id}`),
    );
    for (const [kind, of] of Map.groupBy(unknown, (each) => each.kind)) {
      const found = await this.#records.byIds(kind, [...new Set(of.map(({ id }) => id))]);
      const sites = await this.rows(kind, found);
      for (const [index, row] of found.entries())
        this.#known.set(`${kind}/${row.id}`, sites[index] ?? new Set());
    }
  }

  /** What each row stands in, one step up. */
  async #leads(kind: RecordKind, rows: readonly StoredRow[]): Promise<Wanted[][]> {
    const ways = places[kind]?.ways ?? [];
    const leads = rows.map((row): Wanted[] => upFrom(row, ways));
    for (const way of ways) {
      if (!('table' in way)) continue;
      const naming = await this.#records.naming(
        way.table,
        way.back,
        rows.map(({ id }) => id),
      );
      const of = Map.groupBy(naming, (row) => row[way.back]);
      for (const [index, row] of rows.entries())
        for (const each of of.get(row.id) ?? []) leads[index]?.push(...wanted(way.in, each[way.column]));
    }
    return leads;
  }
}

/** By its own columns: the first that is set. */
function upFrom(row: Row, ways: readonly Way[]): Wanted[] {
  for (const way of ways) {
    if ('table' in way) continue;
    const lead =
      'subject' in way
        ? wanted(RecordKind.safeParse(row.subject_kind).data, row.subject_id)
        : wanted(way.in, row[way.column]);
    if (lead.length > 0) return lead;
  }
  return [];
}

function wanted(kind: RecordKind | undefined, id: DbValue | undefined): Wanted[] {
  return kind !== undefined && typeof id === 'number' ? [{ kind, id }] : [];
}
