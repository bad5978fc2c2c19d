import type { RecordKind } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import { parseEventData, rowsOf } from './events.ts';
import { chunked, Rows } from './rows.ts';
import type { DbValue, Row, Scope, Specs, StoredRow, TableSpec } from './spec.ts';

/** An event as far as going back needs it: what there was before, and whether anything was there after. */
interface PastEvent {
  readonly id: number;
  readonly kind: RecordKind;
  readonly object_id: number;
  readonly before: string | null;
  /** Only of events about several records at once; of others whether there is one. */
  readonly after: string | null;
}

/** The last event at or before a time; 0 when there is none. What is older than the history was always there. */
export async function eventAt(db: Database, time: number): Promise<number> {
  // By the order of changes, not by their times: a clock that was set back must not tear a change apart.
  const change = await db
    .selectFrom('changes')
    .select('id')
    .where('time', '<=', time)
    .orderBy('time', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (change === undefined) return 0;
  const event = await db
    .selectFrom('change_events')
    .select('id')
    .where('change_id', '<=', change.id)
    .orderBy('change_id', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return event?.id ?? 0;
}

/** The inventory as it was right after an event: what is there now, with everything taken back that came later. */
export class Past {
  readonly #db: Database;
  readonly #specs: Specs;
  readonly #after: number;
  readonly #rows: Rows;

  constructor(options: { db: Database; specs: Specs; after: number }) {
    this.#db = options.db;
    this.#specs = options.specs;
    this.#after = options.after;
    this.#rows = new Rows(options.db);
  }

  /**
   * Records by their ids; those that were not there are missing. Of kinds that are written down by owner (ports), the owners
   * must be given, too.
   */
  async rows(
    kind: RecordKind,
    ids: readonly number[],
    owners: readonly Scope[] = [],
  ): Promise<Map<number, Row>> {
    if (ids.length === 0) return new Map();
    const present = await this.#rows.byIds(this.#spec(kind).table, ids);
    const events = await this.#eventsOf(kind, ids);
    const owned = owners.length === 0 ? [] : await this.eventsWithin([kind], owners);
    return takenBack(present, [...events, ...owned], new Set(ids));
  }

  /**
   * Records of which `column` named one of `ids`: what stood in a rack, the ports of devices. `since`: what happened later in
   * the history of those that the ids are, or belong to.
   */
  async within(
    kind: RecordKind,
    column: string,
    ids: readonly number[],
    since: readonly PastEvent[],
  ): Promise<Row[]> {
    if (ids.length === 0) return [];
    const spec = this.#spec(kind);
    const own = since.filter((event) => event.kind === kind);
    const present = await this.#rows.byIds(spec.table, ids, column);
    const wanted = new Set<unknown>(ids);
    if (spec.ownerOf !== undefined) {
      const all = new Set([...present.map((row) => row.id), ...own.flatMap(idsOf)]);
      return [...takenBack(present, own, all).values()].filter((row) => wanted.has(row[column]));
    }
    // What came here first of all because it was made was not there; the rest may have been anywhere since.
    const first = new Map<number, PastEvent>();
    for (const event of own.toSorted((a, b) => b.id - a.id)) first.set(event.object_id, event);
    const candidates = [...first.values()].filter((event) => event.before !== null);
    const were = await this.rows(kind, [
      ...new Set([...present.map((row) => row.id), ...candidates.map((event) => event.object_id)]),
    ]);
    return [...were.values()].filter((row) => wanted.has(row[column]));
  }

  /** Later events of some kinds in the history of any of these. */
  async eventsWithin(kinds: readonly RecordKind[], of: readonly Scope[]): Promise<PastEvent[]> {
    const found: PastEvent[] = [];
    for (const [scopeKind, scopes] of Map.groupBy(of, (scope) => scope.kind))
      for (const part of chunked(scopes.map((scope) => scope.id)))
        found.push(
          ...(await this.#db
            .selectFrom('change_scopes')
            .innerJoin('change_events as event', 'event.id', 'change_scopes.event_id')
            .select(pastColumns)
            .where('change_scopes.kind', '=', scopeKind)
            .where('change_scopes.object_id', 'in', part)
            .where('change_scopes.event_id', '>', this.#after)
            .where('event.kind', 'in', kinds)
            .execute()),
        );
    return found;
  }

  async #eventsOf(kind: RecordKind, ids: readonly number[]): Promise<PastEvent[]> {
    const found: PastEvent[] = [];
    for (const part of chunked(ids))
      found.push(
        ...(await this.#db
          .selectFrom('change_events as event')
          .select(pastColumns)
          .where('event.kind', '=', kind)
          .where('event.object_id', 'in', part)
          .where('event.id', '>', this.#after)
          .execute()),
      );
    return found;
  }

  #spec(kind: RecordKind): TableSpec {
    const spec = this.#specs.get(kind);
    if (spec === undefined) throw new Error(`Nothing says how "${kind}" is kept.`);
    return spec;
  }
}

const pastColumns = [
  'event.id',
  'event.kind',
  'event.object_id',
  'event.before',
  sql<
    string | null
  >`case when event.after is null then null when event.object_id = 0 then event.after else '' end`.as(
    'after',
  ),
] as const;

/** The ids of the records that an event is about. */
export function idsOf(event: Pick<PastEvent, 'object_id' | 'before' | 'after'>): number[] {
  if (event.object_id !== 0) return [event.object_id];
  const side = event.after ?? event.before;
  return side === null ? [] : rowsOf(parseEventData(side)).map((row) => Number(row.id));
}

/**
 * Rows as they were before the events. The oldest event that speaks of a column says what it was, so each row's events are read
 * from the oldest on, and no further than until all of it is known.
 */
function takenBack(
  present: readonly StoredRow[],
  events: readonly PastEvent[],
  ids: ReadonlySet<number>,
): Map<number, Row> {
  const rows = new Map<number, Row>(present.map((row) => [row.id, row]));
  const open = new Map<number, { [column: string]: DbValue }>();
  const settled = new Set<number>();
  const settle = (id: number, row: Row | null) => {
    settled.add(id);
    if (row === null) rows.delete(id);
    else rows.set(id, { ...row, ...open.get(id) });
  };
  const seen = new Set<number>();
  for (const event of events.toSorted((a, b) => a.id - b.id)) {
    // An event may be in the histories of several.
    if (seen.has(event.id)) continue;
    seen.add(event.id);
    if (event.object_id !== 0 && (settled.has(event.object_id) || !ids.has(event.object_id))) continue;
    if (event.before === null) {
      for (const id of idsOf(event)) if (!settled.has(id)) settle(id, null);
      continue;
    }
    const before = rowsOf(parseEventData(event.before));
    if (event.after === null) {
      for (const row of before) if (!settled.has(Number(row.id))) settle(Number(row.id), row);
      continue;
    }
    open.set(event.object_id, { ...before[0], ...open.get(event.object_id) });
  }
  for (const [id, values] of open) {
    const row = rows.get(id);
    if (!settled.has(id) && row !== undefined) rows.set(id, { ...row, ...values });
  }
  for (const id of rows.keys()) if (!ids.has(id)) rows.delete(id);
  return rows;
}
