import AxeBuilder from '@axe-core/playwright';
import { OrderList, OrderView } from '@rackhaus/config/contract';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '../harness/api.ts';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { complaints, newPage, signedInPage } from '../harness/page.ts';

describe('a change order, from the plan to the work', () => {
  let backend: RunningBackend;
  let browser: Browser;
  let admin: Page;
  let technician: Page;
  let api: Api;
  let path: string;

  beforeAll(async () => {
    backend = await startBackend();
    browser = await startBrowser();
    api = await createApi(backend);
    const tina = { name: 'tina', password: 'tina-only-for-this-test', role: 'technician' };
    const made = await fetch(`${backend.url}/api/users`, {
      method: 'POST',
      headers: { cookie: api.cookie, 'content-type': 'application/json' },
      body: JSON.stringify(tina),
    });
    if (!made.ok) throw new Error(`users: ${made.status} ${await made.text()}`);
    admin = await signedInPage(browser, backend);
    technician = await signedInPage(browser, { url: backend.url, user: tina.name, password: tina.password });
    for (const page of [admin, technician]) page.setDefaultTimeout(10_000);
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await backend?.stop();
  });

  const order = () => api.get(`/api${path}`, OrderView);
  const dialog = () => technician.getByRole('dialog');
  /** Types into a field that offers a list, and takes what is called so. */
  async function choose(field: Locator, text: string): Promise<void> {
    await field.fill(text);
    const named = technician.getByText(text, { exact: true });
    await technician.getByRole('option').filter({ has: named }).first().click();
  }
  const entry = (text: string | RegExp) =>
    technician.getByRole('list', { name: 'Was sich ändert' }).getByRole('listitem').filter({ hasText: text });

  it('is begun with a title', async () => {
    await technician.goto(`${backend.url}/orders`);
    await technician.getByText('Noch gibt es keinen Auftrag.').waitFor();
    await technician.getByRole('button', { name: 'Neuer Auftrag' }).click();
    await dialog().getByLabel('Titel').fill('Telefone umstecken');
    await dialog().getByRole('button', { name: 'Auftrag anlegen' }).click();
    await technician.waitForURL(/\/orders\/\d+$/);
    path = new URL(technician.url()).pathname;
    await expect.poll(() => technician.getByRole('button', { name: 'Einreichen' }).isDisabled()).toBe(true);
  });

  it('plans a row of new cables as one entry', async () => {
    await technician.getByRole('button', { name: 'Änderung hinzufügen' }).click();
    await choose(dialog().getByRole('combobox', { name: 'Von Anschluss' }), 'B 13');
    await choose(dialog().getByRole('combobox', { name: 'Nach Anschluss' }), 'acc-ug-1 1/1/30');
    await dialog().getByLabel('Anzahl').fill('2');
    await dialog().getByText('2 Kabel: B:13').waitFor();
    await dialog().getByRole('button', { name: 'Hinzufügen', exact: true }).click();
    await entry('B:13–14 – acc-ug-1:1/1/30–31').waitFor();
    expect((await order()).items).toHaveLength(2);
  });

  it('says what is in the way of a cable that is moved, and takes that out too', async () => {
    await technician.getByRole('button', { name: 'Änderung hinzufügen' }).click();
    await dialog().getByLabel('Was soll geschehen?').selectOption({ label: 'Kabel umstecken' });
    await choose(dialog().getByRole('combobox', { name: 'Welches Kabel?' }), 'K-0110');
    await choose(dialog().getByRole('combobox', { name: 'Nach Anschluss' }), 'acc-ug-2 Gi1/0/3');
    await dialog().getByText('Hier steckt: Patchkabel K-0058.').waitFor();
    await dialog().getByRole('button', { name: 'Hinzufügen', exact: true }).click();
    await entry('K-0110').getByText('In acc-ug-2:Gi1/0/3 steckt dann noch K-0058.').waitFor();
    await expect.poll(() => technician.getByRole('button', { name: 'Einreichen' }).isDisabled()).toBe(true);
    await technician.getByRole('button', { name: 'K-0058 in diesem Auftrag mit entfernen' }).click();
    await entry('kommt in den Vorrat').waitFor();
    await technician.getByText('steckt dann noch').first().waitFor({ state: 'detached' });
  });

  it('takes an edit back', async () => {
    await entry('kommt in den Vorrat').getByRole('button').click();
    await entry('kommt in den Vorrat').waitFor({ state: 'detached' });
    await technician.getByRole('button', { name: 'Rückgängig' }).click();
    await entry('kommt in den Vorrat').waitFor();
  });

  it('is submitted by the technician and approved by an administrator', async () => {
    await technician.getByRole('button', { name: 'Einreichen' }).click();
    await technician.getByRole('button', { name: 'Zurück zur Planung' }).waitFor();
    await expect.poll(() => technician.getByRole('button', { name: 'Freigeben' }).count()).toBe(0);
    await admin.goto(`${backend.url}/orders?show=waiting`);
    await admin.getByRole('link', { name: 'Telefone umstecken' }).click();
    await admin.getByRole('button', { name: 'Freigeben' }).click();
    await admin.getByText('ist freigegeben.').waitFor();
    expect((await order()).order.state).toBe('approved');
    // The technician's screen hears of it by itself.
    const here = technician.getByRole('list', { name: 'Stand des Auftrags' }).locator('[aria-current]');
    await here.filter({ hasText: 'freigegeben' }).waitFor();
  });

  it('becomes steps in places, which are ticked off and shown at once', async () => {
    await technician.goto(`${backend.url}${path}?tab=work`);
    const steps = (await order()).steps;
    expect(steps.length).toBeGreaterThanOrEqual(8);
    await technician.getByText(`${steps.length} Schritte an`).waitFor();
    await technician.getByText('Patchkabel', { exact: false }).first().waitFor();
    await admin.goto(`${backend.url}${path}?tab=work`);
    await admin.getByText(`${steps.length} Schritte an`).waitFor();
    await technician.getByRole('button', { name: 'Erledigt' }).first().click();
    await admin
      .getByRole('paragraph')
      .filter({ hasText: `1 von ${steps.length} Schritten erledigt` })
      .waitFor();
    expect((await order()).order.state).toBe('working');
  });

  it('is listed where it belongs', async () => {
    const listed = await api.get('/api/orders?state=approved,working', OrderList);
    expect(listed.orders.map(({ title }) => title)).toEqual(['Telefone umstecken']);
    await technician.goto(`${backend.url}/orders?show=todo`);
    await technician.getByRole('link', { name: 'Telefone umstecken' }).waitFor();
    await technician.getByText(/1 von \d+ Schritten erledigt/).waitFor();
  });

  it('fits a phone and a screen, and is for everyone', async () => {
    const cookies = await technician.context().cookies();
    for (const [width, theme, language] of [
      [390, 'dark', 'de'],
      [1440, 'light', 'en'],
    ] as const) {
      const page = await newPage(browser, { width, theme, language });
      await page.context().addCookies(cookies);
      for (const address of ['/orders', path, `${path}?tab=racks`, `${path}?tab=work`]) {
        await page.goto(`${backend.url}${address}`);
        await page.locator('.page, table').first().waitFor();
        await page.waitForLoadState('networkidle');
        const axe = new AxeBuilder({ page }).exclude('[data-device]');
        const { violations } = await axe.analyze();
        const found = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(', ')}`,
        );
        expect(found, `${address} ${width}`).toEqual([]);
        await expect
          .poll(() => page.evaluate(() => document.documentElement.scrollWidth), {
            message: `${address} ${width}`,
          })
          .toBe(width);
      }
      expect(complaints.get(page)).toEqual([]);
      await page.context().close();
    }
    for (const page of [admin, technician]) expect(complaints.get(page)).toEqual([]);
  });
});
