import { ProfileDetail, ProfileList } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser } from '../harness/browser.ts';
import { type Demo, startDemo } from '../harness/demo.ts';
import { complaints, signedInPage } from '../harness/page.ts';

/** A technician writes a profile with a mistake, mends it, tries it on a device and puts it in use; agents need no restart. */
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

const ups = 'USV A';
const added = (column: string) =>
  [
    '  - id: own-counter',
    '    objects: { ticks: 1.3.6.1.2.1.1.3.0 }',
    '    entity: Eigener Zähler',
    `    values: [{ metric: sensor.count, column: ${column} }]`,
  ].join('\n');

async function get(path: string): Promise<unknown> {
  return (await page.request.get(`${demo.url}${path}`)).json();
}

/** The profile that the UPS is polled with, as soon as it has been polled. */
async function profileOfUps(): Promise<ProfileDetail> {
  let found: ProfileDetail | undefined;
  await expect
    .poll(
      async () => {
        const { profiles } = ProfileList.parse(await get('/api/profiles'));
        for (const { id, devices } of profiles) {
          if (devices === 0) continue;
          const detail = ProfileDetail.parse(await get(`/api/profiles/${id}`));
          if (detail.devices.some(({ name }) => name === ups)) found = detail;
        }
        return found?.profile.id;
      },
      { timeout: 90_000, interval: 1000 },
    )
    .toBeTruthy();
  if (found === undefined) throw new Error(`${ups} is polled with no profile`);
  return found;
}

it('leads from a mistake in a text to new values on the page of the device', async () => {
  const { profile, text, devices } = await profileOfUps();
  await page.goto(`${demo.url}/profiles`);
  await page.getByRole('link', { name: profile.title, exact: true }).click();
  await page.getByRole('button', { name: 'Eigene Fassung schreiben' }).click();
  const field = page.getByLabel('Text des Profils');
  const own = (column: string) =>
    /^scalars:$/m.test(text)
      ? text.replace(/^scalars:$/m, `scalars:\n${added(column)}`)
      : `${text}\nscalars:\n${added(column)}\n`;

  await field.fill(own('tickss'));
  const line =
    own('tickss')
      .split('\n')
      .findIndex((each) => each.includes('tickss')) + 1;
  await page.getByRole('button', { name: `Zeile ${line}` }).click();
  await page.getByText('Die Spalte „tickss“ gibt es in „own-counter“ nicht.').first().waitFor();
  await expect
    .poll(() => page.getByRole('button', { name: 'Speichern und aktivieren' }).isDisabled())
    .toBe(true);

  await field.fill(own('ticks'));
  await page.getByText('Das Profil ist in Ordnung.').waitFor();
  await page.getByText(`Ein mitgeliefertes Profil heißt ebenfalls „${profile.id}“.`).waitFor();

  const picker = page.getByRole('combobox', { name: 'Gerät' });
  await picker.fill(ups);
  await page.getByRole('option', { name: ups }).first().click();
  await page.getByRole('button', { name: 'Ausprobieren' }).click();
  await page.getByRole('heading', { name: `Ergebnis an ${ups}` }).waitFor({ timeout: 100_000 });
  const row = page.getByRole('row', { name: /Eigener Zähler/ });
  await row.getByText('neu', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Speichern und aktivieren' }).click();
  await page.getByText(`Fassung 1 von „${profile.id}“ ist aktiv.`).waitFor();
  const device = devices.find(({ name }) => name === ups);
  await page.goto(`${demo.url}/devices/${device?.id}`);
  await page.getByText('Eigener Zähler').first().waitFor({ timeout: 90_000 });
  expect(complaints.get(page)).toEqual([]);

  await page.goto(`${demo.url}/profiles/${profile.id}`);
  await page.getByRole('button', { name: 'Zum mitgelieferten zurück' }).click();
  await page.getByText(`Für „${profile.id}“ gilt wieder das mitgelieferte Profil.`).waitFor();
}, 400_000);
