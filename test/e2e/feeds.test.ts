import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { complaints, signedInPage } from '../harness/page.ts';

/** Programs write by themselves; somebody says which device that is, and its page shows what they say. */
let backend: RunningBackend;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  backend = await startBackend();
  browser = await startBrowser();
  page = await signedInPage(browser, backend);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await backend?.stop();
});

async function write(token: string, lines: string): Promise<void> {
  const reply = await fetch(`${backend.url}/write?db=telegraf&precision=ms`, {
    method: 'POST',
    headers: { authorization: `Token ${token}` },
    body: lines,
  });
  expect(reply.status, await reply.text()).toBe(204);
}

it('leads from a new feed over what waits to a value on the page of the device', async () => {
  await page.goto(`${backend.url}/feeds`);
  await page.getByText('Noch kein Programm liefert Messwerte.').waitFor();
  await page.getByRole('button', { name: 'Zulieferer anlegen' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Telegraf der Server');
  await dialog.getByRole('button', { name: 'Zulieferer anlegen' }).click();
  const token = await page.getByLabel('Zugangsschlüssel').inputValue();
  await expect.poll(() => page.getByLabel('Einstellung').inputValue()).toContain(`token = "${token}"`);
  await page.getByRole('button', { name: 'Fertig' }).click();

  const now = Date.now();
  await write(
    token,
    ['host-1.rathaus.example', 'irgendwer']
      .map((host) =>
        [
          `cpu,cpu=cpu-total,host=${host} usage_idle=57.5 ${now}`,
          `mem,host=${host} used_percent=63.2 ${now}`,
          `docker,host=${host} temperature=48.5 ${now}`,
        ].join('\n'),
      )
      .join('\n'),
  );
  await page.getByRole('heading', { name: 'Wartet auf Zuordnung (2)' }).waitFor();

  await page.getByRole('button', { name: 'irgendwer ignorieren' }).click();
  await page.getByRole('heading', { name: 'Wartet auf Zuordnung (1)' }).waitFor();
  await page.getByRole('button', { name: 'Rückgängig' }).click();
  await page.getByRole('heading', { name: 'Wartet auf Zuordnung (2)' }).waitFor();

  await page.getByRole('button', { name: 'host-1.rathaus.example ist host-1' }).click();
  await page.getByRole('heading', { name: 'Zugeordnet (1)' }).waitFor();

  await page.getByRole('button', { name: 'host-1.rathaus.example', exact: true }).click();
  await page.getByText('Nicht verstanden (1)').click();
  await page.getByRole('button', { name: 'temperature zuordnen' }).click();
  await page.getByLabel('Messwert').selectOption({ label: 'Temperatur' });
  await page.getByRole('textbox', { name: 'Name' }).fill('Gehäuse');
  await page.getByRole('button', { name: 'Speichern' }).click();
  await page.getByText('temperature wird ab jetzt übernommen.').waitFor();
  await write(token, `docker,host=host-1.rathaus.example temperature=48.5 ${now + 1}`);
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: 'host-1' }).click();
  await page.waitForURL(/\/devices\/\d+/);
  await page.getByText('Gehäuse').first().waitFor();
  await page.getByText('48,5 °C').first().waitFor();
  expect(complaints.get(page)).toEqual([]);
}, 60_000);
