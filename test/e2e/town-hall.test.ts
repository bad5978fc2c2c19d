import { IncidentDetail, IncidentList, RoomView, Structure } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from '../harness/browser.ts';
import { type Demo, startDemo } from '../harness/demo.ts';
import { complaints, newPage, signedInPage } from '../harness/page.ts';

const well = /Alle \d+ Geräte in Ordnung/;

describe('the sample town hall in a browser', () => {
  let demo: Demo;
  let browser: Browser;
  /** Stays on the room all the time: what it shows comes without reload. */
  let room: Page;
  let simulator: Page;
  let serverRoom: RoomView;

  beforeAll(async () => {
    demo = await startDemo();
    browser = await startBrowser();
    room = await signedInPage(browser, demo);
    simulator = await signedInPage(browser, demo);
    serverRoom = await findServerRoom();
    await room.goto(`${demo.url}/rooms/${serverRoom.id}`);
    await simulator.goto(`${demo.url}/simulator`);
    await status(room).filter({ hasText: well }).waitFor({ timeout: 60_000 });
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  async function findServerRoom(): Promise<RoomView> {
    const structure = Structure.parse(await (await room.request.get(`${demo.url}/api/structure`)).json());
    const found = structure.sites
      .flatMap((site) =>
        site.buildings.flatMap((building) => building.floors.flatMap((floor) => floor.rooms)),
      )
      .find((each) => each.name === 'Serverraum neu');
    return RoomView.parse(await (await room.request.get(`${demo.url}/api/rooms/${found?.id}`)).json());
  }

  async function openIncidents(): Promise<IncidentList['incidents']> {
    const reply = await room.request.get(`${demo.url}/api/incidents`);
    return IncidentList.parse(await reply.json()).incidents.filter(({ state }) => state !== 'resolved');
  }

  async function incidentOf(id: number): Promise<IncidentDetail> {
    return IncidentDetail.parse(await (await room.request.get(`${demo.url}/api/incidents/${id}`)).json());
  }

  function status(page: Page) {
    return page.getByRole('banner').getByRole('status');
  }

  function device(name: string) {
    const found = serverRoom.racks.flatMap((rack) => rack.devices).find((each) => each.name === name);
    if (!found) throw new Error(`there is no ${name} in ${serverRoom.name}`);
    return { ...found, drawn: room.locator(`[data-device="${found.id}"]`) };
  }

  /** Injects a fault in the simulator's panel, as a person does. */
  async function cause(kind: string, target?: string): Promise<void> {
    const offer = simulator
      .getByRole('article')
      .filter({ has: simulator.getByRole('heading', { name: kind }) });
    if (target !== undefined) {
      const select = offer.getByRole('combobox');
      const value = await select.locator('option').filter({ hasText: target }).first().getAttribute('value');
      await select.selectOption(value);
    }
    await offer.getByRole('button', { name: /auslösen/i }).click();
    await simulator.getByRole('button', { name: new RegExp(`${kind}.*zurücknehmen`) }).waitFor();
  }

  async function undo(): Promise<void> {
    await simulator
      .getByRole('button', { name: /zurücknehmen$/ })
      .first()
      .click();
    await status(room).filter({ hasText: well }).waitFor({ timeout: 45_000 });
  }

  it('refuses a wrong password in words, and lets the right one in', async () => {
    const page = await newPage(browser);
    await page.goto(demo.url);
    await page.getByLabel('Benutzername').fill(demo.user);
    await page.getByLabel('Passwort').fill('not the password');
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.getByText('Benutzername oder Passwort stimmt nicht.').waitFor();
    await page.getByLabel('Passwort').fill(demo.password);
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.waitForURL(/\/rooms/);
    await page.getByRole('heading', { name: 'Räume', exact: true }).waitFor();
    await page.context().close();
  });

  it('shows the racks with their devices and lit ports', async () => {
    for (const rack of serverRoom.racks) await room.getByText(rack.name, { exact: true }).first().waitFor();
    await device('core-1').drawn.waitFor();
    await expect.poll(() => room.locator('[data-port].up').count(), { timeout: 20_000 }).toBeGreaterThan(50);
  });

  it('shows a UPS on battery without reload, and that it is over', async () => {
    await cause('Netzstrom einer USV unterbrechen', 'USV B');
    await status(room)
      .filter({ hasText: /Seit \d+:\d+: USV B auf Batterie/ })
      .waitFor({ timeout: 15_000 });
    await expect
      .poll(() => device('USV B').drawn.getAttribute('class'), { timeout: 5_000 })
      .toContain('asks');
    await room.getByRole('complementary').getByText('USV B auf Batterie').first().waitFor();
    // The UPS tells of it by a critical message, too: one fault is one incident, and the message is part of its story.
    await expect
      .poll(
        async () => {
          const [open, ...others] = await openIncidents();
          expect(others, 'other incidents').toEqual([]);
          const { events } = await incidentOf(open?.id ?? 0);
          return events
            .filter(({ kind }) => kind === 'said')
            .map(({ text, device }) => `${device?.name}: ${text}`);
        },
        { timeout: 20_000 },
      )
      .toEqual([expect.stringMatching(/^USV B: .*UPS on battery/)]);
    await undo();
    await expect.poll(() => device('USV B').drawn.getAttribute('class')).not.toContain('asks');
  });

  it('marks both ends of a pulled cable', async () => {
    await cause('Kabel ziehen', 'core-1');
    await status(room)
      .filter({ hasText: /ohne Verbindung|antwortet nicht|unterbrochen/ })
      .waitFor({ timeout: 20_000 });
    await expect
      .poll(() => room.locator('[data-port].fault').count(), { timeout: 10_000 })
      .toBeGreaterThanOrEqual(1);
    await undo();
  });

  it('names a switch that does not answer, and finds it again', async () => {
    await cause('Gerät ausschalten', 'acc-ug-2');
    await status(room)
      .filter({ hasText: /acc-ug-2/ })
      .waitFor({ timeout: 30_000 });
    await undo();
  });

  it('shows everything as unknown while the agent is silent', async () => {
    await cause('Agent anhalten');
    await expect.poll(() => room.locator('.device.unknown').count(), { timeout: 60_000 }).toBeGreaterThan(10);
    await expect.poll(() => room.locator('.device.ok').count(), { timeout: 30_000 }).toBe(0);
    await undo();
  }, 150_000);

  it('says that the connection is lost and since when, and catches up by itself', async () => {
    const before = await room.evaluate(() => performance.timeOrigin);
    demo.kill('backend');
    await status(room)
      .filter({ hasText: /Verbindung unterbrochen. Stand von \d+:\d+/ })
      .waitFor({ timeout: 20_000 });
    await expect
      .poll(() => room.evaluate(() => document.documentElement.hasAttribute('data-stale')))
      .toBe(true);
    // It is started again; the page finds it, and a fault reaches it as before.
    await status(room).filter({ hasText: well }).waitFor({ timeout: 45_000 });
    await expect
      .poll(() => room.evaluate(() => document.documentElement.hasAttribute('data-stale')))
      .toBe(false);
    await cause('Tür öffnen');
    await status(room).filter({ hasText: /offen/ }).waitFor({ timeout: 20_000 });
    await undo();
    expect(await room.evaluate(() => performance.timeOrigin), 'reloaded').toBe(before);
  }, 150_000);

  it('opens a device with its charts, as a table and as a file', async () => {
    const page = await signedInPage(browser, demo);
    await page.goto(`${demo.url}/devices/${device('USV A').id}`);
    await page.getByRole('heading', { level: 1, name: 'USV A' }).waitFor();
    // Charts load when they are looked at.
    await page.getByRole('heading', { name: 'Verläufe' }).scrollIntoViewIfNeeded();
    await page.locator('canvas').first().waitFor({ timeout: 15_000 });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('button', { name: /als CSV-Datei speichern/ })
        .first()
        .click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
    await page.context().close();
  });

  it('finds a device by the keyboard alone', async () => {
    const page = await signedInPage(browser, demo);
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Gerät, Port, Dose, Etikett, Raum oder Befehl').fill('core-2');
    await page
      .getByRole('option', { name: /core-2/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/devices\//);
    await page.getByRole('heading', { level: 1, name: 'core-2' }).waitFor();
    await page.context().close();
  });

  it('had nothing to complain about in the browser', () => {
    for (const page of [room, simulator]) {
      // One test ends the backend under the open pages.
      const unexpected = complaints
        .get(page)
        ?.filter((text) => !/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|WebSocket/.test(text));
      expect(unexpected).toEqual([]);
    }
  });
});
