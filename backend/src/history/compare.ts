import type { Comparison, RecordKind } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { Names } from './names.ts';
import { eventAt, idsOf, Past } from './past.ts';
import type { Row, Scope, Specs, TableSpec } from './spec.ts';

type Member = Comparison['members'][number];

/** What says where something is; the rest of a record is what it is. */
const placeFields: readonly string[] = ['roomId', 'rackId', 'position', 'face', 'side', 'portId', 'portSide'];
/** Of these a person has no use here: they say what other lines say already. */
const left: ReadonlySet<RecordKind> = new Set(['plan-mark', 'document', 'saved-view']);

/**
 * An object at two times: which of its fields differ, and what in it came, went, moved or changed.
 * @throws AppError not-found when it existed at neither time
 */
export async function compare(options: {
  db: Database;
  specs: Specs;
  of: Scope;
  from: number;
  to: number;
}): Promise<Comparison> {
  const { db, specs, of, from, to } = options;
  const first = await eventAt(db, from);
  const last = await eventAt(db, to);
  const then = new Past({ db, specs, after: first });
  const later = new Past({ db, specs, after: last });
  const spec = specOf(specs, of.kind);
  const before = (await then.rows(of.kind, [of.id])).get(of.id);
  const after = (await later.rows(of.kind, [of.id])).get(of.id);
  if (before === undefined && after === undefined)
    throw new AppError('not-found', `There was no ${of.kind} ${of.id} at either time.`, undefined, {
      reason: 'not-then',
    });
  const names = new Names({ db, specs });
  const fields = differing(spec, before, after);
  const members: Member[] = [];
  for (const [kind, ids] of await touchedWithin(db, of, first, last)) {
    if (left.has(kind)) continue;
    const memberSpec = specOf(specs, kind);
    const [was, is] = [await then.rows(kind, ids, [of]), await later.rows(kind, ids, [of])];
    const [had, has] = [await within(then, memberSpec, of, was), await within(later, memberSpec, of, is)];
    for (const id of ids) {
      if (!had.has(id) && !has.has(id)) continue;
      const member = memberOf(memberSpec, id, {
        was: was.get(id),
        is: is.get(id),
        came: !had.has(id),
        went: !has.has(id),
      });
      if (member !== null) members.push(member);
    }
  }
  names.wantReferences(of.kind, fields.before);
  names.wantReferences(of.kind, fields.after);
  for (const { kind, before: was, after: is } of members) {
    names.wantReferences(kind, was);
    names.wantReferences(kind, is);
  }
  return { ...of, from, to, ...fields, members, names: await names.all() };
}

function specOf(specs: Specs, kind: RecordKind): TableSpec {
  const spec = specs.get(kind);
  if (spec === undefined) throw new Error(`Nothing says how "${kind}" is kept.`);
  return spec;
}

/** What of each kind was touched in the object between two events. */
async function touchedWithin(
  db: Database,
  of: Scope,
  first: number,
  last: number,
): Promise<Map<RecordKind, number[]>> {
  const events = await db
    .selectFrom('change_scopes')
    .innerJoin('change_events', 'change_events.id', 'change_scopes.event_id')
    .select([
      'change_events.id',
      'change_events.kind',
      'change_events.object_id',
      'change_events.before',
      'change_events.after',
    ])
    .where('change_scopes.kind', '=', of.kind)
    .where('change_scopes.object_id', '=', of.id)
    .where('change_scopes.event_id', '>', first)
    .where('change_scopes.event_id', '<=', last)
    .orderBy('change_scopes.event_id')
    .execute();
  const ids = new Map<RecordKind, number[]>();
  for (const [kind, own] of Map.groupBy(events, (event) => event.kind))
    ids.set(kind, [...new Set(own.flatMap(idsOf))]);
  return ids;
}

/** Which of the rows were in the object: by their own columns or, where another table knows (a cord's end), by its port's. */
async function within(
  past: Past,
  spec: TableSpec,
  of: Scope,
  rows: ReadonlyMap<number, Row>,
): Promise<ReadonlySet<number>> {
  const isIn = (owner: TableSpec, row: Row) =>
    (owner.scopesOf?.(row) ?? []).some((scope) => scope.kind === of.kind && scope.id === of.id);
  const all = [...rows];
  if ((of.kind !== 'device' && of.kind !== 'outlet') || spec.describe === undefined)
    return new Set(all.filter(([, row]) => isIn(spec, row)).map(([id]) => id));
  // What is done to a cord itself is only written down here while it is plugged in here.
  if (spec.kind === 'link') return new Set(rows.keys());
  const ids = [...new Set(all.flatMap(([, { port_id }]) => (typeof port_id === 'number' ? [port_id] : [])))];
  const ports = await past.rows('port', ids, [of]);
  const column = of.kind === 'device' ? 'device_id' : 'outlet_id';
  return new Set(
    all.filter(([, row]) => ports.get(Number(row.port_id))?.[column] === of.id).map(([id]) => id),
  );
}

/** What became of one; null when it is as it was. */
function memberOf(
  spec: TableSpec,
  id: number,
  row: {
    readonly was: Row | undefined;
    readonly is: Row | undefined;
    readonly came: boolean;
    readonly went: boolean;
  },
): Member | null {
  const name = spec.nameOf(row.is ?? row.was ?? {});
  const { before, after } = differing(spec, row.was, row.is);
  const told = { kind: spec.kind, id, name, before, after };
  if (row.came) return { ...told, fate: 'came' };
  if (row.went) return { ...told, fate: 'went' };
  const changed = Object.keys(after ?? {});
  if (changed.length === 0) return null;
  return { ...told, fate: changed.some((field) => placeFields.includes(field)) ? 'moved' : 'changed' };
}

/** The fields of both that differ; of what was not there, or is not there any more, all. */
function differing(
  spec: TableSpec,
  was: Row | undefined,
  is: Row | undefined,
): Pick<Comparison, 'before' | 'after'> {
  const before = was === undefined ? null : spec.fields(was);
  const after = is === undefined ? null : spec.fields(is);
  if (before === null || after === null) return { before, after };
  const fields = Object.keys(after).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  const only = (of: Record<string, unknown>) => Object.fromEntries(fields.map((field) => [field, of[field]]));
  return { before: only(before), after: only(after) };
}
