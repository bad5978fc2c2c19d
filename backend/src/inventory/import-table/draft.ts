import { newRecord, type RecordKind, recordPatch } from '@rackhaus/config/contract';
import type { z } from 'zod';
import type { StoredRow } from '../../history/spec.ts';
import { toRecord } from '../records/columns.ts';
import { knownFields } from './fields.ts';
import type { Params, Reason } from './messages.ts';
import type { Row } from './row.ts';

export type Values = Readonly<Record<string, unknown>>;

/** A record to be made. Others refer to it by its negative number until it has one of its own. */
export interface Creation {
  readonly kind: RecordKind;
  readonly ref: number;
  readonly values: Record<string, unknown>;
  readonly name: string;
  /** The row that it is; null for what is made along with rows. */
  readonly row: number | null;
}

export interface Update {
  readonly kind: RecordKind;
  readonly id: number;
  readonly values: Values;
  readonly row: number;
}

/** A record that goes, before anything takes its place. */
export interface Removal {
  readonly kind: RecordKind;
  readonly id: number;
  readonly row: number;
}

/** A MAC address for a device that is only made: its ports are there afterwards. */
export interface LaterMac {
  readonly device: number;
  readonly mac: string;
  readonly row: number;
}

/** What a list would do, before any of it is done. */
export class Draft {
  readonly creations: Creation[] = [];
  readonly updates: Update[] = [];
  readonly removals: Removal[] = [];
  readonly macs: LaterMac[] = [];
  #last = 0;

  create(kind: RecordKind, values: Record<string, unknown>, name: string, row: number | null): number {
    const ref = --this.#last;
    this.creations.push({ kind, ref, values, name, row });
    return ref;
  }

  update(kind: RecordKind, id: number, values: Values, row: number): void {
    this.updates.push({ kind, id, values, row });
  }

  remove(kind: RecordKind, id: number, row: number): void {
    this.removals.push({ kind, id, row });
  }
}

/** Values of a new record of a row, checked; what is wrong is said to the row. Fields that are undefined are not said. */
export function checkNew(row: Row, kind: RecordKind, values: Values): Record<string, unknown> | null {
  const given = withoutUndefined(values);
  const parsed = schemaOf(newSchemas, kind, newRecord).safeParse(withStandIns(kind, given));
  if (!parsed.success) {
    for (const issue of parsed.error.issues) refuse(row, String(issue.path[0] ?? ''), issue, given);
    return null;
  }
  return { ...parsed.data, ...refsOf(kind, given) };
}

/** What of these values differs from a record, checked and said to the row; null when something is wrong. */
export function checkChange(
  row: Row,
  kind: RecordKind,
  stored: StoredRow,
  values: Values,
  show: (field: string, value: unknown) => string | null,
): Values | null {
  const record = toRecord(kind, stored);
  const given = withoutUndefined(values);
  const fields = knownFields(kind);
  const open = Object.fromEntries(
    Object.entries(given).filter(([field]) => fields.get(field)?.meta.fixed !== true),
  );
  const parsed = schemaOf(patchSchemas, kind, recordPatch).safeParse(withStandIns(kind, open));
  if (!parsed.success) {
    for (const issue of parsed.error.issues) refuse(row, String(issue.path[0] ?? ''), issue, given);
    return null;
  }
  const wanted: Record<string, unknown> = { ...parsed.data, ...refsOf(kind, open) };
  for (const [field, value] of Object.entries(given))
    if (!(field in open) && (value ?? null) !== (record[field] ?? null)) {
      row.refuse(field, 'fixed');
      return null;
    }
  const changed = Object.entries(wanted).filter(
    ([field, value]) => (value ?? null) !== (record[field] ?? null),
  );
  for (const [field, value] of changed)
    row.differs(kind, field, show(field, record[field]), show(field, value));
  return Object.fromEntries(changed);
}

/** Making a schema costs more than using it, and lists have thousands of rows. */
type Schemas = Map<RecordKind, z.ZodType<Record<string, unknown>>>;
const newSchemas: Schemas = new Map();
const patchSchemas: Schemas = new Map();
function schemaOf(schemas: Schemas, kind: RecordKind, make: typeof newRecord) {
  const known = schemas.get(kind);
  if (known !== undefined) return known;
  const made = make(kind);
  schemas.set(kind, made);
  return made;
}

const withoutUndefined = (values: Values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

const isRef = (kind: RecordKind, field: string) => knownFields(kind).get(field)?.meta.type === 'ref';

/** Records that are only made have negative numbers, which no schema takes. */
const withStandIns = (kind: RecordKind, values: Values) =>
  Object.fromEntries(
    Object.entries(values).map(([field, value]) => [
      field,
      isRef(kind, field) && typeof value === 'number' ? Math.abs(value) : value,
    ]),
  );
const refsOf = (kind: RecordKind, values: Values) =>
  Object.fromEntries(Object.entries(values).filter(([field]) => isRef(kind, field)));

/** Fields of a record that stand in columns of another name. */
const columnFields: Readonly<Record<string, string>> = {
  typeId: 'model',
  roomId: 'room',
  rackId: 'rack',
  contractId: 'contract',
  costCents: 'cost',
  vlanId: 'vlan',
  untaggedVlanId: 'vlan',
  siteId: 'site',
};

function refuse(row: Row, field: string, issue: z.core.$ZodIssue, given: Values): void {
  const empty = given[field] === undefined || given[field] === null || given[field] === '';
  const [reason, params] = empty ? (['missing', {}] as const) : reasonOf(field, issue);
  row.refuse(columnFields[field] ?? field, reason, params);
}

function reasonOf(field: string, issue: z.core.$ZodIssue): readonly [Reason, Params] {
  if (field === 'mac') return ['not-a-mac', {}];
  if (issue.code === 'too_big')
    return [issue.origin === 'string' ? 'too-long' : 'too-large', { most: String(issue.maximum) }];
  if (issue.code === 'too_small') return ['too-small', { least: String(issue.minimum) }];
  if (issue.code === 'invalid_format' && field === 'name') return ['bad-name', {}];
  return ['invalid', { hint: issue.message }];
}
