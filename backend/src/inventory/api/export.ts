import { Worker } from 'node:worker_threads';
import {
  type FieldMeta,
  fieldsOf,
  type RecordExportQuery,
  type RecordKind,
  type RecordNames,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { chunked, Rows } from '../../history/rows.ts';
import type { StoredRow } from '../../history/spec.ts';
import type { Caller } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import type { Cell } from '../import-table/cells.ts';
import { writeCsv } from '../import-table/csv.ts';
import { columnName, toRecord } from '../records/columns.ts';
import { fieldHeading, kindHeading, type Language, optionWord } from './export-words.ts';
import { filterable } from './filters.ts';
import { specOf } from './kinds.ts';
import { namesAround, selectedIds } from './selection.ts';

/** What a spreadsheet and the memory take. */
const mostRows = 100_000;

/** A file that is made a part at a time. */
export interface ExportFile {
  readonly name: string;
  readonly mediaType: string;
  readonly parts: AsyncIterable<string | Uint8Array>;
}

/**
 * The selected records as a file, in the order and with the columns that are asked for, and with their ids.
 * @throws AppError invalid (filter, order, column), too-large
 */
export async function exportRecords(
  db: Database,
  kind: RecordKind,
  query: RecordExportQuery,
  context: { readonly caller: Caller; readonly now: number },
): Promise<ExportFile> {
  const { format, language, columns, ...selection } = query;
  const fields = chosenFields(kind, columns);
  const ids = await selectedIds(db, kind, selection, context.caller);
  if (ids.length > mostRows)
    throw new AppError(
      'too-large',
      `${ids.length} records are selected; a file holds at most ${mostRows}. Please narrow the list with a filter.`,
      undefined,
      { reason: 'too-many-rows' },
    );
  const title = kindHeading(kind, language);
  const name = `${title} ${new Date(context.now).toISOString().slice(0, 10)}.${format}`;
  const source = { db, kind, ids, caller: context.caller };
  switch (format) {
    case 'json':
      return { name, mediaType: 'application/json', parts: json(source, fields) };
    case 'csv':
      return { name, mediaType: 'text/csv; charset=utf-8', parts: csv(source, fields, language) };
    case 'xlsx':
      return {
        name,
        mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        parts: xlsx(source, fields, language, title),
      };
  }
}

interface Source {
  readonly db: Database;
  readonly kind: RecordKind;
  readonly ids: readonly number[];
  readonly caller: Caller;
}

/** The records with what their ids are called, some at a time. */
async function* partsOf({
  db,
  kind,
  ids,
  caller,
}: Source): AsyncGenerator<{ rows: StoredRow[]; names: RecordNames }> {
  const reader = new Rows(db);
  for (const part of chunked(ids)) {
    const found = new Map((await reader.byIds(specOf(kind).table, part)).map((row) => [row.id, row]));
    const rows = part.flatMap((id) => found.get(id) ?? []);
    yield {
      rows,
      names: await namesAround(
        db,
        kind,
        rows.map((row) => toRecord(kind, row)),
        caller,
      ),
    };
  }
}

/** Values as the API gives them, and beside each id what it is called. */
async function* json(source: Source, fields: readonly string[]): AsyncGenerator<string> {
  let first = true;
  yield '[';
  for await (const { rows, names } of partsOf(source)) {
    const lines = rows.map((row) => {
      const record = toRecord(source.kind, row);
      const values = Object.fromEntries(
        fields.flatMap((field) => {
          const value = field in record ? record[field] : (row[columnName(field)] ?? null);
          const to = fieldsOf(source.kind).get(field)?.meta.to;
          const called = to === undefined ? undefined : names[`${to}/${String(value)}`];
          return [
            [field, value] as const,
            ...(called === undefined ? [] : [[`${field}Name`, called] as const]),
          ];
        }),
      );
      return JSON.stringify({ id: row.id, ...values });
    });
    if (lines.length > 0) yield `${first ? '' : ','}\n${lines.join(',\n')}`;
    first = false;
  }
  yield '\n]\n';
}

/** With a byte order mark and semicolons: that is how a German Excel opens it right away. */
async function* csv(source: Source, fields: readonly string[], language: Language): AsyncGenerator<string> {
  yield `\uFEFF${writeCsv([headings(source.kind, fields, language)])}`;
  for await (const { rows, names } of partsOf(source))
    yield writeCsv(
      rows.map((row) =>
        cells(source.kind, row, names, fields, language).map((cell) => csvText(cell, language)),
      ),
    );
}

/** Numbers as the language writes them; a text that a spreadsheet would take for a formula gets a quotation mark (OWASP, CSV injection). */
export function csvText(cell: Cell, language: Language): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return language === 'de' ? String(cell).replace('.', ',') : String(cell);
  if (typeof cell === 'boolean') return yesNo(cell, language);
  if (typeof cell === 'object') return cell.day;
  return /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
}

async function* xlsx(
  source: Source,
  fields: readonly string[],
  language: Language,
  title: string,
): AsyncGenerator<Uint8Array> {
  const rows: Cell[][] = [[...headings(source.kind, fields, language)]];
  for await (const part of partsOf(source))
    for (const row of part.rows) rows.push(cells(source.kind, row, part.names, fields, language));
  // The longest name that a sheet may have.
  yield await writeInThread({ name: title.slice(0, 31), rows });
}

/** A workbook of one sheet. The library needs the whole sheet at once, and its time: a thread of its own writes it. */
export function writeInThread(sheet: {
  readonly name: string;
  readonly rows: readonly (readonly Cell[])[];
}): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./export-worker.ts', import.meta.url), {
      workerData: sheet,
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    worker.once('message', (message: unknown) => resolve(z.instanceof(Uint8Array).parse(message)));
    worker.once('error', reject);
    worker.once('exit', (code) =>
      reject(new Error(`The thread that writes the workbook ended with code ${code}.`)),
    );
  });
}

function headings(kind: RecordKind, fields: readonly string[], language: Language): string[] {
  return [...fields, 'id'].map((field) => fieldHeading(kind, field, language));
}

function cells(
  kind: RecordKind,
  row: StoredRow,
  names: RecordNames,
  fields: readonly string[],
  language: Language,
): Cell[] {
  const metas = fieldsOf(kind);
  return [
    ...fields.map((field) => {
      const value = row[columnName(field)] ?? null;
      if (field === 'subjectId') return names[`${String(row.subject_kind)}/${String(value)}`] ?? value;
      const meta = metas.get(field)?.meta;
      if (meta === undefined) return field === 'fullDepth' ? yesNo(value === 1, language) : value;
      return cellOf(kind, field, meta, value, names, language);
    }),
    row.id,
  ];
}

function cellOf(
  kind: RecordKind,
  field: string,
  meta: FieldMeta,
  value: string | number | null,
  names: RecordNames,
  language: Language,
): Cell {
  if (value === null) return null;
  switch (meta.type) {
    case 'ref':
      return names[`${meta.to}/${value}`] ?? value;
    case 'choice':
      return optionWord(kind, field, String(value), language);
    case 'flag':
      return yesNo(value === 1, language);
    case 'date':
      return { day: String(value) };
    case 'time':
      return new Date(Number(value)).toISOString();
    case 'integer':
    case 'number':
      return meta.unit === 'ct' ? Number(value) / 100 : Number(value);
    default:
      return value;
  }
}

function yesNo(value: boolean, language: Language): string {
  if (language === 'de') return value ? 'ja' : 'nein';
  return value ? 'yes' : 'no';
}

/** @throws AppError invalid for a column that the kind does not have */
function chosenFields(kind: RecordKind, columns: string | undefined): string[] {
  const known = [...filterable(kind).keys()].filter((field) => field !== 'id');
  if (columns === undefined || columns === '')
    return known.filter((field) => !(kind === 'device-type' && field === 'definition'));
  const chosen = columns.split(',');
  const unknown = chosen.find((field) => field !== 'id' && !known.includes(field));
  if (unknown !== undefined)
    throw new AppError('invalid', `columns: ${kind} has no field "${unknown}".`, [
      { path: 'columns', message: `must be some of ${known.join(', ')}` },
    ]);
  return chosen.filter((field) => field !== 'id');
}
