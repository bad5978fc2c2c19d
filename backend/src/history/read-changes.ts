import type {
  ChangeDetail,
  ChangeEntry,
  ChangeList,
  ObjectHistory,
  RecordKind,
  RecordNames,
  ShownEvent,
} from '@rackhaus/config/contract';
import { type Selectable, sql } from 'kysely';
import { namesWithin } from '../access/scope/beyond.ts';
import {
  changeInReach,
  eventInReach,
  eventWhollyInReach,
  sideInReach,
  sideWithin,
} from '../access/scope/past-reach.ts';
import type { Reach } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { entriesOf, nameWithin } from './entries.ts';
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

/**
 * Reads what the change engine has written down. `reach`: what of it was done in these sites, by where things were when it was done;
 * that a list can be searched for something tells of nothing else either.
 */
export class ChangeReader {
  readonly #db: Database;
  readonly #specs: Specs;

  constructor(options: { db: Database; specs: Specs }) {
    this.#db = options.db;
    this.#specs = options.specs;
  }

  /** Changes, newest first. */
  async list(filter: ChangeFilter, reach: Reach | null = null): Promise<ChangeList> {
    const { before, size, kind, user, source, text, from, to } = filter;
    let query = this.#db.selectFrom('changes').selectAll();
    if (before !== undefined) query = query.where('id', '<', before);
    if (user !== undefined) query = query.where('user_name', '=', user);
    if (source !== undefined) query = query.where('source', '=', source);
    if (from !== undefined) query = query.where('time', '>=', from);
    if (to !== undefined) query = query.where('time', '<=', to);
    if (reach !== null) query = query.where(changeInReach(reach));
    // `counts` names every kind that the change touched; an import has too many events to look through.
    if (kind !== undefined) query = query.where('counts', 'like', `%"kind":"${kind}"%`);
    if (kind !== undefined && reach !== null)
      query = query.where(
        sql<boolean>`exists (select 1 from change_events e
          where e.change_id = changes.id and e.kind = ${kind} and ${eventInReach(reach)})`,
      );
    if (text !== undefined) {
      const pattern = `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
      query =
        reach !== null
          ? query.where(saysWithin(pattern, reach))
          : query.where((e) =>
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
    const page = await entriesOf(this.#from, rows.slice(0, size), reach);
    return { changes: page, next: rows.length > size ? (page.at(-1)?.id ?? null) : null };
  }

  /** Who has ever changed something, by name. */
  async users(reach: Reach | null = null): Promise<string[]> {
    if (reach !== null) {
      const { rows } = await sql<{ name: string }>`select distinct user_name as name from changes
        where ${changeInReach(reach)} order by user_name`.execute(this.#db);
      return rows.map((row) => row.name);
    }
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
  async one(
    id: number,
    page: { readonly after: number; readonly size: number },
    reach: Reach | null = null,
  ): Promise<ChangeDetail> {
    const row = await this.#db.selectFrom('changes').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new AppError('not-found', `There is no change ${id}.`);
    let query = this.#db
      .selectFrom('change_events as e')
      .selectAll('e')
      .where('e.change_id', '=', id)
      .where('e.id', '>', page.after);
    if (reach !== null) query = query.where(eventInReach(reach));
    const events = await query
      .orderBy('e.id')
      .limit(page.size + 1)
      .execute();
    const { shown, names } = await this.#shown(events.slice(0, page.size), reach);
    const [change] = await entriesOf(this.#from, [row], reach);
    if (change === undefined) throw new Error(`Change ${id} has no entry.`);
    const next = events.length > page.size ? (shown.at(-1)?.id ?? null) : null;
    return { change, events: shown, next, names };
  }

  /** What happened to an object and to what is in it, newest first. `before`: the event to go on from. `reach`: only these sites are named. */
  async ofObject(
    of: Scope,
    page: { readonly before?: number | undefined; readonly size: number },
    reach: Reach | null = null,
  ): Promise<ObjectHistory> {
    const before = page.before ?? Number.MAX_SAFE_INTEGER;
    // An order is told by what it holds now, and so is its history.
    const then = of.kind === 'order' ? null : reach;
    let ownQuery = this.#db
      .selectFrom('change_events as e')
      .select('e.id')
      .where('e.kind', '=', of.kind)
      .where('e.object_id', '=', of.id)
      .where('e.id', '<', before);
    if (then !== null) ownQuery = ownQuery.where(eventInReach(then));
    const own = await ownQuery
      .orderBy('e.id', 'desc')
      .limit(page.size + 1)
      .execute();
    let withinQuery = this.#db
      .selectFrom('change_scopes as s')
      .select('s.event_id as id')
      .where('s.kind', '=', of.kind)
      .where('s.object_id', '=', of.id)
      .where('s.event_id', '<', before);
    if (then !== null)
      withinQuery = withinQuery.where(
        sql<boolean>`s.event_id in (select e.id from change_events e where e.id = s.event_id and ${eventInReach(then)})`,
      );
    const within = await withinQuery
      .orderBy('s.event_id', 'desc')
      .limit(page.size + 1)
      .execute();
    const ids = [...new Set([...own, ...within].map((row) => row.id))].toSorted((a, b) => b - a);
    const events: EventRow[] = [];
    for (const part of chunked(ids.slice(0, page.size)))
      events.push(
        ...(await this.#db.selectFrom('change_events').selectAll().where('id', 'in', part).execute()),
      );
    const { shown: all, names } = await this.#shown(events, then, reach);
    const shown = Map.groupBy(all, (event) => event.changeId);
    const entries: ChangeEntry[] = [];
    for (const part of chunked([...shown.keys()])) {
      const rows = await this.#db.selectFrom('changes').selectAll().where('id', 'in', part).execute();
      entries.push(...(await entriesOf(this.#from, rows, reach)));
    }
    return {
      changes: entries
        .toSorted((a, b) => b.id - a.id)
        .map((change) => ({ change, events: shown.get(change.id) ?? [] })),
      next: ids.length > page.size ? (ids[page.size - 1] ?? null) : null,
      names,
    };
  }

  /** `reach`: of which sides values are shown; `named`: whose names are, where that is not the same. */
  async #shown(
    rows: readonly EventRow[],
    reach: Reach | null,
    named = reach,
  ): Promise<{ readonly shown: ShownEvent[]; readonly names: RecordNames }> {
    const names = new Names({ db: this.#db, specs: this.#specs });
    const now = await this.#currentOf(rows);
    const shown = rows
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
        const elsewhere = reach === null ? undefined : sideElsewhere(row, reach);
        const event: ShownEvent = {
          id: row.id,
          changeId: row.change_id,
          kind: row.kind,
          objectId: row.object_id,
          name: nameWithin(this.#specs, row, reach),
          before: elsewhere === 'before' ? emptied(fields(before)) : fields(before),
          after: elsewhere === 'after' ? emptied(fields(after)) : fields(after),
          count: row.count,
          owner: owner === undefined ? null : { kind: owner.kind, id: owner.id },
          ...(elsewhere && { elsewhere }),
        };
        names.wantReferences(row.kind, event.before);
        names.wantReferences(row.kind, event.after);
        if (owner !== undefined) names.want(owner.kind, owner.id);
        return event;
      });
    const known = await namesWithin(this.#db, named, await names.all());
    const isKnown = ({ owner }: ShownEvent) =>
      owner === null || named === null || known[`${owner.kind}/${owner.id}`] !== undefined;
    return {
      shown: shown.map((event) => (isKnown(event) ? event : { ...event, owner: null })),
      names: known,
    };
  }

  get #from() {
    return { db: this.#db, specs: this.#specs };
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

/** The condition that something within reach bears a name like that, or that a reason is like that of what was all done there. */
function saysWithin(pattern: string, reach: Reach) {
  return sql<boolean>`(
    exists (select 1 from change_events e where e.change_id = changes.id and ${eventInReach(reach)}
      and (e.after is null or ${sideInReach('e.after_sites', reach)}) and e.name like ${pattern} escape '\\')
    or (changes.reason like ${pattern} escape '\\' and not exists (
      select 1 from change_events e where e.change_id = changes.id and not ${eventWhollyInReach(reach)})))`;
}

/** The side of an event that lies beyond, where the other does not. */
function sideElsewhere(row: EventRow, reach: Reach): ShownEvent['elsewhere'] {
  if (row.before !== null && !sideWithin(row.kind, row.before_sites, reach)) return 'before';
  if (row.after !== null && !sideWithin(row.kind, row.after_sites, reach)) return 'after';
  return undefined;
}

function emptied(fields: Record<string, unknown> | null): Record<string, unknown> | null {
  return fields === null ? null : Object.fromEntries(Object.keys(fields).map((name) => [name, null]));
}
