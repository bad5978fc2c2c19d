import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import AxeBuilder from '@axe-core/playwright';
import { TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type RunningBackend, restartBackend, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { newPage, signedInPage } from '../harness/page.ts';

const shots = process.env.ACCOUNT_SHOTS;

describe('an administrator whose time to set up a second factor is over', () => {
  let backend: RunningBackend;
  let browser: Browser;
  let page: Page;
  let secret: string;

  /** Lets time pass where it is written down. */
  function inDatabase(...statements: string[]): void {
    const db = new DatabaseSync(join(backend.dataDir, 'rackhaus.sqlite'));
    try {
      for (const statement of statements) db.exec(statement);
    } finally {
      db.close();
    }
  }
  async function accessible(): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
  }
  async function shot(name: string): Promise<void> {
    if (shots === undefined) return;
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      writeFileSync(join(shots, `${name}-${theme}.png`), await page.screenshot({ fullPage: true }));
    }
    await page.emulateMedia({ colorScheme: 'light' });
  }
  async function signIn(): Promise<void> {
    await page.goto(`${backend.url}/sign-in`);
    await page.getByLabel('Benutzername').fill(backend.user);
    await page.getByLabel('Passwort').fill(backend.password);
    await page.getByRole('button', { name: 'Anmelden', exact: true }).click();
  }

  beforeAll(async () => {
    backend = await startBackend();
    browser = await startBrowser();
    const first = await signedInPage(browser, backend);
    await first.context().close();
    await backend.stop();
    inDatabase(
      `insert into security_settings (key, value, updated_at, updated_by)
       values ('second-factor', '{"policy":"administrators","dueAt":1}', 1, null)
       on conflict (key) do update set value = excluded.value`,
    );
    backend = await restartBackend(backend);
    page = await newPage(browser, { width: 390 });
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await backend?.stop();
  });

  it('sets one up before anything else is reached', async () => {
    await signIn();
    await page.getByRole('heading', { name: 'Zweiten Faktor einrichten' }).waitFor();
    await accessible();
    await shot('must');
    expect(await page.evaluate(async () => (await fetch('/api/users')).status)).toBe(401);
    await page.goto(`${backend.url}/administration`);
    await page.getByRole('heading', { name: 'Zweiten Faktor einrichten' }).waitFor();
    await page.getByRole('button', { name: 'App einrichten' }).click();
    await page.getByRole('img', { name: 'QR-Code für die App' }).waitFor();
    secret = (await page.locator('code').textContent())?.replaceAll(' ', '') ?? '';
    await accessible();
    await shot('must-app');
    await page.getByLabel('Code aus der App').fill(new TOTP({ secret }).generate());
    await page.getByRole('button', { name: 'Einrichten' }).click();
    await page.getByRole('heading', { name: 'Wiederherstellungscodes' }).waitFor();
    await expect.poll(() => page.getByRole('listitem').count()).toBe(10);
    await accessible();
    await shot('must-codes');
    await page.getByRole('button', { name: 'Weiter' }).click();
    await page.waitForURL((to) => !to.pathname.startsWith('/sign-in'));
    expect(await page.evaluate(async () => (await fetch('/api/users')).status)).toBe(200);
  });

  it('confirms who they are when more than ten minutes have passed, and removes a person for good', async () => {
    const made = await page.evaluate(async () => {
      const reply = await fetch('/api/users/invitations', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Frieda Fort', role: 'viewer', siteIds: null }),
      });
      return reply.json();
    });
    expect(z.object({ id: z.int() }).parse(made).id).toBeGreaterThan(0);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${backend.url}/administration`);
    inDatabase('update sessions set confirmed_at = confirmed_at - 11 * 60000');
    await page.getByRole('button', { name: 'Frieda Fort verwalten' }).click();
    await page
      .getByRole('dialog', { name: 'Frieda Fort' })
      .getByRole('button', { name: 'Person entfernen' })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Frieda Fort entfernen' });
    await dialog.getByText('Das lässt sich nicht rückgängig machen.').waitFor();
    await accessible();
    await shot('remove');
    await dialog.getByRole('button', { name: 'Endgültig entfernen' }).click();
    const confirm = page.getByRole('dialog', { name: 'Bitte bestätigen Sie, dass Sie es sind' });
    await confirm.getByLabel('Passwort').fill('nicht dieses Passwort');
    await accessible();
    await shot('confirm');
    await confirm.getByRole('button', { name: 'Bestätigen' }).click();
    await confirm.getByText('Das Passwort stimmt nicht.').waitFor();
    // Put away, nothing has happened.
    await confirm.getByRole('button', { name: 'Abbrechen' }).click();
    await dialog.getByRole('button', { name: 'Endgültig entfernen' }).click();
    await confirm.getByLabel('Passwort').fill(backend.password);
    await page.keyboard.press('Enter');
    await page.getByText('Frieda Fort ist entfernt.').waitFor();
    await page.getByRole('row', { name: /Frieda Fort/ }).waitFor({ state: 'detached' });
  });
});
