import type { Change } from '../../history/change.ts';
import type { Row, StoredRow, TableSpec } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { searchKey } from '../search-key.ts';
import { missing } from './places.ts';
import { recordSpec } from './spec.ts';
import { about } from './subjects.ts';

/** Links and their ends. */
export const cableSpecs: readonly TableSpec[] = [
  recordSpec('link', {
    table: 'links',
    derived: ['search_key'],
    nameOf: (row) => String(row.label ?? ''),
    prepare: async (_, rows) =>
      rows.map(({ next }) => {
        const label = next.label ?? '';
        return { ...next, label, search_key: searchKey(String(label)) };
      }),
    dependents: [{ kind: 'link-end', by: 'link_id', action: 'delete' }, ...about('link')],
  }),
  recordSpec('link-end', {
    table: 'link_ends',
    // Device or outlet, so that plugging and unplugging stands in its history.
    derived: [],
    nameOf: () => '',
    scopesOf: (row) => [
      { kind: 'link', id: Number(row.link_id) },
      { kind: 'port', id: Number(row.port_id) },
    ],
    prepare: checkEnds,
  }),
];

/** Behind a jack ends only what is installed; every other port has one side. */
async function checkEnds(
  change: Change,
  rows: readonly { readonly before: StoredRow | null; readonly next: Row }[],
): Promise<readonly Row[]> {
  const ids = [...new Set(rows.map(({ next }) => Number(next.port_id)))];
  const ports = new Map((await change.rows.byIds('ports', ids)).map((row) => [row.id, row]));
  return rows.map(({ next }) => {
    const port = ports.get(Number(next.port_id));
    if (port === undefined) throw missing('portId', 'port', next.port_id ?? null);
    if (next.port_side === 'rear' && port.two_sided !== 1)
      throw new AppError('invalid', `portSide: the port "${String(port.name)}" has no rear side.`, [
        { path: 'portSide', message: 'must be "front": this port has no rear side' },
      ]);
    return next;
  });
}
