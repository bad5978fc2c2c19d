import { madeElsewhere, type RecordKind } from '@rackhaus/config/contract';
import { mayActAs } from '../../access/admit.ts';
import { refuseOtherPlace } from '../../access/scope/addressed.ts';
import { reachOf } from '../../access/scope.ts';
import type { Change } from '../../history/change.ts';
import type { StoredRow } from '../../history/spec.ts';
import type { Caller } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import { toRow } from '../records/columns.ts';
import { isVisible, personOf, refuseView, refuseWriter } from './kinds.ts';
import { refuseMissing } from './references.ts';

/** Values that have been checked against the kind's schema. */
export type Values = Readonly<Record<string, unknown>>;

/** What may be written by hand, with what the server fills. Each throws AppError where it refuses. */
export async function createRecords(
  change: Change,
  caller: Caller,
  kind: RecordKind,
  many: readonly Values[],
): Promise<number[]> {
  refuseWriter(kind, caller);
  refuseMadeElsewhere(kind);
  const filled = many.map((values) => filledIn(change, caller, kind, values));
  if (kind === 'saved-view') for (const values of filled) refuseView(values.ownerId, caller);
  await refuseMissing(change.tx, kind, filled, caller);
  return change.insert(
    kind,
    filled.map((values) => toRow(kind, values)),
  );
}

function filledIn(change: Change, caller: Caller, kind: RecordKind, values: Values): Values {
  const person = personOf(caller);
  if (kind === 'note') return { ...values, author: person.name, time: change.now };
  if (kind === 'saved-view')
    return { ...values, ownerId: values.ownerId === undefined ? person.userId : values.ownerId };
  return values;
}

/** Changes what is named. `seen`: the version that the caller has seen. */
export async function updateRecord(
  change: Change,
  caller: Caller,
  target: { readonly kind: RecordKind; readonly id: number; readonly seen: number | undefined },
  values: Values,
): Promise<void> {
  const { kind, id, seen } = target;
  refuseWriter(kind, caller);
  const row = await visibleRow(change, caller, kind, id);
  refuseOthers(kind, row, caller);
  if (kind === 'saved-view') {
    refuseView(row.owner_id, caller);
    if (values.ownerId !== undefined) refuseView(values.ownerId, caller);
  }
  const { author: _, ...own } = values;
  const given = kind === 'note' ? own : values;
  await refuseMissing(change.tx, kind, [given], caller);
  await change.update(kind, id, toRow(kind, given), seen);
}

export async function deleteRecord(
  change: Change,
  caller: Caller,
  target: { readonly kind: RecordKind; readonly id: number; readonly seen: number | undefined },
): Promise<void> {
  const { kind, id, seen } = target;
  refuseWriter(kind, caller);
  const row = await visibleRow(change, caller, kind, id);
  refuseOthers(kind, row, caller);
  if (kind === 'saved-view') refuseView(row.owner_id, caller);
  await change.remove(kind, [id], seen);
}

/** @throws AppError not-found, also for what belongs to somebody else */
async function visibleRow(change: Change, caller: Caller, kind: RecordKind, id: number): Promise<StoredRow> {
  const reach = reachOf(caller);
  // Before a rule of the record speaks of what stands beside it.
  if (reach !== null) await refuseOtherPlace(change.tx, reach, kind, id);
  const row = await change.get(kind, id);
  if (!isVisible(kind, row, caller))
    throw new AppError('not-found', `There is no ${kind} ${id}.`, undefined, { reason: 'gone' });
  return row;
}

/** What somebody wrote in a journal is changed by that person or an administrator. */
function refuseOthers(kind: RecordKind, row: StoredRow, caller: Caller): void {
  if (kind !== 'note') return;
  const { name, role } = personOf(caller);
  if (row.author !== name && !mayActAs(role, 'administrator'))
    throw new AppError(
      'forbidden',
      `This note was written by ${String(row.author)}; only they or an administrator can change it.`,
    );
}

function refuseMadeElsewhere(kind: RecordKind): void {
  if (!madeElsewhere.includes(kind)) return;
  const where = kind === 'document' ? 'POST /api/documents' : 'POST /api/credentials';
  throw new AppError('invalid', `A ${kind} is made with ${where}.`, undefined, { reason: 'made-elsewhere' });
}
