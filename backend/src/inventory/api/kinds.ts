import type { RecordKind } from '@rackhaus/config/contract';
import { mayActAs } from '../../access/admit.ts';
import { writerOf } from '../../access/permissions.ts';
import type { Row, TableSpec } from '../../history/spec.ts';
import type { Caller } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import { recordSpecs } from '../records/index.ts';
import { writtenElsewhere } from './written-elsewhere.ts';

/** A person who calls. */
export type Person = Extract<Caller, { kind: 'person' }>;

/** @throws AppError forbidden */
export function refuseWriter(kind: RecordKind, caller: Caller): void {
  const { role } = personOf(caller);
  const elsewhere = writtenElsewhere[kind];
  if (elsewhere !== undefined)
    throw new AppError('forbidden', `Records of the kind ${kind} are written by ${elsewhere}.`);
  if (!mayActAs(role, writerOf(kind)))
    throw new AppError(
      'forbidden',
      `Writing ${kind} records needs the role ${writerOf(kind)}; yours is ${role}.`,
    );
}

/** @throws AppError forbidden for who is not a person */
export function personOf(caller: Caller): Person {
  if (caller.kind !== 'person') throw new AppError('forbidden', 'This is for people.');
  return caller;
}

export function specOf(kind: RecordKind): TableSpec {
  const spec = recordSpecs.get(kind);
  if (spec === undefined) throw new Error(`Nothing says how "${kind}" is kept.`);
  return spec;
}

/** A saved view belongs to one person, or (owner null) to all. */
export function isVisible(kind: RecordKind, row: Row, caller: Caller): boolean {
  if (kind !== 'saved-view' || row.owner_id === null) return true;
  return caller.kind === 'person' && row.owner_id === caller.userId;
}

/** Refuses to make or change a view of somebody else, and to viewers one for all. @throws AppError forbidden */
export function refuseView(ownerId: unknown, caller: Caller): void {
  const person = personOf(caller);
  if (ownerId === null && !mayActAs(person.role, 'technician'))
    throw new AppError(
      'forbidden',
      'A view for everybody needs the role technician; ownerId must be your own.',
      [{ path: 'ownerId', message: 'must be your own' }],
    );
  if (ownerId !== null && ownerId !== person.userId)
    throw new AppError('forbidden', 'A view can belong to yourself or to all, not to somebody else.', [
      { path: 'ownerId', message: 'must be your own, or null for everybody' },
    ]);
}
