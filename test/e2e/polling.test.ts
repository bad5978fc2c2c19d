import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent } from '../harness/agent.ts';
import { type RunningBackend, startOwnBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { type CountingDevice, startCountingDevice } from '../harness/counting-device.ts';
import { inventoryOfSwitch, switchName } from '../harness/inventory.ts';
import { complaints, signedInPage } from '../harness/page.ts';
import type { StartedProcess } from '../harness/process.ts';

describe('how devices are polled, and by whom', () => {
  let device: CountingDevice;
  let backend: RunningBackend;
  let agent: StartedProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    device = await startCountingDevice();
    backend = await startOwnBackend(inventoryOfSwitch({ port: device.port, intervalSeconds: 1 }));
    agent = await startAgent(backend, join(backend.dataDir, 'agent'));
    browser = await startBrowser();
    page = await signedInPage(browser, backend);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await agent?.stop();
    await backend?.stop();
    await device?.close();
  });

  it('lists every device with its last poll, and finds those that ask for a look', async () => {
    await page.getByRole('link', { name: 'Abfrage' }).click();
    const row = page.getByRole('row', { name: switchName });
    await row.getByText('antwortet').waitFor();
    await row.getByText(/^\d+(,\d)?\sms$/).waitFor();
    await page.getByText('Still 0').click();
    await page.getByText('Darauf trifft kein Gerät zu.').waitFor();
    await page.getByRole('button', { name: 'Alle anzeigen' }).click();
    await page.getByLabel('Suchen').fill('SW-TE');
    await page.waitForURL(/search=SW-TE/);
    await row.waitFor();
    await row.getByRole('link', { name: switchName }).click();
    await page.getByRole('heading', { name: 'Abfrage', exact: true }).waitFor();
  });

  it('gives a site to a new agent, whose standby polls as long as it has not been started', async () => {
    await page.goto(`${backend.url}/administration/machines`);
    await page.getByRole('button', { name: 'Agent anlegen' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Schule');
    await dialog.getByRole('button', { name: 'Agent anlegen' }).click();
    const command = dialog.getByLabel('Befehl');
    await expect.poll(() => command.inputValue()).toMatch(/^npm run agent -- --server http\S+ --token rhe_/);
    await dialog.getByRole('button', { name: 'Fertig' }).click();
    await page.getByRole('button', { name: 'Agent Schule bearbeiten' }).click();
    await dialog.getByLabel('Rathaus').check();
    await dialog.getByLabel('Vertretung').selectOption('local');
    await dialog.getByRole('button', { name: 'Speichern' }).click();
    const school = page.getByRole('article', { name: 'Schule' });
    await school.getByText('Rathaus').waitFor();
    await page
      .getByRole('article', { name: 'local' })
      .getByText('Vertritt gerade Schule.')
      .waitFor({ timeout: 10_000 });
    await school.getByText('local hat seine Geräte übernommen').waitFor();
  });

  it('lets one device go to another agent by hand, and takes that back', async () => {
    await page.goto(`${backend.url}/polling?agent=1`);
    await page.getByRole('link', { name: switchName }).click();
    await page.getByText('local vertritt zurzeit Schule.').waitFor();
    const choice = page.getByLabel('Abgefragt von');
    await choice.selectOption('local');
    await page.getByText('local fragt dieses Gerät jetzt ab.').waitFor();
    await page.getByRole('button', { name: 'Rückgängig', exact: true }).click();
    await page.getByText('wieder nach seinem Standort').waitFor();
    await page.getByText('local vertritt zurzeit Schule.').waitFor();
  });

  it('is usable for everyone, also on the phone', async () => {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      for (const path of ['/polling', '/administration/machines']) {
        await page.goto(`${backend.url}${path}`);
        await page.getByText('Schule').first().waitFor({ state: 'attached' });
        expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
        await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      }
    }
    expect(complaints.get(page)).toEqual([]);
  });
});
