import { rmSync } from 'node:fs';
import { MadeAccountLink } from '@rackhaus/config/contract';
import { TOTP } from 'otpauth';
import type { Browser } from 'playwright-core';
import { startBackend } from '../harness/backend.ts';
import { newPage, signedInPage } from '../harness/page.ts';
import { around } from './around.ts';
import { Pictures, save } from './pictures.ts';

const password = 'korb feder mond takt';

/** An account from its invitation to the passkey, as its owner sees it. */
export async function accountPictures(browser: Browser): Promise<void> {
  const backend = await startBackend();
  // Passkeys belong to a name: not to 127.0.0.1.
  const url = backend.url.replace('127.0.0.1', 'localhost');
  try {
    const admin = new Pictures(await signedInPage(browser, { ...backend, url }), url);
    const name = 'Jonas Weber';
    const link = MadeAccountLink.parse(
      await admin.send('POST', '/api/users/invitations', { name, role: 'technician', siteIds: null }),
    );
    const page = await newPage(browser);
    await page.goto(link.url);
    await page.getByRole('heading', { name: 'Willkommen bei Rackhaus' }).waitFor();
    await save(page, 'einladung', await around(page.locator('.panel')));
    await page.getByLabel('Neues Passwort', { exact: true }).fill(password);
    await page.getByLabel('Neues Passwort wiederholen').fill(password);
    await page.getByRole('button', { name: 'Passwort setzen' }).click();
    await page.waitForURL(/\/rooms/);

    await page.goto(`${url}/account`);
    await page.getByRole('button', { name: 'App einrichten' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('img', { name: 'QR-Code für die App' }).waitFor();
    await save(page, 'zweiter-faktor', await around(dialog));
    const secret = (await dialog.locator('code').textContent())?.replaceAll(' ', '') ?? '';
    await dialog.getByLabel('Code aus der App').fill(new TOTP({ secret }).generate());
    await dialog.getByRole('button', { name: 'Einrichten' }).click();
    await dialog.getByRole('heading', { name: 'Wiederherstellungscodes' }).waitFor();
    await save(page, 'wiederherstellungscodes', await around(dialog));
    await dialog.getByRole('button', { name: 'Aufbewahrt' }).click();

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
    await dialog.getByLabel('Name').fill('Dienst-Laptop');
    await dialog.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Dienst-Laptop').waitFor();
    await page.getByRole('heading', { name: 'Angemeldet auf' }).waitFor();
    const part = (name: string) =>
      page.locator('section').filter({ has: page.getByRole('heading', { name }) });
    await part('Angemeldet auf').evaluate((element) => element.scrollIntoView({ block: 'end' }));
    await save(page, 'mein-konto', await around(part('Zweiter Faktor'), part('Angemeldet auf')));

    await page.getByRole('button', { name: 'Konto und Darstellung' }).click();
    await page.getByRole('button', { name: 'Abmelden', exact: true }).first().click();
    await page.getByRole('button', { name: 'Mit Passkey anmelden' }).waitFor();
    await save(page, 'anmelden', await around(page.locator('.panel')));
    await page.getByLabel('Benutzername').fill(name);
    await page.getByLabel('Passwort').fill(password);
    await page.getByRole('button', { name: 'Anmelden', exact: true }).click();
    await page.getByRole('heading', { name: 'Zweiter Schritt' }).waitFor();
    await save(page, 'zweiter-schritt', await around(page.locator('.panel')));
  } finally {
    await backend.stop();
    rmSync(backend.dataDir, { recursive: true, force: true });
  }
}
