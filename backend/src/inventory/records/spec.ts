import { fieldsOf, type RecordKind } from '@rackhaus/config/contract';
import type { TableSpec } from '../../history/spec.ts';
import { settleTerms } from '../search/terms.ts';
import { columnsOf, toFields, toRecord, toRow } from './columns.ts';

type Given = Omit<TableSpec, 'kind' | 'columns' | 'initial' | 'record' | 'fields' | 'nameOf'> & {
  /** Columns that no field shows. */
  readonly derived?: readonly string[];
  /** Columns by whose words the record is found, besides its name. */
  readonly searched?: readonly string[];
  readonly nameOf?: TableSpec['nameOf'];
};

/** How records of a kind are kept: fields become columns by one rule, and most kinds are known by their name. */
export function recordSpec(kind: RecordKind, given: Given): TableSpec {
  const { derived = [], searched = [], settle, nameOf = (row) => String(row.name ?? ''), ...rest } = given;
  return {
    kind,
    columns: [...columnsOf(kind), ...derived],
    initial: toRow(kind, initialValues(kind)),
    record: (row) => toRecord(kind, row),
    fields: (row) => toFields(kind, row),
    nameOf,
    ...(searched.length === 0 && settle === undefined
      ? {}
      : {
          settle: async (change, rows) => {
            await settle?.(change, rows);
            await settleTerms(change, { kind, table: rest.table, columns: searched }, rows);
          },
        }),
    ...rest,
  };
}

function initialValues(kind: RecordKind): Record<string, unknown> {
  return Object.fromEntries(
    [...fieldsOf(kind)].flatMap(([name, { meta }]) => ('initial' in meta ? [[name, meta.initial]] : [])),
  );
}
