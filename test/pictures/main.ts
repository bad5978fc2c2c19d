import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreatedKioskLink,
  RoomView,
  SeriesReply,
  SimulatorState,
  Structure,
} from '@rackhaus/config/contract';
import type { Locator, Page } from 'playwright-core';
import type { z } from 'zod';
import { startBrowser } from '../harness/browser.ts';
import { startDemo } from '../harness/demo.ts';
import { signedInPage } from '../harness/page.ts';
import { root, until } from '../harness/process.ts';

// `npm run pictures`: takes the manual's pictures anew, from the demo, as a person would see it.
const folder = join(root, 'docs', 'handbuch', 'bilder');
const mostBytes = 250_000;

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const demo = await startDemo();
  const browser = await startBrowser();
  try {
    const page = await signedInPage(browser, demo);
    const pictures = new Pictures(page, demo.url);
    await pictures.calm();
    const room = await pictures.room('Serverraum neu');
    const devices = room.racks.flatMap((rack) => rack.devices);
    const device = (name: string) => {
      const found = devices.find((each) => each.name === name);
      if (!found) throw new Error(`there is no ${name} in ${room.name}`);
      return found.id;
    };
    const rack = room.racks[0];
    if (!rack) throw new Error(`there is no rack in ${room.name}`);

    await pictures.open('/rooms');
    await page.locator('article svg path').first().waitFor();
    await pictures.take('raeume');

    await pictures.open(`/racks/${rack.id}`);
    await pictures.litPorts(device('core-1'));
    await pictures.take('schrank');

    await pictures.open(`/rooms/${room.id}`);
    await pictures.litPorts(device('core-1'));
    await page
      .locator(`[data-device="${device('core-1')}"] [data-port].up`)
      .nth(4)
      .hover();
    await page.getByRole('status').getByText('Kabel').first().waitFor();
    await pictures.take('anschluss', { x: 0, y: 0, width: 1440, height: 660 });
    await page.mouse.move(1400, 880);

    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Gerät, Port, Dose, Etikett, Raum oder Befehl').fill('1.07');
    await page.getByRole('option', { name: /1\.07-1/ }).waitFor();
    await pictures.take('suche', { x: 0, y: 0, width: 1440, height: 460 });
    await page.keyboard.press('Escape');

    await pictures.historyUploaded(device('USV A'));
    await pictures.open(`/devices/${device('core-1')}`);
    await page.locator('tbody tr').nth(5).waitFor();
    await pictures.take('geraet');

    await pictures.open(`/devices/${device('USV A')}`);
    await pictures.charts();
    await pictures.take('verlaeufe');

    await pictures.open('/administration');
    await page.getByRole('row').filter({ hasText: 'in Ordnung' }).waitFor();
    await pictures.take('verwaltung', { x: 0, y: 0, width: 1440, height: 660 });

    // From here on UPS B runs on battery.
    await pictures.cause('cut-mains', 'USV B');
    await pictures.open(`/rooms/${room.id}`);
    await page
      .getByRole('complementary')
      .getByText('USV B auf Batterie')
      .first()
      .waitFor({ timeout: 30_000 });
    await page.locator(`[data-device="${device('USV B')}"].asks`).waitFor();
    await pictures.litPorts(device('core-1'));
    await pictures.take('raum');

    await pictures.open('/simulator');
    await page
      .getByRole('button', { name: /zurücknehmen/ })
      .first()
      .waitFor();
    await pictures.take('simulator');

    await pictures.wallboard(room.id);
  } finally {
    await browser.close();
    await demo.stop();
  }
}

class Pictures {
  readonly #page: Page;
  readonly #url: string;

  constructor(page: Page, url: string) {
    this.#page = page;
    this.#url = url;
  }

  async open(path: string): Promise<void> {
    await this.#page.goto(`${this.#url}${path}`);
    await this.#page.getByRole('heading', { level: 1 }).waitFor();
    await this.#page.evaluate(() => document.fonts.ready);
  }

  /** Once every device has been heard of and is well. */
  async calm(): Promise<void> {
    await this.#page
      .getByRole('banner')
      .getByRole('status')
      .filter({ hasText: /Alle \d+ Geräte in Ordnung/ })
      .waitFor({ timeout: 60_000 });
  }

  async room(name: string): Promise<RoomView> {
    const { sites } = await this.#get('/api/structure', Structure);
    const rooms = sites.flatMap((site) =>
      site.buildings.flatMap((building) => building.floors.flatMap((floor) => floor.rooms)),
    );
    const found = rooms.find((room) => room.name === name);
    if (!found) throw new Error(`there is no room ${name}`);
    return this.#get(`/api/rooms/${found.id}`, RoomView);
  }

  litPorts(deviceId: number): Promise<void> {
    return this.#page
      .locator(`[data-device="${deviceId}"] [data-port].up`)
      .nth(5)
      .waitFor({ timeout: 30_000 });
  }

  /** The demo's past is sent after its start, the newest day last. */
  async historyUploaded(deviceId: number): Promise<void> {
    const from = Date.now() - 20 * 3_600_000;
    await until(
      'the history of the demo',
      async () => {
        const span = `from=${from}&to=${Date.now() - 3_600_000}&points=200`;
        const query = `/api/series?device=${deviceId}&kind=ups&entity=&metrics=charge&${span}`;
        const { series } = await this.#get(query, SeriesReply);
        const values = series[0]?.mean ?? [];
        // Part of that past is an outage.
        return values.filter((value) => value !== null).length > 0.8 * values.length ? true : undefined;
      },
      300_000,
    );
  }

  /** Brings the charts into view and waits until they are drawn. */
  async charts(): Promise<void> {
    const heading = this.#page.getByRole('heading', { name: 'Verläufe' });
    await heading.waitFor();
    await heading.evaluate((element) => element.scrollIntoView({ block: 'start' }));
    await this.#drawn(this.#page.locator('canvas').first());
    await this.#page
      .getByText(/^zuletzt /)
      .first()
      .waitFor();
  }

  async cause(kind: string, target: string): Promise<void> {
    const reply = await this.#page.request.post(`${this.#url}/api/simulator/faults`, {
      data: { kind, target },
      headers: { origin: this.#url },
    });
    if (!reply.ok()) throw new Error(`${kind}: ${reply.status()} ${await reply.text()}`);
    const { faults } = await this.#get('/api/simulator', SimulatorState);
    if (faults.length === 0) throw new Error(`${kind} is not under way`);
  }

  /** Signs a fresh browser in by a link, as a screen on the wall does. */
  async wallboard(roomId: number): Promise<void> {
    const browser = this.#page.context().browser();
    if (!browser) throw new Error('the browser is gone');
    const reply = await this.#page.request.post(`${this.#url}/api/kiosk-links`, {
      data: { name: 'Flur', path: `/rooms/${roomId}` },
      headers: { origin: this.#url },
    });
    const { url } = CreatedKioskLink.parse(await reply.json());
    const context = await browser.newContext({
      viewport: { width: 1920, height: 1080 },
      locale: 'de',
      colorScheme: 'light',
    });
    const screen = await context.newPage();
    await screen.goto(new URL(url, this.#url).href);
    await screen
      .getByRole('banner')
      .getByText(/USV B auf Batterie/)
      .waitFor({ timeout: 30_000 });
    await screen.locator('[data-port].up').nth(20).waitFor();
    await screen.evaluate(() => document.fonts.ready);
    await save(screen, 'wandanzeige');
    await context.close();
  }

  async take(name: string, clip?: { x: number; y: number; width: number; height: number }): Promise<void> {
    await this.#page.evaluate(() => document.fonts.ready);
    await save(this.#page, name, clip);
  }

  async #drawn(canvas: Locator): Promise<void> {
    await canvas.waitFor({ timeout: 30_000 });
    await until('a drawn chart', async () =>
      (await canvas.evaluate((element) => {
        if (!(element instanceof HTMLCanvasElement)) return false;
        const { data } = element.getContext('2d')?.getImageData(0, 0, element.width, element.height) ?? {};
        return data?.some((value) => value !== 0) ?? false;
      }))
        ? true
        : undefined,
    );
  }

  async #get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await (await this.#page.request.get(`${this.#url}${path}`)).json());
  }
}

async function save(
  page: Page,
  name: string,
  clip?: { x: number; y: number; width: number; height: number },
): Promise<void> {
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', ...(clip ? { clip } : {}) });
  const { size } = statSync(path);
  process.stdout.write(`${name}.png ${Math.round(size / 1000)} kB\n`);
  if (size > mostBytes)
    throw new Error(`${name}.png is larger than ${mostBytes / 1000} kB: take less of the screen`);
}

await main();
