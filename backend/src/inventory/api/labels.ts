import type { RecordKind, RecordNames } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import type { Row } from '../../history/spec.ts';
import { specOf } from './kinds.ts';

/** Columns that a kind is known by, where it is not "name". */
const nameColumns: Partial<Readonly<Record<RecordKind, readonly string[]>>> = {
  'device-type': ['manufacturer', 'model'],
  port: ['name', 'device_id', 'outlet_id'],
  floor: ['name', 'building_id'],
  link: ['label'],
  'cable-test': ['tested_on'],
  'label-scheme': ['template'],
  order: ['number', 'title'],
  vlan: ['vid', 'name'],
  prefix: ['cidr'],
  address: ['address'],
  document: ['hash'],
  monitoring: ['address'],
  note: ['text'],
  'rule-limit': ['rule_id'],
};
/** Kinds that have no name of their own. */
const nameless: readonly RecordKind[] = [
  'link-end',
  'port-wire',
  'order-item',
  'order-step',
  'credential-rule',
  'port-vlan',
  'service-device',
  'service-need',
  'plan-mark',
  'rota-change',
];

/** The names of records: "SW-1:24" for a port, "Rathaus, EG" for a floor. What does not exist or has no name is left out. */
export async function namesOf(
  db: Database,
  wanted: ReadonlyMap<RecordKind, ReadonlySet<number>>,
): Promise<RecordNames> {
  const names: Record<string, string> = {};
  for (const [kind, ids] of wanted)
    for (const [id, name] of await namesOfKind(db, kind, [...ids])) names[`${kind}/${id}`] = name;
  return names;
}

async function namesOfKind(
  db: Database,
  kind: RecordKind,
  ids: readonly number[],
): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  if (nameless.includes(kind) || ids.length === 0) return names;
  const { table, nameOf } = specOf(kind);
  const columns = sql.join(['id', ...(nameColumns[kind] ?? ['name'])].map((column) => sql.ref(column)));
  const rows: (Row & { readonly id: number })[] = [];
  for (const part of chunked(ids)) {
    const found = await sql<Row & { readonly id: number }>`select ${columns} from ${sql.table(table)}
      where id in (${sql.join(part)})`.execute(db);
    rows.push(...found.rows);
  }
  const owners = await ownersOf(db, kind, rows);
  for (const row of rows) {
    const name = nameOf(row) || (kind === 'link' ? `${row.id}` : '');
    if (name !== '') names.set(row.id, owners(row, name));
  }
  return names;
}

/** How a name is put together with that of its owner. */
async function ownersOf(
  db: Database,
  kind: RecordKind,
  rows: readonly Row[],
): Promise<(row: Row, name: string) => string> {
  const idsIn = (column: string) =>
    [...new Set(rows.map((row) => row[column]))].filter((id) => typeof id === 'number');
  if (kind === 'port') {
    const devices = await namesOfKind(db, 'device', idsIn('device_id'));
    const outlets = await namesOfKind(db, 'outlet', idsIn('outlet_id'));
    return (row, name) => {
      const owner = devices.get(Number(row.device_id)) ?? outlets.get(Number(row.outlet_id));
      return owner === undefined ? name : `${owner}:${name}`;
    };
  }
  if (kind === 'floor') {
    const buildings = await namesOfKind(db, 'building', idsIn('building_id'));
    return (row, name) => {
      const building = buildings.get(Number(row.building_id));
      return building === undefined ? name : `${building}, ${name}`;
    };
  }
  return (_, name) => name;
}
