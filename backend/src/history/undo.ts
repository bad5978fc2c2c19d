import type { RecordKind } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import type { Change } from './change.ts';
import { parseEventData, rowsOf } from './events.ts';
import type { Row, StoredRow, TableSpec, Touched } from './spec.ts';
import { changedSince, goneSince, refuseDependents, refuseMissing } from './undo-conflicts.ts';

interface Past {
  readonly objectId: number;
  readonly name: string;
  readonly before: readonly Row[] | null;
  readonly after: readonly Row[] | null;
}
/** Events that follow each other and do the same with records of the same kind: taken back in one go. */
interface Step {
  readonly kind: RecordKind;
  readonly did: 'made' | 'deleted' | 'updated';
  readonly events: Past[];
}

/**
 * Does the opposite of everything that a change did, last thing first, within another change; the rules of what it touched hold
 * afterwards as after any other change.
 * @throws AppError conflict: names what somebody has changed since, and in which later change.
 */
export async function undoEvents(change: Change, changeId: number): Promise<void> {
  for (const step of await stepsBack(change, changeId)) {
    const spec = change.spec(step.kind);
    if (step.did === 'made')
      await withdraw(
        change,
        spec,
        step.events.flatMap(({ after }) => after ?? []),
      );
    else if (step.did === 'deleted') {
      const rows = step.events.flatMap(({ before }) => before ?? []);
      await refuseMissing(change, spec, rows);
      await change.restore(step.kind, rows);
    } else await revert(change, spec, step.events);
  }
  await obeyRules(change);
}

/** @throws AppError not-found, conflict when it has been undone */
export async function refuseUndone(tx: Database, changeId: number): Promise<void> {
  const undone = await tx
    .selectFrom('changes')
    .select(['id', 'undone_by'])
    .where('id', '=', changeId)
    .executeTakeFirst();
  if (undone === undefined) throw new AppError('not-found', `There is no change ${changeId}.`);
  if (undone.undone_by !== null)
    throw new AppError('conflict', 'This change has been undone already.', undefined, { reason: 'undone' });
}

async function stepsBack(change: Change, changeId: number): Promise<Step[]> {
  const events = await change.tx
    .selectFrom('change_events')
    .select(['kind', 'object_id', 'name', 'before', 'after'])
    .where('change_id', '=', changeId)
    .orderBy('id', 'desc')
    .execute();
  const steps: Step[] = [];
  for (const event of events) {
    const did = event.before === null ? 'made' : event.after === null ? 'deleted' : 'updated';
    const past: Past = {
      objectId: event.object_id,
      name: event.name,
      before: event.before === null ? null : rowsOf(parseEventData(event.before)),
      after: event.after === null ? null : rowsOf(parseEventData(event.after)),
    };
    const last = steps.at(-1);
    if (last?.kind === event.kind && last.did === did) last.events.push(past);
    else steps.push({ kind: event.kind, did, events: [past] });
  }
  return steps;
}

async function withdraw(change: Change, spec: TableSpec, made: readonly Row[]): Promise<void> {
  const rows = await change.rows.byIds(
    spec.table,
    made.map((row) => Number(row.id)),
  );
  const now = new Map(rows.map((row) => [row.id, row]));
  for (const row of made) {
    const current = now.get(Number(row.id));
    if (current === undefined) throw await goneSince(change, spec, Number(row.id), row, spec.nameOf(row));
    // Undone updates of the same change have put every column back; what still differs was changed by somebody later.
    for (const [column, value] of Object.entries(row))
      if (column !== 'version' && (current[column] ?? null) !== value)
        throw await changedSince(change, spec, current, column);
  }
  await refuseDependents(change, spec, rows);
  await change.withdraw(spec.kind, rows);
}

async function revert(change: Change, spec: TableSpec, events: readonly Past[]): Promise<void> {
  const ids = [...new Set(events.map(({ objectId }) => objectId))];
  const now = new Map((await change.rows.byIds(spec.table, ids)).map((row) => [row.id, row]));
  for (const { objectId, name, before, after } of events) {
    const row = now.get(objectId);
    if (row === undefined) throw await goneSince(change, spec, objectId, null, name);
    for (const [column, value] of Object.entries(after?.[0] ?? {}))
      if ((row[column] ?? null) !== value) throw await changedSince(change, spec, row, column);
    await refuseMissing(change, spec, [before?.[0] ?? {}]);
    now.set(objectId, await change.revert(spec.kind, row, before?.[0] ?? {}));
  }
}

/**
 * What was right once need not be right today: the rack may be lower, or in another room, or the type have other ports. So the
 * rules of everything that came back are asked again, and what follows from them is written.
 */
async function obeyRules(change: Change): Promise<void> {
  for (const [kind, touched] of [...change.touched]) {
    const spec = change.spec(kind);
    const standing = netEffect(touched).flatMap(({ before, after }) =>
      after === null ? [] : [{ before, after }],
    );
    if (standing.length === 0) continue;
    const prepared = await spec.prepare?.(
      change,
      standing.map(({ before, after }) => ({ before, next: after })),
    );
    const rows: { readonly before: StoredRow | null; readonly after: StoredRow }[] = [];
    for (const [index, { before, after }] of standing.entries())
      rows.push({ before, after: await change.revert(kind, after, prepared?.[index] ?? after) });
    await spec.written?.(
      change,
      rows.filter(({ before }) => before !== null),
    );
    await spec.restored?.(
      change,
      rows.filter(({ before }) => before === null).map(({ after }) => after),
    );
  }
}

/** Each row as it was at first and as it is in the end. */
function netEffect(touched: readonly Touched[]): Touched[] {
  const net = new Map<number, Touched>();
  for (const { before, after } of touched) {
    const id = (after ?? before)?.id ?? 0;
    const known = net.get(id);
    net.set(id, { before: known === undefined ? before : known.before, after });
  }
  return [...net.values()];
}
