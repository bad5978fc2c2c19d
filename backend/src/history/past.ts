import type { RecordKind } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { parseEventData, rowsOf } from './events.ts';
import { chunked, Rows } from './rows.ts';
import type { Row, Scope, Specs, TableSpec } from './spec.ts';

interface PastEvent {
  readonly id: number;
  readonly object_id: number;
  readonly before: string | null;
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
    .executeTakeFirst();
  if (change === undefined) return 0;
  const event = await db
    .selectFrom('change_events')
    .select('id')
    .where('change_id', '<=', change.id)
    .orderBy('change_id', 'desc')
    .orderBy('id', 'desc')
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
    const spec = this.#spec(kind);
    const rows = new Map<number, Row>();
    for (const row of await this.#rows.byIds(spec.table, ids)) rows.set(row.id, row);
    const events = [...(await this.#eventsOf(kind, ids)), ...(await this.eventsWithin(kind, owners))];
    takeBack(rows, newestFirst(events));
    const wanted = new Set(ids);
    for (const id of rows.keys()) if (!wanted.has(id)) rows.delete(id);
    return rows;
  }

  /**
   * Records of which `column` named one of `of`: what stood in a rack, the ports of devices. `ids`: what `column` names, where
   * that is not `of` but something of theirs (the ends of cords name ports of devices).
   */
  async within(
    kind: RecordKind,
    of: readonly Scope[],
    column: string,
    ids: readonly number[] = of.map((scope) => scope.id),
  ): Promise<Row[]> {
    if (of.length === 0) return [];
    const spec = this.#spec(kind);
    const present = await this.#rows.byIds(spec.table, ids, column);
    const since = await this.eventsWithin(kind, of);
    let rows = new Map<number, Row>(present.map((row) => [row.id, row]));
    if (spec.ownerOf !== undefined) takeBack(rows, newestFirst(since));
    else
      rows = await this.rows(kind, [...new Set([...rows.keys(), ...since.map((event) => event.object_id)])]);
    const owners = new Set<unknown>(ids);
    return [...rows.values()].filter((row) => owners.has(row[column]));
  }

  /** Later events of a kind in the history of any of these. */
  async eventsWithin(kind: RecordKind, of: readonly Scope[]): Promise<PastEvent[]> {
    const found: PastEvent[] = [];
    for (const [scopeKind, scopes] of Map.groupBy(of, (scope) => scope.kind))
      for (const part of chunked(scopes.map((scope) => scope.id)))
        found.push(
          ...(await this.#db
            .selectFrom('change_scopes')
            .innerJoin('change_events', 'change_events.id', 'change_scopes.event_id')
            .select([
              'change_events.id',
              'change_events.object_id',
              'change_events.before',
              'change_events.after',
            ])
            .where('change_scopes.kind', '=', scopeKind)
            .where('change_scopes.object_id', 'in', part)
            .where('change_scopes.event_id', '>', this.#after)
            .where('change_events.kind', '=', kind)
            .execute()),
        );
    return found;
  }

  async #eventsOf(kind: RecordKind, ids: readonly number[]): Promise<PastEvent[]> {
    const found: PastEvent[] = [];
    for (const part of chunked(ids))
      found.push(
        ...(await this.#db
          .selectFrom('change_events')
          .select(['id', 'object_id', 'before', 'after'])
          .where('kind', '=', kind)
          .where('object_id', 'in', part)
          .where('id', '>', this.#after)
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

/** The ids of the records that an event is about. */
export function idsOf(event: PastEvent): number[] {
  if (event.object_id !== 0) return [event.object_id];
  const side = event.after ?? event.before;
  return side === null ? [] : rowsOf(parseEventData(side)).map((row) => Number(row.id));
}

/** Each once: an event may be in the histories of several. */
function newestFirst(events: readonly PastEvent[]): PastEvent[] {
  return [...new Map(events.map((event) => [event.id, event])).values()].sort((a, b) => b.id - a.id);
}

function takeBack(rows: Map<number, Row>, events: readonly PastEvent[]): void {
  for (const event of events) {
    if (event.before === null) {
      for (const id of idsOf(event)) rows.delete(id);
      continue;
    }
    const before = rowsOf(parseEventData(event.before));
    if (event.after === null) {
      for (const row of before) rows.set(Number(row.id), row);
      continue;
    }
    const row = rows.get(event.object_id);
    if (row !== undefined) rows.set(event.object_id, { ...row, ...before[0] });
  }
}
