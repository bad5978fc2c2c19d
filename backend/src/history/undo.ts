import { AppError } from '../problem.ts';
import type { Change } from './change.ts';
import { parseEventData, rowsOf } from './events.ts';
import type { Row, StoredRow, TableSpec } from './spec.ts';
import { fieldName } from './violations.ts';

/**
 * Does the opposite of everything that a change did, last thing first, within another change.
 * @throws AppError not-found, conflict: names what somebody has changed since, and in which later change.
 */
export async function undoEvents(change: Change, changeId: number): Promise<void> {
  const undone = await change.tx
    .selectFrom('changes')
    .select(['id', 'undone_by'])
    .where('id', '=', changeId)
    .executeTakeFirst();
  if (undone === undefined) throw new AppError('not-found', `There is no change ${changeId}.`);
  if (undone.undone_by !== null)
    throw new AppError('conflict', 'This change has been undone already.', undefined, { reason: 'undone' });
  const events = await change.tx
    .selectFrom('change_events')
    .select(['kind', 'object_id', 'name', 'before', 'after'])
    .where('change_id', '=', changeId)
    .orderBy('id', 'desc')
    .execute();
  for (const event of events) {
    const spec = change.spec(event.kind);
    const before = event.before === null ? null : rowsOf(parseEventData(event.before));
    const after = event.after === null ? null : rowsOf(parseEventData(event.after));
    if (before === null) await withdrawAll(change, spec, after ?? []);
    else if (after === null) await change.restore(event.kind, before);
    else await revertOne(change, spec, event, before[0] ?? {}, after[0] ?? {});
  }
}

async function withdrawAll(change: Change, spec: TableSpec, made: readonly Row[]): Promise<void> {
  const rows = await change.rows.byIds(
    spec.table,
    made.map((row) => Number(row.id)),
  );
  const now = new Map(rows.map((row) => [row.id, row]));
  for (const row of made) {
    const current = now.get(Number(row.id));
    if (current === undefined) throw gone(spec, spec.nameOf(row));
    // Undone updates of the same change have put every column back; what still differs was changed by somebody later.
    for (const [column, value] of Object.entries(row))
      if (column !== 'version' && (current[column] ?? null) !== value)
        throw await changedSince(change, spec, current, column);
  }
  await refuseDependents(change, spec, rows);
  await change.withdraw(spec.kind, rows);
}

async function revertOne(
  change: Change,
  spec: TableSpec,
  event: { readonly object_id: number; readonly name: string },
  before: Row,
  after: Row,
): Promise<void> {
  const row = await change.find(spec.kind, event.object_id);
  if (row === undefined) throw gone(spec, event.name);
  for (const [column, value] of Object.entries(after))
    if ((row[column] ?? null) !== value) throw await changedSince(change, spec, row, column);
  await change.revert(spec.kind, row, before);
}

/** What was made can only go when nothing else has come to depend on it; what the same change made is gone by now. */
async function refuseDependents(change: Change, spec: TableSpec, rows: readonly StoredRow[]): Promise<void> {
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
        reason: 'in-use',
        blocking: blocking.map((row) => ({ kind, id: row.id, name: dependent.nameOf(row) })),
      },
    );
  }
}

function gone(spec: TableSpec, name: string): AppError {
  return new AppError(
    'conflict',
    `It cannot be undone: the ${spec.kind} "${name}" has been deleted since.`,
    undefined,
    {
      reason: 'gone',
    },
  );
}

async function changedSince(
  change: Change,
  spec: TableSpec,
  row: StoredRow,
  column: string,
): Promise<AppError> {
  const later = await change.tx
    .selectFrom('changes')
    .select(['id', 'user_name'])
    .where('id', '=', row.version)
    .executeTakeFirst();
  const by = later === undefined ? '' : ` by ${later.user_name} (change ${later.id})`;
  return new AppError(
    'conflict',
    `It cannot be undone: ${fieldName(column)} of the ${spec.kind} "${spec.nameOf(row)}" has been changed since${by}.`,
    [{ path: fieldName(column), message: 'has been changed since' }],
    { reason: 'changed-since', blocking: [{ kind: spec.kind, id: row.id, name: spec.nameOf(row) }] },
  );
}
