import { readFile } from 'node:fs/promises';
import { read, utils } from '@e965/xlsx';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Api, createApi } from '../harness/api.ts';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { complaints, signedInPage } from '../harness/page.ts';

const Devices = z.object({
  total: z.int(),
  records: z.array(
    z.looseObject({
      id: z.int(),
      name: z.string(),
      supplier: z.string().nullable(),
      serial: z.string().nullable(),
      assetTag: z.string().nullable(),
      personInCharge: z.string().nullable(),
    }),
  ),
});

describe('lists and forms of the inventory', () => {
  let backend: RunningBackend;
  let browser: Browser;
  let api: Api;
  let page: Page;

  beforeAll(async () => {
    backend = await startBackend();
    browser = await startBrowser();
    api = await createApi(backend);
    page = await signedInPage(browser, backend);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await backend?.stop();
  });

  const devices = async (query: string) =>
    (await api.get(`/api/inventory/device?size=1000&${query}`, Devices)).records;
  const deviceNamed = async (name: string) => {
    const [found] = await devices(`filter=name:is:${name}`);
    if (!found) throw new Error(`there is no device "${name}"`);
    return found;
  };
  const open = async (on: Page, path: string) => {
    await on.goto(`${backend.url}${path}`);
    await on.locator('tbody tr').first().waitFor();
  };
  const count = (on: Page, text: string) =>
    on.getByRole('heading', { level: 1 }).getByText(text, { exact: true }).waitFor();
  const rows = (on: Page) => on.locator('tbody tr').count();

  it('find while one types, and say in the address what is shown', async () => {
    await open(page, '/inventory/port');
    await page.getByRole('searchbox').fill('core-1');
    await page.waitForURL(/q=core-1/);
    const reply = await api.get('/api/inventory/port?q=core-1&size=1', z.object({ total: z.int() }));
    await count(page, `${reply.total} Einträge`);
    // Somebody else who is given the address sees the same.
    await page.reload();
    await count(page, `${reply.total} Einträge`);
    await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('core-1');
  });

  it('are narrowed, changed at once for many rows, and that is taken back as one', async () => {
    await open(page, '/inventory/device');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    const editor = page.getByRole('dialog', { name: 'Filter hinzufügen' });
    await editor.getByLabel('Feld').selectOption({ label: 'Aufgabe' });
    await editor.getByLabel('Patchfeld').check();
    await editor.getByLabel('USV').check();
    await editor.getByRole('button', { name: 'Übernehmen' }).click();
    await page.getByRole('button', { name: 'Aufgabe ist Patchfeld oder USV', exact: true }).waitFor();
    const wanted = await devices('filter=role:any:panel,ups');
    await count(page, `${wanted.length} Einträge`);
    await expect.poll(() => rows(page)).toBe(wanted.length);

    // From the second to the fifth row with Shift.
    const boxes = page.locator('tbody input[type="checkbox"]');
    await boxes.nth(1).click();
    await boxes.nth(4).click({ modifiers: ['Shift'] });
    await page.getByText('4 Einträge ausgewählt').waitFor();
    const names = await page.locator('tbody tr.chosen th').allInnerTexts();
    expect(names).toHaveLength(4);
    await page.getByRole('button', { name: 'Ändern …' }).click();
    const dialog = page.getByRole('dialog', { name: '4 Einträge ändern' });
    await dialog.getByLabel('Welches Feld?').selectOption({ label: 'Lieferant' });
    await dialog.getByLabel('Neuer Wert').fill('Prüfweg AG');
    await dialog.getByText('Bei 4 Einträgen wird „Lieferant“ zu „Prüfweg AG“.').waitFor();
    await dialog.getByRole('button', { name: '4 Einträge ändern' }).click();
    await page.getByText('„Lieferant“ bei 4 Einträgen geändert.').waitFor();
    const changed = await devices('filter=supplier:is:Prüfweg AG');
    expect(changed.map(({ name }) => name).sort()).toEqual(names.map((name) => name.trim()).sort());
    // The rows are still chosen after the list has been fetched again.
    await page.getByText('4 Einträge ausgewählt').waitFor();

    await page.getByRole('button', { name: 'Rückgängig' }).click();
    await expect.poll(async () => (await devices('filter=supplier:is:Prüfweg AG')).length).toBe(0);
  });

  it('keep a view under a name, and bring it back', async () => {
    await open(page, '/inventory/device');
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
    await page.waitForURL(/sort=name/);
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
    await page.waitForURL(/sort=-name/);
    await page.getByRole('button', { name: 'Spalten' }).click();
    await page.getByLabel('Garantie bis', { exact: true }).uncheck();
    await page.waitForURL(/columns=/);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Ansichten' }).click();
    await page.getByRole('button', { name: 'Diese Ansicht merken …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Diese Ansicht merken …' });
    await dialog.getByLabel('Name der Ansicht').fill('Rückwärts');
    await dialog.getByRole('button', { name: 'Speichern' }).click();
    await dialog.waitFor({ state: 'detached' });

    await open(page, '/inventory/device');
    await page.getByRole('button', { name: 'Ansichten' }).click();
    await page.getByRole('button', { name: 'Rückwärts', exact: true }).click();
    await page.waitForURL(/sort=-name/);
    await page.waitForURL(/columns=/);
    await page.getByRole('columnheader', { name: 'Garantie bis' }).waitFor({ state: 'detached' });
    const expected = (await devices('sort=-name')).map(({ name }) => name);
    await expect
      .poll(async () => (await page.locator('tbody th').allInnerTexts()).map((name) => name.trim()))
      .toEqual(expected);
  });

  it('give exactly what is shown to a spreadsheet', async () => {
    await open(
      page,
      '/inventory/device?q=acc&filter=role:any:switch&sort=-serial&columns=name,serial,roomId,position',
    );
    const head = (await page.locator('thead th button').allInnerTexts()).map((text) =>
      text.replace(/[↑↓]/, '').trim(),
    );
    const shown = await page
      .locator('tbody tr')
      .evaluateAll((lines) =>
        lines.map((line) =>
          [...line.querySelectorAll('th, td:not(.choose)')].map((cell) => (cell.textContent ?? '').trim()),
        ),
      );
    expect(shown.length).toBeGreaterThan(3);
    await page.getByRole('button', { name: 'Exportieren' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Excel (.xlsx)' }).click(),
    ]);
    const book = read(await readFile(await download.path()));
    const sheet = book.Sheets[book.SheetNames[0] ?? ''];
    if (!sheet) throw new Error('the file has no sheet');
    const [titles = [], ...lines] = utils.sheet_to_json<string[]>(sheet, {
      header: 1,
      raw: false,
      defval: '',
    });
    expect(titles.slice(0, head.length)).toEqual(head);
    const saved = lines.map((line) => line.slice(0, head.length));
    // After them stands the number by which an import knows the record again. On screen a unit is said with its word.
    expect(saved).toEqual(shown.map((line) => line.map((cell) => cell.replace(/^HE\s/, ''))));
  });

  it('show both versions to whom somebody else was faster, and save what was merged', async () => {
    const { id } = await deviceNamed('acc-ug-1');
    const other = await signedInPage(browser, backend);
    for (const one of [page, other]) {
      await one.goto(`${backend.url}/devices/${id}`);
      await one.getByRole('button', { name: 'Bearbeiten …' }).click();
      await one.getByLabel('Inventarnummer').waitFor();
    }
    // One field each for themselves, and one that both change.
    await page.getByLabel('Inventarnummer').fill('R-100');
    await page.getByLabel('Zuständig').fill('Amelie');
    await page.keyboard.press('Control+s');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await other.getByLabel('Lieferant').fill('Musterfirma');
    await other.getByLabel('Zuständig').fill('Bruno');
    await other.keyboard.press('Control+s');
    await other.getByText('Inzwischen geändert').waitFor();
    const save = other.getByRole('button', { name: 'Zusammengeführt speichern' });
    await expect.poll(() => save.isDisabled()).toBe(true);
    await expect
      .poll(() => other.getByRole('row', { name: /Inventarnummer/ }).textContent())
      .toContain('R-100');
    await other
      .getByRole('row', { name: /Zuständig/ })
      .getByLabel('Bruno')
      .check();
    await save.click();
    await other.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await deviceNamed('acc-ug-1')).toMatchObject({
      assetTag: 'R-100',
      personInCharge: 'Bruno',
      supplier: 'Musterfirma',
    });
    await other.context().close();
  });

  it('say what is wrong at the field, by the contract and by the server', async () => {
    await page.goto(`${backend.url}/inventory/device?new`);
    const dialog = page.getByRole('dialog', { name: 'Gerät anlegen' });
    await dialog.getByLabel('Name', { exact: true }).fill('a:b');
    await dialog.getByLabel('Kaufpreis').fill('zwölf');
    await page.keyboard.press('Control+s');
    await dialog.getByText('Darf keinen Doppelpunkt enthalten.').waitFor();
    await dialog.getByText('Bitte eine Zahl eingeben.').waitFor();
    await dialog.getByText('Bitte auswählen.').waitFor();

    await dialog.getByLabel('Name', { exact: true }).fill('acc-ug-1');
    await dialog.getByLabel('Kaufpreis').fill('1.234,50');
    await dialog.getByLabel('Gerätetyp').fill('6200F 24');
    await page.getByRole('listbox').getByRole('option', { name: /6200F/ }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+s');
    await dialog.getByText('Name ist schon vergeben: acc-ug-1.').waitFor();
    await dialog.getByLabel('Name', { exact: true }).fill('neu-1');
    await page.keyboard.press('Control+s');
    await page.getByText('neu-1 angelegt.').waitFor();
    expect(await deviceNamed('neu-1')).toMatchObject({ costCents: 123_450 });
  });

  it('ask before something entered is lost', async () => {
    const { id } = await deviceNamed('neu-1');
    await page.goto(`${backend.url}/inventory/device?open=${id}`);
    await page.getByLabel('Inventarnummer').fill('verloren?');
    await page.getByRole('link', { name: 'Räume', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Änderungen verwerfen?' });
    await dialog.getByRole('button', { name: 'Weiter bearbeiten' }).click();
    await expect.poll(() => page.getByLabel('Inventarnummer').inputValue()).toBe('verloren?');
    await page.getByRole('link', { name: 'Räume', exact: true }).click();
    await dialog.getByRole('button', { name: 'Verwerfen' }).click();
    await page.waitForURL(/\/rooms$/);
    expect((await deviceNamed('neu-1')).assetTag).toBeNull();
  });

  it('left the browser without a complaint', () => {
    // A refusal of the server (409) is what two of the stories are about.
    const unexpected = (complaints.get(page) ?? []).filter((text) => !text.includes('409'));
    expect(unexpected).toEqual([]);
  });
});
