import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { restartBackend } from '../harness/backend.ts';
import { newPage } from '../harness/page.ts';
import { Pictures } from './pictures.ts';

/** The assistant of an installation in which there is nothing yet. */
export async function firstSteps(browser: Browser): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rackhaus-pictures-'));
  const password = 'only-for-this-picture';
  const backend = await restartBackend({ dataDir, password });
  try {
    const page = await newPage(browser);
    const pictures = new Pictures(page, backend.url);
    const code = /enter this code: (\S+)/.exec(backend.printed())?.[1] ?? '';
    await page.goto(backend.url);
    await page.getByLabel('Einrichtungscode').fill(code);
    await page.getByLabel('Benutzername').fill('e.muster');
    await page.getByLabel('Passwort').fill(password);
    await pictures.button('Konto anlegen').click();
    await page.waitForURL(/\/start$/);
    await page.getByLabel('Standort').fill('Rathaus Musterstadt');
    await pictures.button('Schrank hinzufügen').click();
    await page.getByLabel('HE', { exact: true }).last().fill('24');
    await page.getByLabel('Wofür').first().fill('Netz');
    await page.getByLabel('Wofür').last().fill('Server');
    await pictures.take('erste-schritte');
    await page.context().close();
  } finally {
    await backend.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
