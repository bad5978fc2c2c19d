import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { writeWorkbook } from '@rackhaus/backend/spreadsheet';
import { RoomView, Structure } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApi } from '../harness/api.ts';
import { type RunningBackend, restartBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { complaints, newPage } from '../harness/page.ts';

const user = 'e.muster';
const password = 'richtig-langes-kennwort';
const List = z.object({ total: z.int() });

describe('an empty installation becomes an inventory', () => {
  let folder: string;
  let installation: RunningBackend;
  let browser: Browser;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rackhaus-import-'));
    installation = await restartBackend({ dataDir: join(folder, 'data'), password });
    url = installation.url;
    browser = await startBrowser();
    page = await newPage(browser);
  });

  afterAll(async () => {
    await browser?.close();
    await installation?.stop();
  });

  const counted = async (kind: string) => {
    const api = await createApi({ url, user, password });
    return (await api.get(`/api/inventory/${kind}?size=1`, List)).total;
  };
  const button = (name: string | RegExp) => page.getByRole('button', { name });

  const accessible = async () => expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  /** A workbook as people send it: a title above the headings, and texts as they were typed. */
  function workbook(name: string, rows: readonly (readonly (string | number)[])[]): string {
    const headings = [
      'Gerätename',
      'Hersteller',
      'Modell',
      'Raum',
      'Schrank',
      'HE',
      'Seriennummer',
      'Garantie bis',
    ];
    const file = join(folder, name);
    const table = [['Geräteliste Rathaus'], headings, ...rows];
    writeFileSync(file, writeWorkbook([{ name: 'Geräte', rows: table }]));
    return file;
  }
  const good = [
    ['sw-keller', 'Cisco', 'C9200L-24T-4G', 'Serverraum', 'Schrank 2', 20, 'FO1', '31.12.2027'],
    ['srv-alt', 'Musterwerk', 'Spezialserver 9000', 'Serverraum', 'Schrank 2', '10-11', 'D3', '12/2028'],
    ['nas-archiv', 'Synology', 'RS822RP+', 'Archiv', 'Schrank 9', 5, 'N4', '2029'],
  ];

  it('is led to the first racks after the set-up', async () => {
    const code = /enter this code: (\S+)/.exec(installation.printed())?.[1] ?? '';
    await page.goto(url);
    await page.getByLabel('Einrichtungscode').fill(code);
    await page.getByLabel('Benutzername').fill(user);
    await page.getByLabel('Passwort').fill(password);
    await button('Konto anlegen').click();
    await page.waitForURL(/\/start$/);
    await page.getByLabel('Standort').fill('Rathaus Musterstadt');
    await button('Schrank hinzufügen').click();
    await page.getByLabel('HE', { exact: true }).last().fill('99');
    await page.getByText('1 bis 60').waitFor();
    await expect.poll(() => button('Speichern und weiter').isDisabled()).toBe(true);
    await page.getByLabel('HE', { exact: true }).last().fill('24');
    await page.getByLabel('Wofür').first().fill('Netz');
    await accessible();
    await button('Speichern und weiter').click();
    await page.getByText('Räume und Schränke angelegt.').waitFor();
    expect([await counted('site'), await counted('room'), await counted('rack')]).toEqual([1, 1, 2]);
  });

  it('can be left and gone on with, and puts devices into the racks', async () => {
    await page.goto(`${url}/rooms`);
    await page.goto(`${url}/start`);
    await button('Geräte auswählen').click();
    await page.getByRole('searchbox', { name: 'Gerätetyp suchen' }).fill('6100 24G');
    await button(/^HPE Aruba CX 6100 24G/).click();
    await page.getByLabel('Anzahl').fill('3');
    await page.getByText('Heißen: sw-1, sw-2, sw-3').waitFor();
    await accessible();
    await button('3 Geräte anlegen').click();
    await page.getByText('3 Geräte sind schon da.').waitFor();
    const api = await createApi({ url, user, password });
    const structure = await api.get('/api/structure', Structure);
    const room = structure.sites[0]?.buildings[0]?.floors[0]?.rooms[0];
    const view = await api.get(`/api/rooms/${room?.id}`, RoomView);
    expect(view.racks[0]?.devices.map(({ name, position }) => `${name} ${position}`).sort()).toEqual([
      'sw-1 42',
      'sw-2 41',
      'sw-3 40',
    ]);
  });

  it('shows what is wrong in a list, with row and column, and brings nothing in', async () => {
    const broken = good.map((row) => [...row]);
    broken[0]?.splice(5, 1, 'ganz oben');
    broken[2]?.splice(7, 1, '31.02.2028');
    await page.goto(`${url}/import`);
    await page.locator('input[type="file"]').first().setInputFiles(workbook('liste.xlsx', broken));
    await page.getByText('3. Vorschau (2 Fehler)').click();
    await page.getByText('F3 HE:').waitFor();
    await page.getByText('„ganz oben“ ist keine Höheneinheit.', { exact: false }).waitFor();
    await page.getByText('H5 Garantie bis:').waitFor();
    await expect.poll(() => button(/übernehmen$/).isDisabled()).toBe(true);
    await accessible();
    expect(await counted('device')).toBe(3);
  });

  it('previews the corrected list, with types that are recognised and one that is not', async () => {
    await page.getByRole('link', { name: 'Andere Datei' }).click();
    await page.getByRole('heading', { name: 'Angefangen' }).waitFor();
    await page.locator('input[type="file"]').first().setInputFiles(workbook('liste-neu.xlsx', good));
    await page.getByText('2. Gerätetypen (einer zu prüfen)').click();
    await expect
      .poll(() =>
        page
          .getByLabel('Gerätetyp für Musterwerk Spezialserver 9000')
          .locator('option:checked')
          .textContent(),
      )
      .toBe('Einfachen Typ anlegen');
    await accessible();
    await page.getByText('1. Spalten').click();
    await page.getByLabel('Spalte Hersteller wird zu').waitFor();
    await accessible();
    await page.getByText('3. Vorschau', { exact: true }).click();
    await page.getByText('Raum: Archiv').waitFor();
    await page.getByText('3 neu, 0 geändert, 0 gleich.').waitFor();
    await expect
      .poll(() => page.getByRole('row', { name: /srv-alt/ }).textContent())
      .toContain('Schrank 2 · HE 10');
  });

  it('survives that the page is loaded again', async () => {
    await page.reload();
    await page.getByText('3 neu, 0 geändert, 0 gleich.').waitFor();
  });

  it('brings it in as one change, and takes it back as a whole', async () => {
    await button('3 Zeilen übernehmen').click();
    await page.getByText('Übernommen: 3 neu, 0 geändert.').waitFor();
    expect([await counted('device'), await counted('room'), await counted('rack')]).toEqual([6, 2, 3]);

    await page.goto(`${url}/import`);
    await page.locator('input[type="file"]').first().setInputFiles(workbook('liste-neu.xlsx', good));
    await page.getByText('Alles steht schon so im Bestand.').waitFor();

    await page.goto(`${url}/import`);
    await page
      .getByRole('listitem')
      .filter({ hasText: /(?<!nicht )übernommen/ })
      .getByRole('link')
      .first()
      .click();
    await button('Alles rückgängig machen').click();
    await page.getByText('Rückgängig gemacht.').first().waitFor();
    expect([await counted('device'), await counted('room'), await counted('rack')]).toEqual([3, 1, 2]);
  });

  it('names file and line of what is wrong in YAML', async () => {
    const file = join(folder, 'bestand.yaml');
    writeFileSync(file, 'sites:\n  - name: Schule\n    farbe: rot\n');
    await page.goto(`${url}/import`);
    await page.locator('input[type="file"]').first().setInputFiles(file);
    await page.getByText('bestand.yaml, Zeile 3').waitFor();
    await page.getByText('unknown key "farbe"').waitFor();
  });

  it('refuses what is no list', async () => {
    const file = join(folder, 'foto.xlsx');
    writeFileSync(file, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]));
    await page.goto(`${url}/import`);
    await page.locator('input[type="file"]').first().setInputFiles(file);
    await page.getByText('Diese Datei lässt sich nicht als Tabelle lesen.', { exact: false }).waitFor();
    await page.getByText('Es wurde nichts übernommen.').waitFor();
  });

  it('had nothing to complain about in the browser', () => {
    expect(complaints.get(page)?.filter((text) => !/status of (401|403)/.test(text))).toEqual([]);
  });
});
