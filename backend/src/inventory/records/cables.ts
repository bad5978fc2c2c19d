import { checkEnds, checkKinds } from '../../cabling/connect/check-ends.ts';
import { checkWires } from '../../cabling/connect/check-wires.ts';
import type { Change } from '../../history/change.ts';
import type { DbValue, Description, Row, Scope, StoredRow, TableSpec } from '../../history/spec.ts';
import { searchKey } from '../search-key.ts';
import { portOwner } from './devices.ts';
import { recordSpec } from './spec.ts';
import { about } from './subjects.ts';

/** Links and their ends. */
export const cableSpecs: readonly TableSpec[] = [
  recordSpec('link', {
    table: 'links',
    searched: ['label'],
    derived: ['search_key'],
    nameOf: (row) => String(row.label ?? ''),
    prepare: async (change, rows) => {
      await checkKinds(change, rows);
      return rows.map(({ before, next }) => {
        const label = next.label ?? '';
        return { ...next, label, search_key: searchKey(String(label)), to_check: toCheck(before, next) };
      });
    },
    // What is done to a cable stands in the history of what it is plugged into.
    describe: async (change, rows) => {
      const ids = rows.flatMap(({ id }) => (typeof id === 'number' ? [id] : []));
      const ends = await change.rows.byIds('link_ends', ids, 'link_id');
      const ports = await describePorts(
        change,
        ends.map((end) => Number(end.port_id)),
      );
      const scopes = Map.groupBy(ends, (end) => end.link_id);
      return rows.map(({ id }) => ({
        scopes: (scopes.get(Number(id)) ?? []).flatMap((end) => [
          ...(ports.get(Number(end.port_id))?.scopes ?? []),
        ]),
      }));
    },
    dependents: [
      { kind: 'link-end', by: 'link_id', action: 'delete' },
      { kind: 'cable-test', by: 'link_id', action: 'delete' },
      ...about('link'),
    ],
    unique: { links_label_once: ['label'] },
  }),
  recordSpec('link-end', {
    table: 'link_ends',
    nameOf: () => '',
    scopesOf: (row) => [
      { kind: 'link', id: Number(row.link_id) },
      { kind: 'port', id: Number(row.port_id) },
    ],
    // Device or outlet, so that plugging and unplugging stands in its history.
    describe: async (change, rows) => {
      const ports = await describePorts(
        change,
        rows.map((row) => Number(row.port_id)),
      );
      return rows.map((row) => ports.get(Number(row.port_id)) ?? { scopes: [] });
    },
    prepare: checkEnds,
  }),
  recordSpec('port-wire', {
    table: 'port_wires',
    prepare: checkWires,
    nameOf: () => '',
    scopesOf: (row) => [{ kind: 'port', id: Number(row.port_id) }],
  }),
  recordSpec('cable-test', {
    table: 'cable_tests',
    nameOf: (row) => String(row.tested_on ?? ''),
    scopesOf: (row) => [{ kind: 'link', id: Number(row.link_id) }],
  }),
  recordSpec('label-scheme', { table: 'label_schemes', nameOf: (row) => String(row.template ?? '') }),
];

/** Somebody has looked who says how long it is now, or that it was inspected. */
function toCheck(before: StoredRow | null, next: Row): DbValue {
  if (before?.to_check !== 1) return next.to_check ?? 0;
  const looked = ['length_m', 'inspected_on', 'route'].some((column) => before[column] !== next[column]);
  return looked ? 0 : (next.to_check ?? 0);
}

/** Of ports, by id: what they belong to, and how they are written: `<device or outlet>:<port>`. */
async function describePorts(change: Change, ids: readonly number[]): Promise<Map<number, Description>> {
  const ports = await change.rows.pick('ports', ['id', 'name', 'device_id', 'outlet_id'], [...new Set(ids)]);
  const idsIn = (column: string) => [
    ...new Set(ports.flatMap(({ [column]: id }) => (typeof id === 'number' ? [id] : []))),
  ];
  const devices = await change.rows.byIds('devices', idsIn('device_id'));
  const outlets = await change.rows.byIds('outlets', idsIn('outlet_id'));
  const owners = new Map([
    ...devices.map((row): [string, string] => [`device/${row.id}`, String(row.name)]),
    ...outlets.map((row): [string, string] => [`outlet/${row.id}`, String(row.name)]),
  ]);
  return new Map(
    ports.map((port) => {
      const owner: Scope = portOwner(port);
      const name = `${owners.get(`${owner.kind}/${owner.id}`) ?? '?'}:${String(port.name)}`;
      return [Number(port.id), { scopes: [owner], name }];
    }),
  );
}
