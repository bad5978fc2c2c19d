import type {
  ChangeDetail,
  ChangeEntry,
  ChangeList,
  ObjectHistory,
  RecordKind,
  ShownEvent,
} from '@rackhaus/config/contract';
import { ChangeEntry as Entry } from '@rackhaus/config/contract';
import { type Selectable, sql } from 'kysely';
import { namesWithin } from '../access/scope/beyond.ts';
import { idsWithin, type Reach } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { parseEventData, rowsOf } from './events.ts';
import { Names } from './names.ts';
import { chunked, Rows } from './rows.ts';
import type { Row, Scope, Specs } from './spec.ts';
import type { HistoryTables } from './tables.ts';

type EventRow = Selectable<HistoryTables['change_events']>;

export interface ChangeFilter {
  /** Only changes before this one. */
  readonly before?: number | undefined;
  readonly size: number;
  readonly kind?: RecordKind | undefined;
  readonly user?: string | undefined;
  readonly source?: ChangeEntry['source'] | undefined;
  /** In the reason, or in the name by which the change is recognised. */
  readonly text?: string | undefined;
  /** Milliseconds since 1970, both inclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Reads what the change engine has written down. */
export class ChangeReader {
  readonly #db: Database;
  readonly #specs: Specs;

  constructor(options: { db: Database; specs: Specs }) {
    this.#db = options.db;
    this.#specs = options.specs;
  }

  /** Changes, newest first. */
  async list(filter: ChangeFilter): Promise<ChangeList> {
    const { before, size, kind, user, source, text, from, to } = filter;
    let query = this.#db.selectFrom('changes').selectAll();
    if (before !== undefined) query = query.where('id', '<', before);
    if (user !== undefined) query = query.where('user_name', '=', user);
    if (source !== undefined) query = query.where('source', '=', source);
    if (from !== undefined) query = query.where('time', '>=', from);
    if (to !== undefined) query = query.where('time', '<=', to);
    // `counts` names every kind that the change touched; an import has too many events to look through.
    if (kind !== undefined) query = query.where('counts', 'like', `%"kind":"${kind}"%`);
    if (text !== undefined) {
      const pattern = `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
      query = query.where((e) =>
        e.or(
          (['reason', 'first_name'] as const).map(
            (column) => sql<boolean>`${e.ref(column)} like ${pattern} escape '\\'`,
          ),
        ),
      );
    }
    const rows = await query
      .orderBy('id', 'desc')
      .limit(size + 1)
      .execute();
    const page = rows.slice(0, size).map(entryOf);
    return { changes: page, next: rows.length > size ? (page.at(-1)?.id ?? null) : null };
  }

  /** Who has ever changed something, by name. */
  async users(): Promise<string[]> {
    // Steps from one name to the next by the index, however many changes there are.
    const { rows } = await sql<{ name: string }>`
      with recursive users(name) as (
        select min(user_name) from changes
        union all
        select (select min(user_name) from changes where user_name > users.name) from users where users.name is not null
      )
      select name from users where name is not null`.execute(this.#db);
    return rows.map((row) => row.name);
  }

  /** One change with its events, in the order in which they happened. @throws AppError not-found */
  async one(id: number, page: { readonly after: number; readonly size: number }): Promise<ChangeDetail> {
    const row = await this.#db.selectFrom('changes').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new AppError('not-found', `There is no change ${id}.`);
    const events = await this.#db
      .selectFrom('change_events')
      .selectAll()
      .where('change_id', '=', id)
      .where('id', '>', page.after)
      .orderBy('id')
      .limit(page.size + 1)
      .execute();
    const names = new Names({ db: this.#db, specs: this.#specs });
    const shown = await this.#shown(events.slice(0, page.size), names);
    const next = events.length > page.size ? (shown.at(-1)?.id ?? null) : null;
    return { change: entryOf(row), events: shown, next, names: await names.all() };
  }

  /** What happened to an object and to what is in it, newest first. `before`: the event to go on from. `reach`: only these sites are named. */
  async ofObject(
    of: Scope,
    page: { readonly before?: number | undefined; readonly size: number },
    reach: Reach | null = null,
  ): Promise<ObjectHistory> {
    const before = page.before ?? Number.MAX_SAFE_INTEGER;
    const own = await this.#db
      .selectFrom('change_events')
      .select('id')
      .where('kind', '=', of.kind)
      .where('object_id', '=', of.id)
      .where('id', '<', before)
      .orderBy('id', 'desc')
      .limit(page.size + 1)
      .execute();
    const within = await this.#db
      .selectFrom('change_scopes')
      .select('event_id as id')
      .where('kind', '=', of.kind)
      .where('object_id', '=', of.id)
      .where('event_id', '<', before)
      .orderBy('event_id', 'desc')
      .limit(page.size + 1)
      .execute();
    const ids = [...new Set([...own, ...within].map((row) => row.id))].toSorted((a, b) => b - a);
    const events: EventRow[] = [];
    for (const part of chunked(ids.slice(0, page.size)))
      events.push(
        ...(await this.#db.selectFrom('change_events').selectAll().where('id', 'in', part).execute()),
      );
    const names = new Names({ db: this.#db, specs: this.#specs });
    const shown = Map.groupBy(await this.#shown(events, names), (event) => event.changeId);
    const entries: ChangeEntry[] = [];
    for (const part of chunked([...shown.keys()]))
      entries.push(
        ...(await this.#db.selectFrom('changes').selectAll().where('id', 'in', part).execute()).map(entryOf),
      );
    return {
      changes: (await withoutOthers(this.#db, reach, entries))
        .toSorted((a, b) => b.id - a.id)
        .map((change) => ({ change, events: shown.get(change.id) ?? [] })),
      next: ids.length > page.size ? (ids[page.size - 1] ?? null) : null,
      names: await namesWithin(this.#db, reach, await names.all()),
    };
  }

  async #shown(rows: readonly EventRow[], names: Names): Promise<ShownEvent[]> {
    const now = await this.#currentOf(rows);
    return rows
      .toSorted((a, b) => a.id - b.id)
      .map((row): ShownEvent => {
        const spec = this.#specs.get(row.kind);
        if (spec === undefined) throw new Error(`Nothing says how "${row.kind}" is kept.`);
        const [before, after] = [row.before, row.after].map((side) =>
          side === null ? null : rowsOf(parseEventData(side)),
        );
        const fields = (of: readonly Row[] | null | undefined) =>
          of == null ? null : row.object_id === 0 ? {} : spec.fields(of[0] ?? {});
        const whole =
          (before === null ? after?.[0] : after === null ? before?.[0] : undefined) ??
          now.get(`${row.kind}/${row.object_id}`);
        const owner = whole === undefined ? undefined : (spec.ownerOf?.(whole) ?? spec.scopesOf?.(whole)[0]);
        const event: ShownEvent = {
          id: row.id,
          changeId: row.change_id,
          kind: row.kind,
          objectId: row.object_id,
          name: row.name,
          before: fields(before),
          after: fields(after),
          count: row.count,
          owner: owner === undefined ? null : { kind: owner.kind, id: owner.id },
        };
        names.wantReferences(row.kind, event.before);
        names.wantReferences(row.kind, event.after);
        if (owner !== undefined) names.want(owner.kind, owner.id);
        return event;
      });
  }

  /** Updates hold only what differs: where the record belongs is asked of the record as it is now. */
  async #currentOf(events: readonly EventRow[]): Promise<Map<string, Row>> {
    const updates = events.filter((event) => event.before !== null && event.after !== null);
    const current = new Map<string, Row>();
    const rows = new Rows(this.#db);
    for (const [kind, of] of Map.groupBy(updates, (event) => event.kind)) {
      const table = this.#specs.get(kind)?.table;
      if (table === undefined) continue;
      for (const row of await rows.byIds(table, [...new Set(of.map((event) => event.object_id))]))
        current.set(`${kind}/${row.id}`, row);
    }
    return current;
  }
}

/** What a change is known by is not named where it is of another site. */
async function withoutOthers(
  db: Database,
  reach: Reach | null,
  entries: readonly ChangeEntry[],
): Promise<readonly ChangeEntry[]> {
  if (reach === null) return entries;
  const shown = new Set<ChangeEntry['first']>();
  for (const [kind, of] of Map.groupBy(entries, ({ first }) => first?.kind)) {
    if (kind === undefined) continue;
    const within = await idsWithin(
      db,
      kind,
      of.map(({ first }) => first?.id ?? 0),
      reach,
    );
    for (const { first } of of) if (within.has(first?.id ?? 0)) shown.add(first);
  }
  return entries.map((entry) => (shown.has(entry.first) ? entry : { ...entry, first: null, reason: null }));
}

function entryOf(row: Selectable<HistoryTables['changes']>): ChangeEntry {
  return {
    id: row.id,
    time: row.time,
    user: row.user_name,
    source: row.source,
    reason: row.reason,
    orderId: row.order_id,
    undoes: row.undoes,
    undoneBy: row.undone_by,
    counts: Entry.shape.counts.parse(JSON.parse(row.counts)),
    first:
      row.first_kind === null || row.first_id === null
        ? null
        : { kind: row.first_kind, id: row.first_id, name: row.first_name ?? '' },
  };
}
