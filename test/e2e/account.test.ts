import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { complaints, newPage, signedInPage } from '../harness/page.ts';

const person = 'Bernd Ärmel';
const password = 'ein blauer Stuhl im Regen';

describe('an account, from the invitation on', () => {
  let backend: RunningBackend;
  let browser: Browser;
  let admin: Page;
  let page: Page;
  let secret: string;
  let codes: string[];
  /** Passkeys belong to a name: not to 127.0.0.1. */
  let url: string;
  /** When a code was last used: the next one has to be a later one. */
  let lastStep = 0;

  beforeAll(async () => {
    backend = await startBackend();
    url = backend.url.replace('127.0.0.1', 'localhost');
    browser = await startBrowser();
    admin = await signedInPage(browser, { ...backend, url });
    page = await newPage(browser);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await backend?.stop();
  });

  /** A code that has not been used: the one that follows is taken too. */
  function freshCode(): string {
    const now = Math.floor(Date.now() / 30_000);
    lastStep = Math.max(now, lastStep + 1);
    expect(lastStep - now).toBeLessThanOrEqual(1);
    return new TOTP({ secret }).generate({ timestamp: lastStep * 30_000 });
  }
  async function accessible(of: Page): Promise<void> {
    const { violations } = await new AxeBuilder({ page: of }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
  }
  async function fits(of: Page): Promise<void> {
    const wide = await of.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
  }
  async function givePassword(on: Page): Promise<void> {
    await on.goto(`${url}/sign-in`);
    await on.getByLabel('Benutzername').fill(person);
    await on.getByLabel('Passwort').fill(password);
    await on.getByRole('button', { name: 'Anmelden', exact: true }).click();
  }

  it('is made by a link that the administrator passes on, and whose password nobody else knows', async () => {
    await admin.goto(`${url}/administration`);
    await admin.getByRole('button', { name: 'Person einladen' }).click();
    const dialog = admin.getByRole('dialog');
    await dialog.getByLabel('Name').fill(person);
    await dialog.getByLabel('Rolle').selectOption({ label: 'Technik' });
    await accessible(admin);
    await dialog.getByRole('button', { name: 'Einladung anlegen' }).click();
    const link = await dialog.getByLabel('Link', { exact: true }).inputValue();
    expect(link).toMatch(/\/invitation#rhi_[\w-]{43}$/);
    await dialog.getByRole('button', { name: 'Fertig' }).click();
    await admin.getByRole('row', { name: new RegExp(`${person}.*eingeladen`) }).waitFor();
    await accessible(admin);

    await page.goto(link);
    await page.getByRole('heading', { name: 'Willkommen bei Rackhaus' }).waitFor();
    await accessible(page);
    const set = page.getByRole('button', { name: 'Passwort setzen' });
    await page.getByLabel('Neues Passwort', { exact: true }).fill('Sommer2026!!');
    await page.getByLabel('Neues Passwort wiederholen').fill('Sommer2026!!');
    await set.click();
    await page.getByText(/Dieses Passwort wird oft benutzt/).waitFor();
    await page.getByLabel('Neues Passwort', { exact: true }).fill(password);
    await page.getByLabel('Neues Passwort wiederholen').fill(password);
    await set.click();
    await page.waitForURL(/\/rooms/);

    const again = await newPage(browser);
    await again.goto(link);
    await again.getByText(/Dieser Link gilt nicht mehr/).waitFor();
    await again.context().close();
  });

  it('gets an app for one-time codes, confirmed by a code of it, and recovery codes', async () => {
    await page.getByRole('button', { name: 'Konto und Darstellung' }).click();
    await page.getByRole('link', { name: 'Mein Konto' }).click();
    await page.getByRole('heading', { level: 1, name: 'Mein Konto' }).waitFor();
    await accessible(page);
    await page.getByRole('button', { name: 'App einrichten' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('img', { name: 'QR-Code für die App' }).waitFor();
    secret = (await dialog.locator('code').textContent())?.replaceAll(' ', '') ?? '';
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    await accessible(page);
    await dialog.getByLabel('Code aus der App').fill('000000');
    await dialog.getByRole('button', { name: 'Einrichten' }).click();
    await dialog.getByText(/Dieser Code gilt nicht/).waitFor();
    await dialog.getByLabel('Code aus der App').fill(freshCode());
    await dialog.getByRole('button', { name: 'Einrichten' }).click();
    await dialog.getByRole('heading', { name: 'Wiederherstellungscodes' }).waitFor();
    codes = await dialog.getByRole('listitem').allInnerTexts();
    expect(codes).toHaveLength(10);
    await accessible(page);
    await dialog.getByRole('button', { name: 'Aufbewahrt' }).click();
    await page.getByText('10 sind noch nicht benutzt.').waitFor();
  });

  it('is signed in to in two steps from then on', async () => {
    await page.getByRole('button', { name: 'Konto und Darstellung' }).click();
    await page.getByRole('button', { name: 'Abmelden', exact: true }).first().click();
    await page.waitForURL(/\/sign-in/);
    await accessible(page);
    await givePassword(page);
    await page.getByRole('heading', { name: 'Zweiter Schritt' }).waitFor();
    await accessible(page);
    // Nothing else is reached in between.
    await page.goto(`${url}/rooms`);
    await page.waitForURL(/\/sign-in/);
    await page.getByLabel('Code aus der App').fill(freshCode());
    await page.getByRole('button', { name: 'Anmelden', exact: true }).click();
    await page.waitForURL(/\/rooms/);
  });

  it('takes a recovery code where the telephone is missing', async () => {
    const other = await newPage(browser, { width: 390 });
    await givePassword(other);
    await other.getByRole('button', { name: 'Wiederherstellungscode verwenden' }).click();
    await other.getByLabel('Wiederherstellungscode').fill(codes[0] ?? '');
    await fits(other);
    await other.getByRole('button', { name: 'Anmelden', exact: true }).click();
    await other.waitForURL(/\/rooms/);
    await other.goto(`${url}/account`);
    await other.getByText('9 sind noch nicht benutzt.').waitFor();
    await fits(other);
    await accessible(other);

    // Its owner sees that device, and signs it out: at once, its screen too.
    await page.goto(`${url}/account`);
    await page.getByRole('region', { name: 'Angemeldet auf' }).getByText('dieses Gerät').waitFor();
    await page.getByRole('button', { name: /Chrome auf Linux abmelden/ }).click();
    await page.getByText('Das Gerät ist abgemeldet.').waitFor();
    await other.waitForURL(/\/sign-in/, { timeout: 10_000 });
    await other.context().close();
  });

  it('gets a passkey, which signs in without name and password', async () => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.getByRole('button', { name: 'Passkey anlegen' }).click();
    await page.getByText('Der Passkey ist angelegt.').waitFor();
    await page.getByRole('button', { name: /Passkey .* umbenennen/ }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Dienst-Laptop');
    await page.getByRole('dialog').getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Dienst-Laptop').waitFor();

    await page.getByRole('button', { name: 'Konto und Darstellung' }).click();
    await page.getByRole('button', { name: 'Abmelden', exact: true }).first().click();
    await page.getByRole('button', { name: 'Mit Passkey anmelden' }).click();
    await page.waitForURL(/\/account/);

    // As a second step, too.
    await page.getByRole('button', { name: 'Konto und Darstellung' }).click();
    await page.getByRole('button', { name: 'Abmelden', exact: true }).first().click();
    await page.waitForURL(/\/sign-in/);
    await givePassword(page);
    await page.getByRole('button', { name: 'Mit Passkey', exact: true }).click();
    await page.waitForURL(/\/rooms/);
  });

  it('loses its second factor by the administrator, and is signed out by that', async () => {
    await admin.goto(`${url}/administration`);
    await admin.getByRole('button', { name: `${person} verwalten` }).click();
    const dialog = admin.getByRole('dialog', { name: person });
    await accessible(admin);
    await dialog.getByRole('button', { name: 'Zweiten Faktor entfernen' }).click();
    await dialog.getByText(`${person} hat keinen zweiten Faktor mehr.`).waitFor();
    await page.waitForURL(/\/sign-in/, { timeout: 10_000 });
    await givePassword(page);
    await page.waitForURL(/\/rooms/);
  });

  it('is looked after only by who has shown a short time ago that it is they', async () => {
    // Ten minutes pass in the backend's own tests; here it answers once as it does after them.
    await admin.route(
      '**/api/sign-in-policy',
      (route) =>
        route.request().method() === 'PUT'
          ? route.fulfill({
              status: 403,
              json: { code: 'forbidden', message: 'Please confirm first that it is you.', reason: 'confirm' },
            })
          : route.continue(),
      { times: 2 },
    );
    await admin.goto(`${url}/administration`);
    await admin.getByRole('main').getByText('Alle', { exact: true }).click();
    const dialog = admin.getByRole('dialog', { name: 'Bitte bestätigen Sie, dass Sie es sind' });
    await dialog.getByLabel('Passwort').fill('nicht dieses Passwort');
    await accessible(admin);
    await dialog.getByRole('button', { name: 'Bestätigen' }).click();
    await dialog.getByText('Das Passwort stimmt nicht.').waitFor();
    await dialog.getByLabel('Passwort').fill(backend.password);
    await dialog.getByRole('button', { name: 'Bestätigen' }).click();
    await admin.getByText('Das gilt ab der nächsten Anmeldung.', { exact: true }).waitFor();
  });

  it('is reminded on every page while the time of grace runs', async () => {
    const other = await newPage(browser, { width: 390 });
    await givePassword(other);
    await other.waitForURL(/\/rooms/);
    await other.getByText(/Ihr Konto braucht in den nächsten \d Tagen einen zweiten Faktor/).waitFor();
    await fits(other);
    await other.context().close();
    await admin.getByRole('main').getByText('Niemand', { exact: true }).click();
    await admin.getByText('Das gilt ab der nächsten Anmeldung.', { exact: true }).waitFor();
  });

  it('is looked after in English on a phone as well', async () => {
    const phone = await signedInPage(
      browser,
      { ...backend, url },
      { width: 390, language: 'en', theme: 'dark' },
    );
    await phone.goto(`${url}/account`);
    await phone.getByRole('heading', { level: 1, name: 'My account' }).waitFor();
    await fits(phone);
    await accessible(phone);
    await phone.goto(`${url}/administration`);
    await phone.getByRole('button', { name: 'Invite somebody' }).waitFor();
    await phone.getByRole('button', { name: `Manage ${person}` }).waitFor();
    await fits(phone);
    await accessible(phone);
    await phone.context().close();
  });

  it('had nothing to complain about in the browser', () => {
    for (const each of [admin, page])
      expect(
        complaints.get(each)?.filter((text) => !/status of (400|401|403|404)|WebSocket/.test(text)),
      ).toEqual([]);
  });

  const shots = process.env.ACCOUNT_SHOTS;
  it.runIf(shots !== undefined)('is photographed', async () => {
    const folder = shots ?? mkdtempSync(join(tmpdir(), 'shots-'));
    for (const width of [1440, 390])
      for (const theme of ['light', 'dark'] as const) {
        const language = width === 1440 ? 'de' : 'en';
        const shot = async (of: Page, name: string) =>
          writeFileSync(
            join(folder, `${name}-${width}-${theme}.png`),
            await of.screenshot({ fullPage: true }),
          );
        const public_ = await newPage(browser, { width, theme, language });
        await public_.goto(`${url}/sign-in`);
        await public_.locator('input[type="password"]').waitFor();
        await shot(public_, 'sign-in');
        await public_.locator('input[autocomplete="username"]').fill(person);
        await public_.locator('input[type="password"]').fill(password);
        await public_.keyboard.press('Enter');
        await public_.getByRole('heading', { name: /Zweiter Schritt|Second step/ }).waitFor();
        await shot(public_, 'second');
        const { id } = await admin.evaluate(async () => {
          const { users } = await (await fetch('/api/users')).json();
          return users.find(({ name }: { name: string }) => name !== 'admin');
        });
        const link = await admin.evaluate(async (of) => {
          const reply = await fetch(`/api/users/${of}/link`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{}',
          });
          return (await reply.json()).url;
        }, id);
        await public_.goto(link);
        await public_.getByRole('button', { name: /Passwort setzen|Set password/ }).waitFor();
        await shot(public_, 'invitation');
        await public_.context().close();
        const own = await signedInPage(browser, { ...backend, url }, { width, theme, language });
        await own.goto(`${url}/account`);
        await own.getByRole('heading', { level: 2 }).nth(2).waitFor();
        await shot(own, 'account');
        await own.getByRole('button', { name: /App einrichten|Set up an app/ }).click();
        await own.getByRole('img').first().waitFor();
        await shot(own, 'app');
        await own.keyboard.press('Escape');
        await own.goto(`${url}/administration`);
        await own
          .getByRole('button', { name: /verwalten|Manage/ })
          .first()
          .waitFor();
        await shot(own, 'people');
        await own.getByRole('button', { name: /Person einladen|Invite/ }).click();
        await own.getByRole('dialog').waitFor();
        await shot(own, 'invite');
        await own.keyboard.press('Escape');
        await own
          .getByRole('button', { name: /verwalten|Manage/ })
          .first()
          .click();
        await own.getByRole('dialog').getByRole('heading', { level: 3 }).last().waitFor();
        await shot(own, 'person');
        await own.context().close();
      }
  });
});
