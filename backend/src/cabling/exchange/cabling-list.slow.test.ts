import { type ImportRow, importLimits } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../database/tables.ts';
import { applyDraft, withoutRows } from '../../inventory/import-table/apply.ts';
import type { Cell } from '../../inventory/import-table/cells.ts';
import { guessFields, guessHeadingRow, guessTarget } from '../../inventory/import-table/guess.ts';
import { headingsOf, planTable } from '../../inventory/import-table/plan.ts';
import { readTable } from '../../inventory/import-table/read-table.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { tester, townHallInventory, types } from '../../inventory/testing.ts';
import { loadGraphAround } from '../load-graph.ts';
import { tracePort } from '../trace.ts';
import { exportCables } from './export.ts';

const signal = new AbortController().signal;
const options = {
  notation: 'de',
  site: '',
  building: '',
  floor: '',
  room: '',
  heightU: 42,
  fromTop: false,
  monitor: false,
} as const;

async function plan(db: Database, rows: readonly (readonly Cell[])[]) {
  const sheet = { name: 'Verkabelung', rows };
  const headingRow = guessHeadingRow(sheet);
  const headings = headingsOf({ sheet, headingRow });
  const { target } = guessTarget(headings, sheet.name);
  expect(target).toBe('link');
  const fields = guessFields(headings, target);
  return planTable({
    db,
    library: types,
    mapping: { sheet, headingRow, target, fields, options, types: {} },
    signal,
  });
}

async function bring(
  inventory: Inventory,
  db: Database,
  rows: readonly (readonly Cell[])[],
): Promise<number | null> {
  const planned = await plan(db, rows);
  expect(planned.rows.filter((row) => row.problems.length > 0)).toEqual([]);
  const { changeId } = await inventory.changes.run(tester, (change) =>
    applyDraft(change, withoutRows(planned.draft, new Set()), { signal, onProgress: () => {} }),
  );
  return changeId;
}

const outcomes = (rows: readonly ImportRow[]) =>
  Object.fromEntries([...Map.groupBy(rows, (row) => row.outcome)].map(([key, list]) => [key, list.length]));

async function listOf(
  db: Database,
  format: 'xlsx' | 'csv',
  language: 'de' | 'en',
): Promise<readonly (readonly Cell[])[]> {
  const { bytes } = await exportCables(db, { place: null, language, format });
  const [sheet] = await readTable(`x.${format}`, new Uint8Array(bytes), signal);
  expect(sheet?.rows.length ?? 0).toBeLessThan(importLimits.rows);
  return sheet?.rows ?? [];
}

/** What is at the ends of every path, by ports. */
async function traces(db: Database): Promise<string[]> {
  const ports = (await db.selectFrom('link_ends').select('port_id').distinct().execute()).map(
    (row) => row.port_id,
  );
  const graph = await loadGraphAround(db, ports);
  return ports
    .toSorted((a, b) => a - b)
    .map((id) => JSON.stringify([id, tracePort(graph, id).nodes.map((node) => [node.portId, node.end])]));
}

async function emptied(inventory: Inventory, db: Database): Promise<number | null> {
  const ids = (await db.selectFrom('links').select('id').execute()).map((row) => row.id);
  const { changeId } = await inventory.changes.run(tester, (change) => change.remove('link', ids));
  return changeId;
}

describe('the list of all cables', async () => {
  const { db, inventory } = await townHallInventory();

  it.each([
    ['xlsx', 'de'],
    ['csv', 'de'],
    ['csv', 'en'],
  ] as const)('has nothing to do when it comes back (%s, %s)', async (format, language) => {
    const planned = await plan(db, await listOf(db, format, language));
    const links = (await db.selectFrom('links').select('id').execute()).length;
    expect(outcomes(planned.rows)).toEqual({ same: links });
  });

  it('makes the same paths again where all cables are gone, as one change that can be undone', async () => {
    const list = await listOf(db, 'xlsx', 'de');
    const before = await traces(db);
    await emptied(inventory, db);
    const changeId = await bring(inventory, db, list);
    expect(await traces(db)).toEqual(before);
    await inventory.changes.undo(changeId ?? 0, tester);
    expect(await db.selectFrom('links').select('id').execute()).toEqual([]);
    await bring(inventory, db, list);
    expect(await traces(db)).toEqual(before);
  });

  it('keeps any mixture of kinds, labels, colours and open ends', async () => {
    const made = await townHallInventory();
    await emptied(made.inventory, made.db);
    const jacks = await made.db
      .selectFrom('ports')
      .innerJoin('devices', 'devices.id', 'ports.device_id')
      .select(['ports.id', 'ports.two_sided'])
      .where('devices.role', '=', 'panel')
      .where('ports.two_sided', '=', 1)
      .limit(40)
      .execute();
    const cable = fc.record({
      kind: fc.constantFrom('patch' as const, 'permanent' as const),
      label: fc
        .stringMatching(/^[A-Z=+][A-Z0-9 ;"-]{0,8}[A-Z0-9]$/)
        .map((label) => label.replaceAll(/ +/g, ' ')),
      color: fc.constantFrom(null, 'yellow', 'gelb', '#ff0000', 'türkis hell'),
      length_m: fc.constantFrom(null, 0.5, 2, 12.25),
      status: fc.constantFrom('installed' as const, 'reserved' as const, 'found' as const),
      notes: fc.constantFrom(null, 'zwei\nZeilen', '=1+1'),
      ends: fc.constantFrom(0, 1, 2),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(cable, { selector: (each) => each.label.toLowerCase(), minLength: 1, maxLength: 12 }),
        fc.constantFrom('xlsx' as const, 'csv' as const),
        async (cables, format) => {
          // A run that failed leaves its cables to the next one.
          await emptied(made.inventory, made.db);
          const { changeId } = await made.inventory.changes.run(tester, async (change) => {
            let next = 0;
            for (const { ends, ...values } of cables) {
              const [id = 0] = await change.insert('link', [values]);
              const sides = (['a', 'b'] as const).slice(0, ends);
              await change.insert(
                'link-end',
                sides.map((side) => ({
                  link_id: id,
                  side,
                  port_id: jacks[next++]?.id ?? 0,
                  port_side: values.kind === 'permanent' ? 'rear' : 'front',
                })),
              );
            }
          });
          const list = await listOf(made.db, format, 'de');
          expect(outcomes((await plan(made.db, list)).rows)).toEqual({ same: cables.length });
          const before = await traces(made.db);
          const gone = await emptied(made.inventory, made.db);
          const back = await bring(made.inventory, made.db, list);
          expect(await traces(made.db)).toEqual(before);
          expect(await listOf(made.db, format, 'de')).toEqual(list);
          for (const id of [back, gone, changeId]) await made.inventory.changes.undo(id ?? 0, tester);
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
  }, 120_000);
});

describe('a list of cables', async () => {
  const { db, inventory } = await townHallInventory();
  const head = ['Von', 'Nach', 'Kabel', 'Farbe'];

  it('moves a cord, and lets two change places', async () => {
    const rows = [
      head,
      ['A:1', 'acc-ug-1:1/1/2', 'K-0101', null],
      ['A:2', 'acc-ug-1:1/1/1', 'K-0102', 'rot'],
    ];
    const planned = await plan(db, rows);
    expect(
      planned.rows.slice(0, 2).map((row) => [row.outcome, row.fields.map((field) => field.field)]),
    ).toEqual([
      ['change', ['to']],
      ['change', ['color', 'to']],
    ]);
    const changeId = await bring(inventory, db, rows);
    expect(outcomes((await plan(db, rows)).rows).same).toBe(2);
    await inventory.changes.undo(changeId ?? 0, tester);
  });

  it('says what is in the way, and which port may be meant', async () => {
    const rows = [
      head,
      ['A:1', 'acc-ug-1:1/1/30', 'N-1', null],
      ['A:3', 'acc-ug-1:1/1/99', 'N-2', null],
      ['A:3', 'acc-ug-1:1/1/40', 'N-3', null],
      ['Feld A Port 3', 'acc-ug-1:1/1/41', 'N-4', null],
      ['A:6', 'usv-a:1', 'N-5', null],
    ];
    const { rows: found } = await plan(db, rows);
    const problems = found.slice(0, 5).map(({ problems }) => problems[0]);
    expect(problems[0]).toMatchObject({ reason: 'port-taken', column: 'A', params: { other: 'K-0101' } });
    expect(problems[1]).toMatchObject({ reason: 'no-such-end-but', column: 'B', value: 'acc-ug-1:1/1/99' });
    expect(problems[1]?.params.proposal).toMatch(/^acc-ug-1:1\/1\/\d+$/);
    expect(problems[2]).toBeUndefined();
    expect(problems[3]).toMatchObject({ reason: 'port-taken-by-row', params: { row: '4' } });
    expect(problems[4]).toBeDefined();
  });
});
