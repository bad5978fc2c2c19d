import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScript } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { type CountingDevice, startCountingDevice } from '../harness/counting-device.ts';
import { inventoryOfSwitch, roomName, switchName } from '../harness/inventory.ts';
import { complaints, newPage } from '../harness/page.ts';
import { freePort, type StartedProcess, startNode, until } from '../harness/process.ts';

const user = 'e.muster';
const password = 'richtig-langes-kennwort';

describe("one's own installation, from the first start", () => {
  let env: NodeJS.ProcessEnv;
  let device: CountingDevice;
  let installation: StartedProcess;
  let browser: Browser;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    device = await startCountingDevice();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    env = {
      DATA_DIR: join(mkdtempSync(join(tmpdir(), 'rackhaus-first-')), 'data'),
      PORT: String(port),
      // The device stands on this machine, which nobody polls without having said so.
      POLLED_NETWORKS: '127.0.0.0/8',
    };
    installation = await start();
    browser = await startBrowser();
    page = await newPage(browser);
  }, 450_000);

  afterAll(async () => {
    await browser?.close();
    await installation?.stop();
    await device?.close();
  });

  /** It may have to build the dashboard first. */
  function start(): Promise<StartedProcess> {
    return startNode('start', 'scripts/start.ts', [], { env, ready: /^ready http/, timeoutMs: 400_000 });
  }

  const code = () => /enter this code: (\S+)/.exec(installation.printed())?.[1];

  it('prints its address and a code', () => {
    expect(installation.readyLine).toBe(`ready ${url}`);
    expect(code()).toMatch(/^([2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}$/);
  });

  it('makes the first account with that code and a good password only', async () => {
    await page.goto(url);
    await page.waitForURL(/\/setup$/);
    await page.getByRole('heading', { name: 'Erste Einrichtung' }).waitFor();
    const submit = page.getByRole('button', { name: 'Konto anlegen' });
    await page.getByLabel('Einrichtungscode').fill('AAAA-BBBB-CCCC-DDDD');
    await page.getByLabel('Benutzername').fill(user);
    await page.getByLabel('Passwort').fill(password);
    await submit.click();
    await page.getByText('Der Einrichtungscode stimmt nicht.').waitFor();

    await page.getByLabel('Einrichtungscode').fill(code() ?? '');
    await page.getByLabel('Passwort').fill('kurz');
    await submit.click();
    await page.getByText('Das Passwort braucht mindestens 12 Zeichen.').waitFor();

    await page.getByLabel('Passwort').fill(password);
    await submit.click();
    await page.waitForURL(/\/start$/);
    await page.getByRole('heading', { name: 'Erste Schritte' }).waitFor();
  });

  it('says what to do while nothing is documented', async () => {
    await page.goto(`${url}/rooms`);
    await page.getByText('Noch ist kein Raum dokumentiert.').waitFor();
    await page.getByRole('link', { name: 'Erste Schritte beginnen' }).waitFor();
    await page.getByRole('banner').getByText('Es wird noch kein Gerät überwacht').waitFor();
  });

  it('has an agent that is connected', async () => {
    await page.goto(`${url}/administration/machines`);
    const agents = page.getByRole('region', { name: 'Agenten' });
    await agents.getByRole('article', { name: 'local' }).getByText('in Ordnung').waitFor({ timeout: 20_000 });
  });

  it('keeps the account and the session when it is started again', async () => {
    await installation.stop();
    installation = await start();
    expect(code()).toBeUndefined();
    await page.goto(`${url}/rooms`);
    await page.getByRole('heading', { level: 1, name: 'Räume' }).waitFor();

    const other = await newPage(browser);
    await other.goto(url);
    await other.getByLabel('Benutzername').fill(user);
    await other.getByLabel('Passwort').fill(password);
    await other.getByRole('button', { name: 'Anmelden' }).click();
    await other.getByRole('heading', { level: 1, name: 'Räume' }).waitFor();
    await other.context().close();
  });

  it('shows what a folder brought in, and polls it', async () => {
    await installation.stop();
    runScript('scripts/import.ts', [inventoryOfSwitch({ port: device.port, intervalSeconds: 1 })], env);
    installation = await start();
    await page.goto(`${url}/rooms`);
    await page.getByRole('main').getByRole('link', { name: roomName }).first().click();
    await page.getByRole('group', { name: new RegExp(`^${switchName}, .*in Ordnung`) }).waitFor();
    await page.getByRole('banner').getByText('Das eine Gerät ist in Ordnung').waitFor();
  });

  it('shows the room by a kiosk link, without navigation, until it is revoked', async () => {
    await page.goto(`${url}/administration/machines`);
    const links = page.getByRole('region', { name: 'Anzeigetafeln' });
    await links.getByRole('button', { name: 'Link anlegen' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Flur');
    await dialog.getByLabel('Zeigt').selectOption({ label: `Rathaus: ${roomName}` });
    await dialog.getByRole('button', { name: 'Link anlegen' }).click();
    const link = await dialog.getByLabel('Adresse').inputValue();
    await dialog.getByRole('button', { name: 'Fertig' }).click();

    const board = await newPage(browser, { width: 1920 });
    await board.goto(link);
    await board.waitForURL(/\/rooms\/\d+$/);
    await board.getByRole('group', { name: new RegExp(`^${switchName}, `) }).waitFor();
    await expect.poll(() => board.getByRole('navigation').count()).toBe(0);
    expect((await board.request.get(`${url}/api/users`)).status()).toBe(403);

    await links.getByRole('button', { name: 'Link Flur widerrufen' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Widerrufen' }).click();
    await board.getByText('Dieser Link gilt nicht (mehr).').waitFor({ timeout: 10_000 });
    await until('the board to be refused', async () =>
      (await board.request.get(`${url}/api/structure`)).status() === 401 ? true : undefined,
    );
    const again = await newPage(browser);
    await again.goto(link);
    await again.getByText('Dieser Link gilt nicht (mehr).').waitFor();
    expect(complaints.get(board)?.filter(unexpected)).toEqual([]);
  });

  it('had nothing to complain about in the browser', () => {
    expect(complaints.get(page)?.filter(unexpected)).toEqual([]);
  });
});

/** Refusals that the test asks for, and the connection that a restart cuts. */
function unexpected(text: string): boolean {
  return !/status of (401|403|422|400)|WebSocket|ERR_CONNECTION_REFUSED/.test(text);
}
