import type {
  ImportColumn,
  ImportOptions,
  ImportRow,
  ImportTarget,
  ImportType,
  ImportTypeChoice,
  RecordKind,
} from '@rackhaus/config/contract';
import type { DeviceTypeFile } from '@rackhaus/config/device-types';
import type { Database } from '../../database/tables.ts';
import type { Sheet } from './cells.ts';
import { cellText, columnLetter } from './cells.ts';
import { Draft } from './draft.ts';
import { type Known, readKnown } from './known.ts';
import { Places } from './places.ts';
import { planCables } from './plan-cables.ts';
import { planDevices } from './plan-devices.ts';
import { planAddresses, planPrefixes, planVlans } from './plan-network.ts';
import { planOutlets, planRacks, planRooms } from './plan-places.ts';
import { planPorts } from './plan-ports.ts';
import { planContracts, planSpareParts } from './plan-stock.ts';
import { type Column, Row } from './row.ts';
import { noteField } from './targets.ts';
import { Types } from './type-match.ts';

/** What a list is read as. */
export interface Mapping {
  readonly sheet: Sheet;
  readonly headingRow: number;
  readonly target: ImportTarget;
  /** By column. */
  readonly fields: readonly (string | null)[];
  readonly options: ImportOptions;
  readonly types: Readonly<Record<string, ImportTypeChoice>>;
}

/** What the planning of any kind of rows works with. */
export interface PlanContext {
  readonly db: Database;
  readonly known: Known;
  readonly draft: Draft;
  readonly places: Places;
  readonly types: Types;
  readonly options: ImportOptions;
  /** Fields that some column is for. */
  readonly fields: ReadonlySet<string>;
  /** The notes of a row: its column for notes, and a line for each column that goes there. Undefined when there is nothing. */
  readonly notes: (row: Row) => string | undefined;
  /** Calls `each` for every row, with room for others in between. */
  readonly forEach: <T>(items: readonly T[], each: (item: T) => void) => Promise<void>;
}

/** A row and the record that it means. */
export interface Planned {
  readonly row: Row;
  readonly kind: RecordKind;
  /** Null: it is made. Set when the record is there already. */
  readonly id: number | null;
  readonly name: string;
  /** Whether there is anything to do. */
  readonly changes: boolean;
}

export interface PlannedRows {
  readonly rows: readonly Planned[];
  /** Records of this kind that the list does not name. */
  readonly left: readonly { readonly id: number; readonly name: string }[];
}

export interface Plan {
  readonly draft: Draft;
  readonly rows: readonly ImportRow[];
  readonly types: readonly ImportType[];
}

const planners: Readonly<
  Record<ImportTarget, (context: PlanContext, rows: readonly Row[]) => Promise<PlannedRows>>
> = {
  device: planDevices,
  rack: planRacks,
  room: planRooms,
  outlet: planOutlets,
  port: planPorts,
  link: planCables,
  vlan: planVlans,
  prefix: planPrefixes,
  address: planAddresses,
  'spare-part': planSpareParts,
  contract: planContracts,
};

const kindOf: Readonly<Record<ImportTarget, RecordKind>> = {
  device: 'device',
  rack: 'rack',
  room: 'room',
  outlet: 'outlet',
  port: 'port',
  link: 'link',
  vlan: 'vlan',
  prefix: 'prefix',
  address: 'address',
  'spare-part': 'spare-part',
  contract: 'contract',
};

/**
 * Compares a list with the inventory: what would be made, changed, left, and what is wrong. Writes nothing. What is given
 * besides the list decides alone: the same list on the same inventory is the same plan.
 */
export async function planTable(options: {
  db: Database;
  library: ReadonlyMap<string, DeviceTypeFile>;
  mapping: Mapping;
  signal: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}): Promise<Plan> {
  const { db, library, mapping, signal, onProgress } = options;
  const known = await readKnown(db);
  const draft = new Draft();
  const columns = columnsOf(mapping);
  const byField = new Map(
    columns.filter(({ field }) => field !== noteField).map((column) => [column.field, column]),
  );
  const noteColumns = columns.filter(({ field }) => field === noteField);
  const rows = rowsOf(mapping, byField);
  const context: PlanContext = {
    db,
    known,
    draft,
    places: new Places({ known, draft, options: mapping.options }),
    types: new Types({ library, known, choices: mapping.types, draft }),
    options: mapping.options,
    fields: new Set(byField.keys()),
    notes: (row) => notesOf(row, noteColumns, mapping.sheet),
    forEach: async (items, each) => {
      for (const [index, item] of items.entries()) {
        each(item);
        if (index % 250 !== 249) continue;
        onProgress?.(index + 1, items.length);
        await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
      }
    },
  };
  const planned = await planners[mapping.target](context, rows);
  const kind = kindOf[mapping.target];
  return {
    draft,
    types: context.types.list(),
    rows: [
      ...planned.rows.map(outcomeOf),
      ...planned.left.map(
        ({ id, name }): ImportRow => ({
          row: null,
          file: null,
          outcome: 'left',
          kind,
          id,
          name,
          fields: [],
          problems: [],
          hints: [],
        }),
      ),
    ],
  };
}

function outcomeOf({ row, kind, id, name, changes }: Planned): ImportRow {
  const outcome = row.problems.length > 0 ? 'problem' : id === null ? 'create' : changes ? 'change' : 'same';
  return {
    row: row.number,
    file: null,
    outcome,
    kind,
    id,
    name,
    fields: row.fields,
    problems: row.problems,
    hints: row.hints,
  };
}

/** The heading of each column, or nothing. */
export function headingsOf({ sheet, headingRow }: Pick<Mapping, 'sheet' | 'headingRow'>): string[] {
  const width = sheet.rows.reduce((most, row) => Math.max(most, row.length), 0);
  const headings = headingRow === 0 ? [] : (sheet.rows[headingRow - 1] ?? []);
  return Array.from({ length: width }, (_, index) => cellText(headings[index]));
}

function columnsOf(mapping: Mapping): Column[] {
  return headingsOf(mapping).flatMap((heading, index) => {
    const field = mapping.fields[index] ?? null;
    return field === null ? [] : [{ index, letter: columnLetter(index), heading, field }];
  });
}

/** Rows with something in them. */
function rowsOf(mapping: Mapping, columns: ReadonlyMap<string, Column>): Row[] {
  const { sheet, headingRow, options } = mapping;
  const rows: Row[] = [];
  for (let index = headingRow; index < sheet.rows.length; index++) {
    const cells = sheet.rows[index] ?? [];
    if ([...columns.values()].some((column) => cellText(cells[column.index]) !== ''))
      rows.push(new Row({ number: index + 1, cells, columns, options }));
  }
  return rows;
}

function notesOf(row: Row, columns: readonly Column[], sheet: Sheet): string | undefined {
  const cells = sheet.rows[row.number - 1] ?? [];
  const own = row.cell('notes');
  const lines = [
    ...(own === null ? [] : [typeof own === 'string' ? own.trim() : cellText(own)]),
    ...columns.flatMap(({ index, heading, letter }) => {
      const text = cellText(cells[index]);
      return text === '' ? [] : [`${heading || letter}: ${text}`];
    }),
  ];
  return lines.length === 0 ? undefined : lines.join('\n');
}

/** The columns of a list for the screen: what stands there and what it is taken for. */
export function describeColumns(mapping: Pick<Mapping, 'sheet' | 'headingRow' | 'fields'>): ImportColumn[] {
  const rows = mapping.sheet.rows.slice(mapping.headingRow);
  return headingsOf(mapping).map((heading, index) => {
    const samples: string[] = [];
    let filled = 0;
    for (const row of rows) {
      const text = cellText(row[index]);
      if (text === '') continue;
      filled++;
      if (samples.length < 3 && !samples.includes(text)) samples.push(text.slice(0, 80));
    }
    return { letter: columnLetter(index), heading, samples, filled, field: mapping.fields[index] ?? null };
  });
}
