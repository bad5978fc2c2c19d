import type { LabelKind, LabelSelection } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { codeOf } from './codes.ts';
import { devices, outlets, racks, rooms } from './subjects-places.ts';
import { links, ports } from './subjects-wires.ts';
import type { Values } from './template.ts';

/** What one label is for. A cable has two: one for each end. */
export interface Subject {
  readonly kind: LabelKind;
  readonly id: number;
  readonly name: string;
  readonly values: Values;
}

const where = ['room', 'number', 'floor', 'building', 'site'];
const always = ['code', 'n'];

/** The placeholders that templates of a kind may use. */
export const placeholders: Readonly<Record<LabelKind, readonly string[]>> = {
  rack: ['name', 'purpose', 'height', 'tag', 'serial', ...where, ...always],
  device: [
    ...['name', 'tag', 'serial', 'type', 'manufacturer', 'model', 'place', 'rack', 'u'],
    ...where,
    ...always,
  ],
  port: [
    ...['name', 'label', 'device', 'place', 'rack', 'u', 'far', 'cable', 'fixed', 'fixedCable'],
    ...where,
    ...always,
  ],
  link: [
    ...['label', 'tia', 'kind', 'color', 'length', 'near', 'far'],
    ...['near.name', 'near.port', 'near.rack', 'near.u', 'near.room'],
    ...['far.name', 'far.port', 'far.rack', 'far.u', 'far.room'],
    ...always,
  ],
  outlet: ['name', 'at', ...where, ...always],
  room: ['name', 'number', 'floor', 'building', 'site', ...always],
};

/**
 * The objects that a selection names, in the order of `ids`, else as they stand: by room, rack and unit from the top.
 * @throws AppError not-found when an id is not there, invalid when nothing is selected
 */
export async function loadSubjects(db: Database, selection: LabelSelection): Promise<Subject[]> {
  const found = await db.transaction().execute((tx) => load[selection.kind](tx, selection));
  const ordered = selection.ids === undefined ? found : inOrderOf(selection.kind, selection.ids, found);
  if (ordered.length === 0) throw new AppError('invalid', 'There is nothing to label in this selection.');
  return ordered.map((subject) => ({
    ...subject,
    values: { ...subject.values, code: codeOf(subject.kind, subject.id) },
  }));
}

const load: Readonly<
  Record<LabelKind, (db: Database, selection: LabelSelection) => Promise<readonly Subject[]>>
> = { rack: racks, device: devices, port: ports, link: links, outlet: outlets, room: rooms };

function inOrderOf(kind: LabelKind, ids: readonly number[], found: readonly Subject[]): Subject[] {
  const byId = Map.groupBy(found, (subject) => subject.id);
  const missing = ids.filter((id) => !byId.has(id));
  if (missing.length > 0)
    throw new AppError('not-found', `There is no such ${kind}: ${missing.slice(0, 5).join(', ')}.`);
  return ids.flatMap((id) => byId.get(id) ?? []);
}
