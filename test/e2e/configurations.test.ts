import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { DeviceConfiguration, IncidentList } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { startAgent } from '../harness/agent.ts';
import { type Api, createApi, deviceOf } from '../harness/api.ts';
import { type RunningBackend, startOwnBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { inventoryOfSwitch, roomName, switchName } from '../harness/inventory.ts';
import { complaints, signedInPage } from '../harness/page.ts';
import { freePort, type StartedProcess } from '../harness/process.ts';
import { type CommandLine, type RunningSshd, startSshd } from '../harness/sshd.ts';

/** An administrator says how switches are signed in to, and sees from then on what is changed in them, announced or not. */
const folder = mkdtempSync(join(tmpdir(), 'rackhaus-configurations-'));
let sshd: RunningSshd;
let backend: RunningBackend;
let agent: StartedProcess;
let api: Api;
let browser: Browser;
let page: Page;
let deviceId: number;

const enable = 'alles zeigen';
const commandLine = (vlan: number): CommandLine => ({
  enable,
  prompt: 'sw-test',
  configuration: [
    `! Last configuration change at ${new Date().toISOString().slice(11, 19)} CET`,
    'hostname sw-test',
    'username admin secret 5 $1$abcd$GeheimesSalzUndMehr',
    'snmp-server community NurZumLesen RO',
    ...Array.from(
      { length: 24 },
      (_, index) =>
        `interface Gi1/0/${index + 1}\n description Büro ${index}\n switchport access vlan ${vlan}\n!`,
    ),
    `vlan ${vlan}`,
    'end',
  ].join('\n'),
  page: 24,
  pager: ' --More-- ',
  banner: '\nNur für Befugte!\n',
});

beforeAll(async () => {
  sshd = await startSshd({ commandLine: commandLine(40) });
  backend = await startOwnBackend(inventoryOfSwitch({ port: await freePort(), intervalSeconds: 60 }));
  api = await createApi(backend);
  deviceId = deviceOf(await api.room(roomName), switchName).id;
  browser = await startBrowser();
  page = await signedInPage(browser, backend);
  const Page = z.object({ records: z.array(z.object({ id: z.number() })) });
  const [monitoring] = (await api.get('/api/inventory/monitoring', Page)).records;
  await send('PATCH', `/api/inventory/monitoring/${monitoring?.id}`, {
    credentialId: null,
    profile: 'cisco-ios',
    ping: true,
  });
  agent = await startAgent(backend, join(folder, 'agent'));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await agent?.stop();
  await backend?.stop();
  await sshd?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function send(method: string, path: string, data: unknown): Promise<void> {
  const reply = await page.request.fetch(`${backend.url}${path}`, {
    method,
    data,
    headers: { origin: backend.url },
  });
  expect(reply.ok(), await reply.text()).toBe(true);
}
const versions = async () =>
  (await api.get(`/api/devices/${deviceId}/configuration`, DeviceConfiguration)).versions.length;
const openAboutIt = async () =>
  (await api.get('/api/incidents?state=open', IncidentList)).incidents.filter(({ title }) =>
    title.de.includes('Konfiguration'),
  ).length;

/** Reads what the switch says now, and waits until there are so many versions. */
async function readUntil(count: number): Promise<void> {
  await page.goto(`${backend.url}/devices/${deviceId}`);
  await page.getByRole('button', { name: 'Jetzt sichern' }).click();
  await expect.poll(versions, { timeout: 60_000, interval: 500 }).toBe(count);
  await page.getByText('jetzige Fassung').waitFor();
}
async function accessible(of: Page = page): Promise<void> {
  expect((await new AxeBuilder({ page: of }).analyze()).violations).toEqual([]);
}

it('begins with a login, which a mistaken deletion does not lose', async () => {
  await send('PUT', `/api/devices/${deviceId}/configuration`, {
    active: true,
    loginId: null,
    port: sshd.port,
  });
  await page.goto(`${backend.url}/configurations`);
  await page.getByText('Es gibt noch keinen Zugang.').waitFor();
  await page.getByRole('button', { name: 'Zugang anlegen' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Bezeichnung').fill('Sicherung');
  await dialog.getByLabel('Benutzername').fill(sshd.user);
  await dialog.getByLabel('Passwort', { exact: true }).fill(sshd.password);
  await dialog.getByLabel('Passwort für alle Befehle (enable)').fill(enable);
  await accessible();
  await dialog.getByRole('button', { name: 'Speichern' }).click();
  const saved = page.getByRole('listitem').filter({ hasText: 'Sicherung' });
  await saved.getByText('für ein Gerät').waitFor();
  await expect.poll(versions, { timeout: 60_000, interval: 500 }).toBe(1);

  await saved.getByRole('button', { name: 'Löschen' }).click();
  await page.getByText('Der Zugang „Sicherung“ ist gelöscht').waitFor();
  await saved.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Rückgängig' }).click();
  await page.getByText('Der Zugang „Sicherung“ ist wieder da').waitFor();
  await saved.getByText('für ein Gerät').waitFor();
}, 120_000);

it('tells of a change that nobody has announced, and shows it', async () => {
  sshd.set(commandLine(41));
  await readUntil(2);
  await page.getByText('ohne Ankündigung').waitFor();
  await expect.poll(openAboutIt, { timeout: 30_000 }).toBe(1);
  await page.goto(`${backend.url}/incidents`);
  await page
    .getByText(`Die Konfiguration von „${switchName}“ wurde außerhalb einer Wartung geändert`)
    .first()
    .waitFor();

  await page.goto(`${backend.url}/devices/${deviceId}`);
  await page.getByRole('button', { name: 'Unterschied' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('vlan 41').first().waitFor();
  await dialog.getByText('vlan 40').first().waitFor();
  await accessible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'War gewollt' }).click();
  await page.getByText(/bestätigt von/).waitFor();
  await expect.poll(openAboutIt, { timeout: 30_000 }).toBe(0);
}, 120_000);

it('tells of none within maintenance, and names it', async () => {
  await send('POST', '/api/inventory/maintenance', {
    name: 'Umbau',
    scope: 'device',
    deviceId,
    from: Date.now() - 60_000,
    until: Date.now() + 3_600_000,
  });
  sshd.set(commandLine(42));
  await readUntil(3);
  await page.getByText('in der Wartung „Umbau“').waitFor();
  expect(await openAboutIt()).toBe(0);
}, 120_000);

it('is searched through, with secrets masked', async () => {
  await page.goto(`${backend.url}/configurations`);
  await page.getByLabel('In allen Konfigurationen suchen').fill('vlan 42');
  await page.getByRole('button', { name: 'Suchen', exact: true }).click();
  await page.getByText('Gefunden in', { exact: false }).waitFor();
  await page.getByText('switchport access vlan 42').first().waitFor();
  await accessible();
  await page.getByRole('button', { name: 'Ansehen' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/snmp-server community ‹••• [0-9a-f]{4}› RO/).waitFor();
  expect(await dialog.textContent()).not.toMatch(/NurZumLesen|GeheimesSalz/);
  await accessible();
  await page.keyboard.press('Escape');
  await page.getByLabel('In allen Konfigurationen suchen').fill('NurZumLesen');
  await page.getByRole('button', { name: 'Suchen', exact: true }).click();
  await page.getByText('In keiner', { exact: false }).waitFor();
  expect(complaints.get(page)).toEqual([]);
}, 60_000);

it('can be looked at on a phone, in the dark and in English', async () => {
  const phone = await signedInPage(browser, backend, { width: 390, theme: 'dark', language: 'en' });
  for (const path of ['/configurations', `/devices/${deviceId}`]) {
    await phone.goto(`${backend.url}${path}`);
    await phone.getByText('backed up', { exact: true }).first().waitFor();
    await accessible(phone);
    const wide = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide, path).toBeLessThanOrEqual(0);
  }
  await phone.getByRole('button', { name: 'Difference' }).first().click();
  await phone.getByRole('dialog').getByText('vlan 42').filter({ visible: true }).first().waitFor();
  await accessible(phone);
  expect(complaints.get(phone)).toEqual([]);
}, 60_000);
