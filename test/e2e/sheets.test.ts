import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { complaints, signedInPage } from '../harness/page.ts';
import { pageSizes, pdfText } from '../harness/pdf.ts';

let backend: RunningBackend;
let browser: Browser;
let page: Page;
const folder = mkdtempSync(join(tmpdir(), 'rackhaus-sheets-'));

beforeAll(async () => {
  backend = await startBackend();
  browser = await startBrowser();
  page = await signedInPage(browser, backend);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await backend?.stop();
});

it('takes the patch list of a rack from the screen to paper', async () => {
  await page.goto(`${backend.url}/racks/1`);
  await page.getByRole('link', { name: 'Blätter', exact: true }).click();
  await page.getByRole('heading', { name: 'Listen und Blätter' }).waitFor();
  const row = page.getByRole('row').filter({ hasText: 'K-0103' });
  await row.getByText('acc-ug-1:1/1/3').waitFor();
  await row.getByText('ap-eg-1:eth0').waitFor();
  // The places come on their own.
  await expect
    .poll(() => page.getByLabel('Ort', { exact: true }).inputValue(), { timeout: 10_000 })
    .toBe('rack:1');

  await page.getByRole('button', { name: 'Kabel', exact: true }).click();
  await page.waitForURL(/sort=label/);
  await page.getByRole('button', { name: 'Wieder in der Reihenfolge des Rundgangs' }).click();
  await page.waitForURL((url) => !url.search.includes('sort='));

  const address = await page.getByRole('link', { name: 'Drucken (PDF)' }).getAttribute('href');
  const reply = await page.request.get(`${backend.url}${address}`);
  const file = join(folder, 'patch.pdf');
  await writeFile(file, await reply.body());
  expect(pageSizes(file).length).toBeLessThanOrEqual(2);
  expect(pdfText(file)).toContain('Rathaus · Untergeschoss · Serverraum neu · Schrank 1');
  expect(pdfText(file)).toContain('K-0103');
});

it('says what a sheet is for when it has no rows, and makes a removal list of chosen devices', async () => {
  await page.getByText('Rückbauliste', { exact: true }).click();
  await page.getByText('Nichts zurückzubauen.', { exact: false }).waitFor();
  await page.getByLabel('Gerät hinzufügen').fill('acc-ug-1');
  await page.getByRole('option').filter({ hasText: 'acc-ug-1' }).first().click();
  await page.getByRole('row').filter({ hasText: 'K-0103' }).waitFor();
  await page.getByRole('row').filter({ hasText: 'bleibt liegen, wird frei' }).first().waitFor();
});

it('has no barriers, and the browser nothing to complain of', async () => {
  for (const sheet of ['patch', 'distributor', 'inspection']) {
    await page.goto(`${backend.url}/sheets?sheet=${sheet}&within=rack:1`);
    await page.getByRole('row').nth(3).waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  }
  expect(complaints.get(page)).toEqual([]);
});
