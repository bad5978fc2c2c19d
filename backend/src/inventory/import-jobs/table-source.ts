import {
  type ImportOptions,
  type ImportSettings,
  type ImportTable,
  type ImportType,
  importTargets,
} from '@rackhaus/config/contract';
import type { DeviceTypeFile } from '@rackhaus/config/device-types';
import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import { AppError } from '../../problem.ts';
import { applyDraft, withoutRows } from '../import-table/apply.ts';
import type { Sheet } from '../import-table/cells.ts';
import { guessFields, guessHeadingRow, guessOptions, guessTarget } from '../import-table/guess.ts';
import { describeColumns, headingsOf, type Mapping, type Plan, planTable } from '../import-table/plan.ts';
import { readTable } from '../import-table/read-table.ts';
import { targetFields } from '../import-table/targets.ts';
import type { ImportSource, SourcePlan, Watch } from './source.ts';

/** Rows by which it is guessed what columns are. */
const sampled = 200;

/** A list from a spreadsheet or a text file. */
export class TableSource implements ImportSource {
  readonly kind = 'table';
  readonly #db: Database;
  readonly #fileName: string;
  readonly #library: ReadonlyMap<string, DeviceTypeFile>;
  readonly #defaults: ImportOptions;
  #bytes: Uint8Array<ArrayBuffer> | null;
  #sheets: readonly Sheet[] = [];
  #sheet = 0;
  #mapping: Mapping | null = null;
  #planned: { readonly plan: Plan; readonly revision: number; readonly mapping: Mapping } | null = null;

  constructor(options: {
    db: Database;
    fileName: string;
    bytes: Uint8Array<ArrayBuffer>;
    library: ReadonlyMap<string, DeviceTypeFile>;
    /** What holds where neither the list nor the person says anything. */
    defaults: ImportOptions;
  }) {
    this.#db = options.db;
    this.#fileName = options.fileName;
    this.#bytes = options.bytes;
    this.#library = options.library;
    this.#defaults = options.defaults;
  }

  async read({ signal }: Watch): Promise<void> {
    if (this.#bytes === null) return;
    this.#sheets = await readTable(this.#fileName, this.#bytes, signal);
    this.#bytes = null;
    // The sheet that looks most like a list: a workbook often begins with a cover.
    const scores = this.#sheets.map(
      (sheet) => guessTarget(headingsOf({ sheet, headingRow: guessHeadingRow(sheet) }), sheet.name).score,
    );
    this.#sheet = Math.max(0, scores.indexOf(Math.max(...scores)));
    this.#mapping = this.#guessed(this.#sheet, {});
  }

  table(): ImportTable | null {
    const mapping = this.#mapping;
    if (mapping === null) return null;
    return {
      sheets: this.#sheets.map(({ name, rows }) => ({ name, rows: rows.length })),
      sheet: this.#sheet,
      headingRow: mapping.headingRow,
      rows: Math.max(0, mapping.sheet.rows.length - mapping.headingRow),
      target: mapping.target,
      fields: targetFields(mapping.target).map(({ field }) => field),
      columns: describeColumns(mapping),
      options: mapping.options,
      types: this.#types(),
    };
  }

  #types(): ImportType[] {
    return [...(this.#planned?.plan.types ?? [])];
  }

  configure(settings: ImportSettings): void {
    const mapping = this.#mapping;
    if (mapping === null) throw new AppError('conflict', 'The file is still being read.');
    const sheet = settings.sheet ?? this.#sheet;
    if (this.#sheets[sheet] === undefined)
      throw new AppError('invalid', `sheet: there is no sheet ${sheet}.`, [
        { path: 'sheet', message: `there is no sheet ${sheet}` },
      ]);
    const isAnother =
      sheet !== this.#sheet ||
      (settings.headingRow ?? mapping.headingRow) !== mapping.headingRow ||
      (settings.target ?? mapping.target) !== mapping.target;
    const base = isAnother ? this.#guessed(sheet, settings) : mapping;
    this.#sheet = sheet;
    this.#mapping = {
      ...base,
      fields: isAnother ? base.fields : this.#checkedFields(settings.fields, base),
      options: settings.options ?? mapping.options,
      types: settings.types ?? mapping.types,
    };
  }

  #checkedFields(fields: ImportSettings['fields'], mapping: Mapping): Mapping['fields'] {
    if (fields === undefined) return mapping.fields;
    const known = new Set(targetFields(mapping.target).map(({ field }) => field));
    const unknown = fields.find((field) => field !== null && !known.has(field));
    if (unknown !== undefined)
      throw new AppError('invalid', `fields: there is no field "${unknown}".`, [
        { path: 'fields', message: `there is no field "${unknown}"` },
      ]);
    return fields;
  }

  #guessed(index: number, wanted: ImportSettings): Mapping {
    const sheet = this.#sheets[index] ?? { name: '', rows: [] };
    const sameSheet = index === this.#sheet && this.#mapping !== null;
    const headingRow =
      wanted.headingRow ?? (sameSheet ? this.#mapping?.headingRow : undefined) ?? guessHeadingRow(sheet);
    const headings = headingsOf({ sheet, headingRow });
    const target = wanted.target ?? guessTarget(headings, sheet.name).target;
    const samples = sheet.rows.slice(headingRow, headingRow + sampled);
    return {
      sheet,
      headingRow,
      target: importTargets.includes(target) ? target : 'device',
      fields: guessFields(headings, target, samples),
      options: this.#mapping?.options ?? guessOptions(samples, this.#defaults),
      types: this.#mapping?.types ?? {},
    };
  }

  async plan(watch: Watch): Promise<SourcePlan> {
    const mapping = this.#mapping;
    if (mapping === null) throw new Error('The file has not been read.');
    const revision = await revisionOf(this.#db);
    const plan = await planTable({ db: this.#db, library: this.#library, mapping, ...watch });
    this.#planned = { plan, revision, mapping };
    const { creations } = withoutRows(plan.draft, refusedRows(plan));
    return {
      rows: plan.rows,
      also: creations.filter(({ row }) => row === null).map(({ kind, name }) => ({ kind, name })),
    };
  }

  async write(change: Change, options: Watch & { leaveOut: boolean }): Promise<void> {
    const planned = this.#planned;
    if (planned === null) throw new Error('Nothing has been planned.');
    let { plan } = planned;
    if ((await revisionOf(change.tx)) !== planned.revision) {
      plan = await planTable({
        db: change.tx,
        library: this.#library,
        mapping: planned.mapping,
        signal: options.signal,
      });
      if (JSON.stringify(plan.rows) !== JSON.stringify(planned.plan.rows))
        throw new AppError(
          'conflict',
          'The inventory has been changed since the preview was made. Please look at it again.',
          undefined,
          { reason: 'outdated' },
        );
    }
    const refused = refusedRows(plan);
    if (refused.size > 0 && !options.leaveOut)
      throw new AppError('invalid', `${refused.size} rows have problems.`, undefined, { reason: 'problems' });
    await applyDraft(change, withoutRows(plan.draft, refused), options);
  }
}

function refusedRows({ rows }: Plan): Set<number> {
  return new Set(rows.flatMap(({ row, outcome }) => (outcome === 'problem' && row !== null ? [row] : [])));
}

/** Counts the changes of the inventory. */
export async function revisionOf(db: Database): Promise<number> {
  const row = await db.selectFrom('inventory_revision').select('revision').executeTakeFirstOrThrow();
  return Number(row.revision);
}
