import AxeBuilder from '@axe-core/playwright';
import { DeviceSwitching, IncidentDetail, IncidentList } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type Api, createApi } from '../harness/api.ts';
import { startBrowser } from '../harness/browser.ts';
import { type Demo, startDemo } from '../harness/demo.ts';
import { complaints, signedInPage } from '../harness/page.ts';

/** Somebody gives themselves the right, is shown what goes off, switches it off, finds it in the incident, and switches it on again. */
let demo: Demo;
let browser: Browser;
let api: Api;
let page: Page;
let pdu: number;
let outlet: string;

const Found = z.object({ records: z.array(z.object({ id: z.int(), name: z.string() })) });

beforeAll(async () => {
  demo = await startDemo();
  browser = await startBrowser();
  api = await createApi(demo);
  page = await signedInPage(browser, demo);
  const { records } = await api.get('/api/inventory/device?q=PDU%202B&size=5', Found);
  pdu = records.find(({ name }) => name === 'PDU 2B')?.id ?? 0;
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

const accessible = async (of: Page = page) =>
  expect((await new AxeBuilder({ page: of }).analyze()).violations).toEqual([]);
const row = (of: Page = page) => of.getByRole('row').filter({ hasText: 'nas-sicherung' });

it('needs the right, which is given to one person', async () => {
  const obstacles = async () => (await api.get(`/api/devices/${pdu}/switching`, DeviceSwitching)).obstacles;
  await expect.poll(obstacles, { timeout: 60_000, interval: 500 }).toEqual(['right']);
  await page.goto(`${demo.url}/devices/${pdu}`);
  await page.getByText('Ihr Konto darf keine Steckdosen schalten.').waitFor();
  await page.goto(`${demo.url}/administration`);
  await page.getByRole('main').getByRole('button', { name: demo.user }).first().click();
  await page.getByLabel('Darf Steckdosen schalten').click();
  await page.getByText('darf jetzt Steckdosen schalten.').waitFor();
  await page.goto(`${demo.url}/devices/${pdu}`);
  await row().getByRole('button', { name: 'Schalten …' }).waitFor();
  const { outlets } = await api.get(`/api/devices/${pdu}/switching`, DeviceSwitching);
  outlet = outlets.find(({ feeds }) => feeds.some(({ name }) => name === 'nas-sicherung'))?.name ?? '';
  await accessible();
});

it('can be locked with a note, and unlocked', async () => {
  await row().getByRole('button', { name: 'Schalten …' }).click();
  await page.getByRole('button', { name: 'Gegen Schalten sperren' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Bemerkung (freiwillig)').fill('Sicherung läuft');
  await accessible();
  await dialog.getByRole('button', { name: 'Sperren' }).click();
  await row().getByText(`Gesperrt von ${demo.user}: Sicherung läuft`).waitFor();
  await row().getByRole('button', { name: 'Sperre aufheben' }).click();
  await row().getByRole('button', { name: 'Schalten …' }).waitFor();
});

it('chooses nothing by itself, shows what goes off, and has it typed', async () => {
  await row().getByRole('button', { name: 'Schalten …' }).click();
  const dialog = page.getByRole('dialog');
  const send = dialog.locator('button[type=submit]');
  await dialog.getByRole('radio').first().waitFor();
  expect(await dialog.getByRole('radio', { checked: true }).count()).toBe(0);
  expect(await send.isDisabled()).toBe(true);
  await dialog.getByText('Ausschalten', { exact: true }).click();
  await dialog.getByText('Ohne Strom sind dann:').waitFor();
  await expect
    .poll(() => dialog.getByRole('listitem').allInnerTexts())
    .toEqual([expect.stringContaining('nas-sicherung')]);
  expect(await send.isDisabled()).toBe(true);
  await dialog.getByLabel('Zur Bestätigung eingeben').fill('nas-sicherung');
  await dialog.getByLabel('Grund (freiwillig)').fill('Lüfter tauschen');
  await accessible();
  await send.click();
  await dialog.getByText('Geschaltet. Die Steckdose sagt: aus.').waitFor({ timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Schließen' }).last().click();
  await page.getByText('Zuletzt geschaltet').click();
  await page.getByText(`Steckdose ${outlet}: Ausschalten`).waitFor();
}, 120_000);

it('is told in the incident that follows', async () => {
  const incidentId = async () =>
    (await api.get('/api/incidents?state=open', IncidentList)).incidents.find(({ title }) =>
      title.de.includes('nas-sicherung'),
    )?.id;
  await expect.poll(incidentId, { timeout: 150_000, interval: 1000 }).toBeDefined();
  const id = await incidentId();
  const told = async () =>
    (await api.get(`/api/incidents/${id}`, IncidentDetail)).events.find(({ kind }) => kind === 'switched');
  await expect.poll(told, { timeout: 60_000, interval: 1000 }).toMatchObject({
    text: 'Lüfter tauschen',
    device: { name: 'PDU 2B' },
    outlet: { name: outlet, command: 'off', certain: true },
  });
  await page.goto(`${demo.url}/incidents/${id}`);
  await page.getByText(`Steckdose ${outlet} an PDU 2B von ${demo.user} ausgeschaltet:`).waitFor();
  await page.getByText('Lüfter tauschen').waitFor();
  await accessible();
}, 240_000);

it('is switched on again, on a phone, in English, in the dark', async () => {
  const phone = await signedInPage(browser, demo, { width: 390, theme: 'dark', language: 'en' });
  await phone.goto(`${demo.url}/devices/${pdu}`);
  await row(phone).getByRole('button', { name: 'Switch …' }).click();
  const dialog = phone.getByRole('dialog');
  await dialog.getByText('Switch on', { exact: true }).click();
  await accessible(phone);
  await expect
    .poll(() => phone.evaluate(() => document.documentElement.scrollWidth))
    .toBeLessThanOrEqual(390);
  await dialog.locator('button[type=submit]').click();
  await dialog.getByText('Switched. The outlet says: on.').waitFor({ timeout: 60_000 });
  expect(complaints.get(page)).toEqual([]);
  expect(complaints.get(phone)).toEqual([]);
}, 120_000);
