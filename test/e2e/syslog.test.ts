import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { SyslogState } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent } from '../harness/agent.ts';
import { type Api, createApi, deviceOf } from '../harness/api.ts';
import { type RunningBackend, startOwnBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { expectFit } from '../harness/fit.ts';
import { inventoryOfSwitch, roomName, switchName } from '../harness/inventory.ts';
import { type PageOptions, signedInPage } from '../harness/page.ts';
import { freePort, type StartedProcess, until } from '../harness/process.ts';

const address = '127.0.9.2';
const camera = 'kamera-1';
const wide = { width: 1440, theme: 'light', language: 'de' } as const satisfies PageOptions;
const narrow = { width: 390, theme: 'dark', language: 'en' } as const satisfies PageOptions;

/** A device says something: it is on the screen at once, at the device, found by search, and an incident where it is critical. */
describe('messages of devices in a browser', () => {
  let backend: RunningBackend;
  let agent: StartedProcess;
  let browser: Browser;
  let api: Api;
  let port: number;
  let deviceId: number;
  let page: Page;

  beforeAll(async () => {
    const inventory = inventoryOfSwitch({ address, port: 1, intervalSeconds: 60 }, [camera]);
    backend = await startOwnBackend(inventory);
    api = await createApi(backend);
    deviceId = deviceOf(await api.room(roomName), switchName).id;
    port = await freePort();
    const env = { SYSLOG_PORT: String(port), TRAP_PORT: '0' };
    agent = await startAgent(backend, join(backend.dataDir, 'agent'), env);
    await until('the agent to say where it listens', async () => {
      const { agents } = await api.get('/api/syslog/state', SyslogState);
      return agents.some(({ udp }) => udp === port) || undefined;
    });
    browser = await startBrowser();
    page = await signedInPage(browser, backend, wide);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await agent?.stop();
    await backend?.stop();
  });

  async function send(from: string, ...lines: string[]): Promise<void> {
    const socket = createSocket('udp4');
    socket.bind(0, from);
    await once(socket, 'listening');
    for (const line of lines)
      await new Promise<void>((resolve, reject) =>
        socket.send(line, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
      );
    socket.close();
  }

  const incident = (title: string) =>
    page.getByRole('main').getByRole('link').filter({ hasText: title }).first();
  const row = (of: Page, text: string) => of.getByRole('row').filter({ hasText: text });

  it('says how to send messages here while there are none', async () => {
    await page.goto(`${backend.url}/messages`);
    await page.getByText(`logging host`, { exact: false }).first().waitFor();
    await expectFit(page);
  });

  it('shows a message as it comes, with the device that sent it', async () => {
    await send(
      address,
      '<187>45: Nov 23 09:29:59: %LINK-3-UPDOWN: Interface gi3, changed state to down',
      '<38>Nov 23 09:30:01 sw sshd[812]: Accepted password for netzadmin from 10.10.1.21',
      '<165>1 2026-11-23T09:29:59Z sw configd 12 CHANGE [meta@32473 user="netzadmin" vlan="10"] VLAN 10 geändert',
    );
    const first = row(page, 'Interface gi3, changed state to down');
    await first.waitFor({ timeout: 10_000 });
    await first.getByRole('link', { name: switchName }).waitFor();
    await first.getByText('Fehler').waitFor();
    await row(page, 'VLAN 10 geändert').waitFor();
    expect(await page.evaluate(() => performance.getEntriesByType('navigation').length)).toBe(1);
  });

  it('finds it by words and by severity, and keeps that in the address', async () => {
    await page.getByLabel('Suchen').fill('accepted netzadm');
    await page.waitForURL(/text=accepted/);
    await row(page, 'Accepted password for netzadmin').waitFor();
    await row(page, 'Interface gi3').waitFor({ state: 'detached' });
    await page.reload();
    await row(page, 'Accepted password for netzadmin').waitFor();
    await page.getByLabel('Suchen').fill('nirgendwo');
    await page.getByRole('button', { name: 'Auswahl aufheben' }).click();
    await row(page, 'Interface gi3').waitFor();
    await expectFit(page);
  });

  it('shows it on the page of the device, and from there all of it', async () => {
    await row(page, 'Interface gi3').getByRole('link', { name: switchName }).click();
    await page.waitForURL(`${backend.url}/devices/${deviceId}`);
    await row(page, 'Interface gi3, changed state to down').waitFor();
    await send(address, '<189>Nov 23 09:30:05 sw link: Port gi3 wieder verbunden');
    await row(page, 'Port gi3 wieder verbunden').waitFor({ timeout: 10_000 });
    await page.locator(`a[href^="/messages?device=${deviceId}"]`).click();
    await page.waitForURL(/\/messages\?device=/);
    await row(page, 'Port gi3 wieder verbunden').waitFor();
  });

  it('makes an incident of a critical one that nobody polls for, which leads to the device and its messages', async () => {
    await send('127.0.0.1', `<10>Nov 23 09:29:59 ${camera} lens: Objektiv ausgefallen`);
    await page.goto(`${backend.url}/incidents`);
    await incident(`${camera} meldet: Objektiv ausgefallen`).click();
    await page.waitForURL(/\/incidents\/\d+/);
    await page.getByRole('link', { name: camera }).first().waitFor();
    await expectFit(page);
  });

  it('puts a critical one into the story of what polling has found', async () => {
    await send(address, '<10>Nov 23 09:29:59 sw fan: Lüfter 2 ausgefallen');
    await page.goto(`${backend.url}/incidents`);
    await incident(`${switchName} antwortet nicht`).click({ timeout: 60_000 });
    await page.getByText(`Meldung von ${switchName}:`).waitFor({ timeout: 30_000 });
    await page.getByText('Lüfter 2 ausgefallen').waitFor();
    await expectFit(page);
    await page.getByRole('link', { name: 'Alle Meldungen des Geräts' }).click();
    await row(page, 'Lüfter 2 ausgefallen').waitFor();
    await page.goto(`${backend.url}/incidents`);
    await incident(`${switchName} antwortet nicht`).waitFor();
    expect(await incident(`${switchName} meldet`).count()).toBe(0);
  });

  it('is as good on a phone, in the dark and in English', async () => {
    const phone = await signedInPage(browser, backend, narrow);
    await phone.goto(`${backend.url}/messages`);
    await row(phone, 'Interface gi3, changed state to down').waitFor();
    await expectFit(phone);
    await phone.goto(`${backend.url}/devices/${deviceId}`);
    await row(phone, 'Interface gi3, changed state to down').waitFor();
    await expectFit(phone);
    await phone.context().close();
  });
});
