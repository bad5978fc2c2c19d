import type { SheetChoice, SheetKind } from '@rackhaus/config/contract';
import type { Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import { distributorSheet } from './distributor.ts';
import { inspectionSheet } from './inspection.ts';
import { Names } from './names.ts';
import { patchSheet } from './patch.ts';
import { placeName, placeOf } from './place.ts';
import { removalSheet } from './removal.ts';
import { type Sheet, type SheetMakers, type SheetRow, sorted } from './sheet.ts';
import { undocumentedSheet } from './undocumented.ts';
import { unusedSheet } from './unused.ts';
import type { SheetWords } from './words.ts';

const makers: SheetMakers = {
  distributor: distributorSheet,
  patch: patchSheet,
  removal: removalSheet,
  unused: unusedSheet,
  inspection: inspectionSheet,
  undocumented: undocumentedSheet,
};

/** A sheet with its title and the name of its place, in the order that was asked for. */
export interface FinishedSheet extends Sheet {
  readonly kind: SheetKind;
  readonly title: string;
  /** "" for everything. */
  readonly place: string;
  readonly words: SheetWords;
}

/** Makes a sheet; `reach`: of these sites only, with what a cable joins to them by name and what lies beyond without. @throws AppError not-found (place), invalid (column), too-large */
export async function makeSheet(
  db: Database,
  kind: SheetKind,
  choice: SheetChoice,
  now: number,
  reach: Reach | null = null,
): Promise<FinishedSheet> {
  const place = placeOf(choice.within);
  const names = new Names({ language: choice.language, place });
  const where = await placeName(db, place);
  const sheet = await makers[kind]({ db, place, reach, names, choice, now });
  const finished = { ...sheet, kind, title: names.words.titles[kind], place: where, words: names.words };
  if (choice.sort === undefined) return finished;
  return { ...finished, rows: sortedBy(sheet, choice.sort, choice), groupBy: null };
}

function sortedBy(sheet: Sheet, key: string, choice: SheetChoice): SheetRow[] {
  const column = sheet.columns.find((each) => each === key);
  if (column === undefined)
    throw new AppError('invalid', `sort: this sheet has no column "${key}".`, [
      { path: 'sort', message: `must be one of ${sheet.columns.join(', ')}` },
    ]);
  return sorted(sheet.rows, column, choice.order, choice.language);
}
