import { SheetChoice, type SheetKind } from '@rackhaus/config/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../database/tables.ts';
import { readWorkbook } from '../../inventory/import-table/xlsx.ts';
import { townHallInventory } from '../../inventory/testing.ts';
import { loadFonts } from '../../labels/fonts.ts';
import { sheetFile } from './file.ts';
import { sheetPages } from './pages.ts';
import { type FinishedSheet, makeSheet } from './sheets.ts';

const now = Date.parse('2026-11-22T10:00:00Z');
let db: Database;
let rack = '';
beforeAll(async () => {
  ({ db } = await townHallInventory());
  const row = await db
    .selectFrom('racks')
    .select('id')
    .where('name', '=', 'Schrank 1')
    .executeTakeFirstOrThrow();
  rack = `rack:${row.id}`;
});

const make = (kind: SheetKind, choice: Record<string, string> = {}): Promise<FinishedSheet> =>
  makeSheet(db, kind, SheetChoice.parse(choice), now);
const lines = (sheet: FinishedSheet) =>
  sheet.rows.map((row) => Object.fromEntries(Object.entries(row.cells).map(([key, cell]) => [key, cell])));

describe('the patch list', () => {
  it('says of each cord where it leads and what is beyond, in the order in which one walks', async () => {
    const sheet = await make('patch', { within: rack });
    expect(sheet.place).toBe('Rathaus · Untergeschoss · Serverraum neu · Schrank 1');
    expect(lines(sheet)[2]).toMatchObject({
      unit: 42,
      from: 'A:4',
      to: 'acc-ug-1:1/1/3',
      onTo: 'ap-eg-1:eth0 (0.01 Bürgerbüro)',
      label: 'K-0103',
      color: 'blau',
      length: 2,
    });
    const units = sheet.rows.map((row) => Number(row.cells.unit));
    expect(units).toEqual(units.toSorted((a, b) => b - a));
  });

  it('names the rack of an end that is in another one', async () => {
    const sheet = await make('patch', { within: rack });
    const away = sheet.rows.filter((row) => /\(.*Schrank [23]\)/.test(String(row.cells.to)));
    expect(away.length).toBeGreaterThan(0);
  });

  it('is sorted by a column when somebody asks, and refuses one that it does not have', async () => {
    const sheet = await make('patch', { within: rack, sort: 'label', order: 'desc' });
    const labels = sheet.rows.map((row) => String(row.cells.label));
    expect(labels).toEqual(labels.toSorted((a, b) => b.localeCompare(a, 'de', { numeric: true })));
    await expect(make('patch', { sort: 'finding' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(make('patch', { within: 'rack:999' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('lists power cords when they are asked for', async () => {
    const sheet = await make('patch', { within: rack, cables: 'power' });
    expect(sheet.rows.length).toBeGreaterThan(0);
    expect(sheet.rows.every((row) => String(row.cells.label).startsWith('S'))).toBe(true);
  });
});

describe('the distributor sheet', () => {
  it('tells each line that is laid there, used or in reserve, and names no room, device or person', async () => {
    const sheet = await make('distributor', { within: rack });
    const [first, , third] = lines(sheet);
    expect(first).toMatchObject({
      port: 'A:1',
      lineTo: '0.01-1:1 (Erdgeschoss)',
      patchedTo: 'HE 34:1/1/1',
      state: 'belegt',
    });
    expect(third).toMatchObject({
      port: 'A:3',
      lineTo: '0.01-2:1 (Erdgeschoss)',
      patchedTo: '',
      state: 'Reserve',
    });
    const text = JSON.stringify(sheet.rows);
    const devices = await db.selectFrom('devices').select(['name', 'role']).execute();
    for (const { name } of devices.filter(({ role, name }) => role !== 'panel' && name.length > 3))
      expect(text, name).not.toContain(name);
    for (const { name } of await db.selectFrom('rooms').select('name').execute())
      expect(text, name).not.toContain(name);
  });
});

describe('the removal list', () => {
  it('has every cord on the paths of a device with both ends, and says what stays', async () => {
    const device = await db
      .selectFrom('devices')
      .select('id')
      .where('name', '=', 'acc-ug-1')
      .executeTakeFirstOrThrow();
    const sheet = await make('removal', { devices: String(device.id) });
    const found = lines(sheet);
    expect(found.find((row) => row.label === 'K-0103')).toMatchObject({
      endA: 'A:4 (Serverraum neu, Schrank 1, HE 42)',
      endB: 'acc-ug-1:1/1/3 (Serverraum neu, Schrank 1, HE 34)',
      remark: '',
    });
    expect(found.find((row) => row.label === 'A-04')?.remark).toBe('bleibt liegen, wird frei');
    // The cord at the far end of the line goes as well.
    expect(found.some((row) => /ap-eg-1:eth0/.test(`${row.endA} ${row.endB}`))).toBe(true);
    const own = await db
      .selectFrom('link_ends')
      .innerJoin('ports', 'ports.id', 'link_ends.port_id')
      .select('link_id')
      .where('ports.device_id', '=', device.id)
      .execute();
    const keys = new Set(sheet.rows.map((row) => row.key));
    for (const { link_id } of own) expect(keys).toContain(`link-${link_id}`);
  });

  it('begins with what is marked as going', async () => {
    expect((await make('removal')).rows).toEqual([]);
    await db.updateTable('devices').set({ status: 'to-be-removed' }).where('name', '=', 'acc-ug-1').execute();
    const all = await make('removal');
    expect(all.rows.length).toBeGreaterThan(20);
    expect(new Set(all.rows.map((row) => row.cells.cause))).toEqual(new Set(['acc-ug-1']));
    await db.updateTable('devices').set({ status: 'active' }).where('name', '=', 'acc-ug-1').execute();
  });
});

describe('unused cables', () => {
  const finding = async (label: string) =>
    (await make('unused')).rows.find((row) => row.cells.label === label)?.cells.finding;
  it('lead to a device at one end at most', async () => {
    expect(await finding('A-03')).toBe('an keinem Ende ein Gerät');
    expect(await finding('A-01')).toBe('nur an einem Ende ein Gerät: acc-ug-1:1/1/1');
    expect(await finding('A-04')).toBeUndefined();
  });
  it('are not those at which a device sees a link', async () => {
    const port = await db
      .selectFrom('ports')
      .innerJoin('devices', 'devices.id', 'ports.device_id')
      .select('ports.id')
      .where('devices.name', '=', 'acc-ug-1')
      .where('ports.name', '=', '1/1/1')
      .executeTakeFirstOrThrow();
    await db.insertInto('seen_port_states').values({ port_id: port.id, up: 1, since: 1 }).execute();
    expect(await finding('A-01')).toBeUndefined();
  });
});

describe('inspections', () => {
  it('are due when nobody has looked for the years that are asked for', async () => {
    const all = await make('inspection', { within: rack });
    const set = (day: string) =>
      db
        .updateTable('links')
        .set({ inspected_on: day, inspected_by: 'E. Muster' })
        .where('label', '=', 'A-01')
        .execute();
    await set('2023-01-10');
    const row = async (years: string) =>
      (await make('inspection', { within: rack, years })).rows.find((each) => each.cells.label === 'A-01')
        ?.cells;
    expect(await row('4')).toBeUndefined();
    expect(await row('3')).toMatchObject({
      inspectedOn: { day: '2023-01-10' },
      inspectedBy: 'E. Muster',
      dueSince: { day: '2026-01-10' },
    });
    expect((await make('inspection', { within: rack })).rows).toHaveLength(all.rows.length - 1);
  });
});

describe('open changes', () => {
  it('are orders that are not over and older than so many weeks', async () => {
    const old = now - 40 * 86_400_000;
    for (const [number, state, created] of [
      ['A-1', 'working', old],
      ['A-2', 'done', old],
      ['A-3', 'approved', now - 86_400_000],
    ] as const)
      await db
        .insertInto('orders')
        .values({ number, state, created_at: created, title: 'Umzug', version: 0 })
        .execute();
    const sheet = await make('undocumented');
    expect(lines(sheet)).toMatchObject([
      { number: 'A-1', status: 'in Arbeit', days: 40, since: { day: '2026-10-13' } },
    ]);
    expect((await make('undocumented', { within: rack })).rows).toEqual([]);
    await db.deleteFrom('orders').execute();
  });
});

describe('paper', () => {
  it('takes few pages for a rack', async () => {
    const fonts = await loadFonts();
    const sheet = await make('distributor', { within: rack });
    expect(sheetPages({ sheet, language: 'de', measure: fonts, time: now }).length).toBeLessThanOrEqual(2);
  });
});

describe('files', () => {
  it('hold all rows; what looks like a formula stays text', async () => {
    await db.updateTable('links').set({ label: '=1+1' }).where('label', '=', 'K-0103').execute();
    const sheet = await make('patch', { within: rack });
    const csv = new TextDecoder().decode(await sheetFile(sheet, 'csv', 'de'));
    expect(csv).toContain(";'=1+1;");
    const [book] = readWorkbook(await sheetFile(sheet, 'xlsx', 'de'), {
      rows: 9999,
      columns: 99,
      unpackedBytes: 1e8,
    });
    expect(book?.rows).toHaveLength(sheet.rows.length + 1);
    expect(book?.rows.flat()).toContain('=1+1');
    await db.updateTable('links').set({ label: 'K-0103' }).where('label', '=', '=1+1').execute();
  });
});
