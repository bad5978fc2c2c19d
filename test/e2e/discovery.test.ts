import { ScanMade, Structure } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { startBrowser } from '../harness/browser.ts';
import { type Demo, startDemo } from '../harness/demo.ts';
import { expectFit } from '../harness/fit.ts';
import { complaints, signedInPage } from '../harness/page.ts';

/** An administrator looks through a network, sees what answers, takes a device over, and it is polled. */
let demo: Demo;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  demo = await startDemo();
  browser = await startBrowser();
  page = await signedInPage(browser, demo);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

const Monitored = z.object({
  records: z.array(z.object({ id: z.int(), address: z.string(), deviceId: z.int() })),
});
const address = '127.77.10.11';

async function get(path: string): Promise<unknown> {
  return (await page.request.get(`${demo.url}${path}`)).json();
}

it('leads from a network to a device that is polled', async () => {
  Structure.parse(await get('/api/structure'));
  // Nobody has documented this one any more, but it answers.
  const { records } = Monitored.parse(await get(`/api/inventory/monitoring?q=${address}&size=50`));
  const known = records.find((record) => record.address === address);
  const gone = await page.request.delete(`${demo.url}/api/inventory/device/${known?.deviceId}`, {
    headers: { origin: demo.url },
  });
  expect(gone.ok(), await gone.text()).toBe(true);

  await page.goto(`${demo.url}/discovery`);
  await page.getByRole('heading', { name: 'Geräte suchen' }).waitFor();
  await page.getByRole('button', { name: 'Neue Suche' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Bezeichnung').fill('Serverraum');
  await dialog.getByLabel('Netze').fill('127.77.10.0/2x');
  await dialog.getByText('„127.77.10.0/2x“ ist kein Netz.').waitFor();
  await dialog.getByLabel('Netze').fill('127.77.10.0/27');
  await dialog.getByText(/30 Adressen, etwa/).waitFor();
  // Simulated devices answer at a port that needs no rights.
  await dialog.getByLabel('Port für SNMP').fill('1161');
  await dialog.getByRole('button', { name: 'Speichern und suchen' }).click();
  await page.getByText('Suche „Serverraum“ gestartet.').waitFor();
  const scan = page.getByRole('listitem', { name: 'Serverraum' });
  await scan.getByText(/Zuletzt .*gefunden, davon/).waitFor({ timeout: 120_000 });

  const row = page.getByRole('row').filter({ hasText: address });
  await row.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Übernehmen …' }).click();
  await dialog.getByLabel('Name').fill('Wiedergefunden');
  await dialog.getByText(/„Wiedergefunden“ wird als .* angelegt/).waitFor();
  await dialog.getByRole('button', { name: 'Übernehmen', exact: true }).click();
  await page.getByText('1 Gerät übernommen.').waitFor();

  await page.getByRole('radio', { name: /^Bekannt/ }).check({ force: true });
  await page.getByRole('link', { name: 'Bekannt als Wiedergefunden' }).click();
  await page.waitForURL(/\/devices\/\d+/);
  await page.getByRole('heading', { name: 'Wiedergefunden' }).first().waitFor();
  await page.getByText('In Ordnung').first().waitFor({ timeout: 60_000 });
  expect(complaints.get(page)).toEqual([]);
}, 400_000);

it('says what may be wrong where nothing answers, and lets credentials be chosen there', async () => {
  // Addresses of this machine are not pinged: without credentials nothing of it is found.
  const scan = { name: 'Ohne Zugang', networks: ['127.77.10.0/28'], credentialIds: [] };
  const headers = { origin: demo.url };
  const made = await page.request.post(`${demo.url}/api/discovery/scans`, { data: scan, headers });
  const { id } = ScanMade.parse(await made.json());
  const begun = await page.request.post(`${demo.url}/api/discovery/scans/${id}/run`, { headers });
  expect(begun.ok(), await begun.text()).toBe(true);

  await page.goto(`${demo.url}/discovery`);
  const card = page.getByRole('listitem', { name: 'Ohne Zugang' });
  await card.getByText(/Zuletzt .*: nichts gefunden/).waitFor({ timeout: 60_000 });
  await card.getByText('Es hat nichts geantwortet').waitFor();
  await expectFit(page);
  await card.getByRole('button', { name: 'Zugangsdaten wählen: Ohne Zugang' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('group', { name: 'Zugangsdaten' }).getByLabel('rathaus-lesen').check();
  await dialog.getByRole('button', { name: 'Speichern' }).click();
  await dialog.waitFor({ state: 'detached' });
  await card.getByText('Ohne Zugangsdaten wird nur gepingt').waitFor({ state: 'detached' });

  const narrow = await signedInPage(browser, demo, { width: 390, theme: 'dark', language: 'en' });
  await narrow.goto(`${demo.url}/discovery?state=known`);
  await narrow.getByText('Nothing answered').waitFor();
  await narrow.getByRole('checkbox').nth(1).waitFor();
  await expectFit(narrow);
}, 240_000);
