import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBackend, signIn, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { complaints, signedInPage } from '../harness/page.ts';
import { drawPage, pageSizes, pdfText, readQr } from '../harness/pdf.ts';

describe('labels, from the screen to the phone', () => {
  let backend: RunningBackend;
  let browser: Browser;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-labels-'));

  beforeAll(async () => {
    backend = await startBackend();
    browser = await startBrowser();
    page = await signedInPage(browser, backend);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await backend?.stop();
  });

  it('shows the sheet to scale and begins where somebody clicks', async () => {
    await page.goto(`${backend.url}/labels`);
    await page.getByText('Wählen Sie einen Raum oder suchen Sie').waitFor();
    await page.getByLabel('Raum', { exact: true }).selectOption('Serverraum neu');
    await page.getByLabel('Schrank', { exact: true }).selectOption('Schrank 1');
    await page.getByText('18 Etiketten auf einem Bogen').waitFor();
    await page.locator('[data-cell="5"]').click();
    await expect.poll(() => page.getByLabel('Beginnen bei Etikett').inputValue()).toBe('5');
    await page.getByText('18 Etiketten auf einem Bogen').waitFor();
  });

  it('gives a PDF of the size of A4 whose codes open the devices', async () => {
    const started = page.waitForEvent('download');
    await page.getByRole('button', { name: 'PDF herunterladen' }).click();
    const download = await started;
    expect(download.suggestedFilename()).toBe('Etiketten.pdf');
    const file = join(folder, 'labels.pdf');
    await download.saveAs(file);
    const sizes = pageSizes(file);
    expect(sizes).toHaveLength(1);
    expect(sizes[0]?.w).toBeCloseTo(210, 1);
    expect(sizes[0]?.h).toBeCloseTo(297, 1);
    expect(pdfText(file)).toContain('router-glasfaser');

    // Avery L6011: 3 columns of 63.5 x 29.6 mm. Label 5, the first that is printed, is in the middle of the second row.
    const cell = { x: 7.2 + 66.04, y: 15.3 + 29.6, w: 63.5, h: 29.6 };
    const picture = drawPage(file, 1, 300);
    expect(readQr(picture, { ...cell, y: 15.3 })).toBeUndefined();
    const code = readQr(picture, cell);
    expect(code).toMatch(new RegExp(`^${backend.url}/Q/D[0-9A-Z]+$`, 'i'));

    // As a phone does: capitals and all.
    await page.goto(code ?? '');
    await page.waitForURL(/\/devices\/\d+$/);
    await page.getByRole('heading', { name: 'A', exact: true }).waitFor();
  });

  it('asks to sign in first, and then opens the object', async () => {
    const context = await browser.newContext({ locale: 'de' });
    const phone = await context.newPage();
    await phone.goto(`${backend.url}/Q/R1`);
    await phone.locator('input[autocomplete="username"]').fill(backend.user);
    await phone.locator('input[type="password"]').fill(backend.password);
    await phone.keyboard.press('Enter');
    await phone.waitForURL(/\/racks\/1$/);
    await phone.goto(`${backend.url}/q/dZZZZ`);
    await phone.getByRole('heading', { name: 'Unbekannter Code' }).waitFor();
    await context.close();
  });

  it('names a placeholder that there is not', async () => {
    await page.goto(`${backend.url}/labels?kind=device&rack=1&room=1`);
    await page.getByLabel('Text', { exact: true }).fill('{name}\n{farbe}');
    await page.getByText('{farbe} ist hier kein Platzhalter.').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'PDF herunterladen' }).isDisabled()).toBe(true);
    expect(complaints.get(page)).toEqual([]);
  });

  it('keeps a template of one’s own', async () => {
    await page.getByLabel('Text', { exact: true }).fill('{name}\n{serial}');
    await page.getByRole('button', { name: 'Als Vorlage speichern' }).click();
    await page.getByLabel('Name der Vorlage').fill('Seriennummern');
    await page.getByRole('button', { name: 'Speichern', exact: true }).click();
    await page.getByRole('combobox', { name: 'Vorlage' }).selectOption('Seriennummern');
    await expect.poll(() => page.getByLabel('Text', { exact: true }).inputValue()).toBe('{name}\n{serial}');
  });

  it('is usable for everyone, also on the phone', async () => {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto(`${backend.url}/labels?kind=link&room=1`);
      await page.getByText(/\d+ Etiketten/).waitFor();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  });

  it('prints a rack on A4, front, rear and list', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${backend.url}/racks/1`);
    const link = page.getByRole('link', { name: 'Als PDF drucken' });
    const reply = await fetch(new URL((await link.getAttribute('href')) ?? '', backend.url), {
      headers: { cookie: await signIn(backend) },
    });
    const file = join(folder, 'rack.pdf');
    await writeFile(file, new Uint8Array(await reply.arrayBuffer()));
    for (const { w, h } of pageSizes(file)) expect([Math.round(w), Math.round(h)]).toEqual([210, 297]);
    const text = pdfText(file);
    for (const words of [
      'Vorderseite',
      'Rückseite',
      'Maßstab 1:8',
      'acc-ug-1',
      'Seite 1 von 2',
      'SG0DKW1001',
    ])
      expect(text).toContain(words);
  });
});
