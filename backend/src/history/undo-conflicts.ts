import { fieldsOf, RecordKind as Kind, type RecordKind } from '@rackhaus/config/contract';
import { AppError } from '../problem.ts';
import type { Change } from './change.ts';
import { parseEventData, rowsOf } from './events.ts';
import type { Row, StoredRow, TableSpec } from './spec.ts';
import { fieldName } from './violations.ts';

interface Later {
  readonly kind: 'change';
  readonly id: number;
  /** Who made it. */
  readonly name: string;
}

/** Somebody has changed `column` of the row since. */
export async function changedSince(
  change: Change,
  spec: TableSpec,
  row: StoredRow,
  column: string,
): Promise<AppError> {
  const events = await change.tx
    .selectFrom('change_events')
    .select(['change_id', 'after'])
    .where('kind', '=', spec.kind)
    .where('object_id', '=', row.id)
    .where('before', 'is not', null)
    .where('after', 'is not', null)
    .where('change_id', '!=', change.id)
    .orderBy('id', 'desc')
    .limit(100)
    .execute();
  const found = events.find(
    ({ after }) => after !== null && rowsOf(parseEventData(after)).some((values) => column in values),
  );
  const later = await changeById(change, found?.change_id ?? row.version);
  const name = spec.nameOf(row);
  return new AppError(
    'conflict',
    `It cannot be undone: ${fieldName(column)} of the ${spec.kind} "${name}" has been changed since${by(later)}.`,
    [{ path: fieldName(column), message: 'has been changed since' }],
    { reason: 'changed-since', blocking: [{ kind: spec.kind, id: row.id, name }, ...later] },
  );
}

/** Somebody has deleted the row since. `row`: as far as it is known. */
export async function goneSince(
  change: Change,
  spec: TableSpec,
  id: number,
  row: Row | null,
  name: string,
): Promise<AppError> {
  const later = await deletionOf(change, spec, id, row);
  return new AppError(
    'conflict',
    `It cannot be undone: the ${spec.kind} "${name}" has been deleted since${by(later)}.`,
    undefined,
    { reason: 'deleted-since', blocking: [{ kind: spec.kind, id, name }, ...later] },
  );
}

/** What was made can only go when nothing else has come to depend on it; what the same change made is gone by now. */
export async function refuseDependents(
  change: Change,
  spec: TableSpec,
  rows: readonly StoredRow[],
): Promise<void> {
  const ids = rows.map((row) => row.id);
  for (const { kind, by } of spec.dependents ?? []) {
    const dependent = change.spec(kind);
    const found =
      typeof by === 'string' ? await change.rows.idsBy(dependent.table, by, ids) : await by(change, ids);
    if (found.length === 0) continue;
    const blocking = await change.rows.byIds(dependent.table, found.slice(0, 20));
    const name = rows.length === 1 ? spec.nameOf(rows[0] ?? {}) : `${rows.length} ${spec.kind} records`;
    throw new AppError(
      'conflict',
      `It cannot be undone: ${found.length} ${kind} record(s) have come to "${name}" since.`,
      undefined,
      {
        reason: 'added-since',
        blocking: blocking.map((row) => ({ kind, id: row.id, name: dependent.nameOf(row) })),
      },
    );
  }
}

/** What the rows refer to must be there when they come back. */
export async function refuseMissing(change: Change, spec: TableSpec, rows: readonly Row[]): Promise<void> {
  const own = new Set(rows.map((row) => row.id));
  for (const [column, kind] of referencesOf(spec)) {
    const ids = [...new Set(rows.flatMap(({ [column]: id }) => (typeof id === 'number' ? [id] : [])))].filter(
      (id) => kind !== spec.kind || !own.has(id),
    );
    await refuseAbsent(change, kind, ids);
  }
  if (!spec.columns.includes('subject_kind')) return;
  const subjects = Map.groupBy(
    rows.filter((row) => typeof row.subject_id === 'number'),
    (row) => Kind.safeParse(row.subject_kind).data,
  );
  for (const [kind, about] of subjects)
    if (kind !== undefined)
      await refuseAbsent(change, kind, [...new Set(about.map((row) => Number(row.subject_id)))]);
}

async function refuseAbsent(change: Change, kind: RecordKind, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const spec = change.spec(kind);
  const there = new Set(await change.rows.idsBy(spec.table, 'id', ids));
  const missing = ids.find((id) => !there.has(id));
  if (missing === undefined) return;
  throw await goneSince(change, spec, missing, null, await lastName(change, kind, missing));
}

/** Columns that name another record, and of which kind. */
function referencesOf(spec: TableSpec): [string, RecordKind][] {
  const fields = fieldsOf(spec.kind);
  return spec.columns.flatMap((column): [string, RecordKind][] => {
    const meta = fields.get(fieldName(column))?.meta;
    const kind = Kind.safeParse(meta?.to);
    return meta?.type === 'ref' && kind.success ? [[column, kind.data]] : [];
  });
}

/**
 * Makes of whatever refused an undo a conflict that says which later change is in the way: of what takes a name or a rack unit
 * today, the change that last touched it.
 */
export async function refusedUndo(change: Change, error: unknown): Promise<unknown> {
  if (!(error instanceof AppError) || (error.code !== 'conflict' && error.code !== 'invalid')) return error;
  const { blocking = [] } = error.details;
  const [first] = blocking;
  const kind = Kind.safeParse(first?.kind);
  if (error.code === 'conflict' && (!kind.success || blocking.some((each) => each.kind === 'change')))
    return error;
  const row = kind.success ? await change.find(kind.data, first?.id ?? 0) : undefined;
  const later = row === undefined ? [] : await changeById(change, row.version);
  return new AppError('conflict', error.message, error.fields, {
    ...error.details,
    ...(blocking.length + later.length > 0 ? { blocking: [...blocking, ...later] } : {}),
  });
}

async function changeById(change: Change, id: number): Promise<Later[]> {
  // What the undo itself has just written says nothing about who came in between.
  if (id === change.id) return [];
  const row = await change.tx
    .selectFrom('changes')
    .select(['id', 'user_name'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? [] : [{ kind: 'change', id: row.id, name: row.user_name }];
}

/** The change that deleted a record; of one that went with others of its owner, found in the owner's history. */
async function deletionOf(change: Change, spec: TableSpec, id: number, row: Row | null): Promise<Later[]> {
  const direct = await change.tx
    .selectFrom('change_events')
    .select('change_id')
    .where('kind', '=', spec.kind)
    .where('object_id', '=', id)
    .where('after', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (direct !== undefined) return changeById(change, direct.change_id);
  const owner = row === null ? undefined : spec.ownerOf?.(row);
  if (owner === undefined) return [];
  const events = await change.tx
    .selectFrom('change_scopes')
    .innerJoin('change_events', 'change_events.id', 'change_scopes.event_id')
    .select(['change_events.change_id', 'change_events.before'])
    .where('change_scopes.kind', '=', owner.kind)
    .where('change_scopes.object_id', '=', owner.id)
    .where('change_events.kind', '=', spec.kind)
    .where('change_events.after', 'is', null)
    .orderBy('change_scopes.event_id', 'desc')
    .limit(20)
    .execute();
  const found = events.find(
    ({ before }) => before !== null && rowsOf(parseEventData(before)).some((values) => values.id === id),
  );
  return found === undefined ? [] : changeById(change, found.change_id);
}

async function lastName(change: Change, kind: RecordKind, id: number): Promise<string> {
  const row = await change.tx
    .selectFrom('change_events')
    .select('name')
    .where('kind', '=', kind)
    .where('object_id', '=', id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.name ?? '';
}

function by([later]: readonly Later[]): string {
  return later === undefined ? '' : ` by ${later.name} (change ${later.id})`;
}
