import { AxeBuilder } from '@axe-core/playwright';
import { CreatedKioskLink } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi, deviceOf } from '../harness/api.ts';
import { startBrowser } from '../harness/browser.ts';
import { type Demo, startDemo } from '../harness/demo.ts';
import { complaints, newPage, type PageOptions, signedInPage } from '../harness/page.ts';
import { listenToScripts } from '../harness/scripts-loaded.ts';

const variants = {
  'wide, light, German': { width: 1440, theme: 'light', language: 'de' },
  'narrow, dark, English': { width: 390, theme: 'dark', language: 'en' },
  'wide, dark, English': { width: 1440, theme: 'dark', language: 'en' },
  'narrow, light, German': { width: 390, theme: 'light', language: 'de' },
} as const satisfies Record<string, PageOptions>;
type Variant = keyof typeof variants;

const pairs: readonly (readonly Variant[])[] = [
  ['wide, light, German', 'narrow, dark, English'],
  ['wide, dark, English', 'narrow, light, German'],
];

interface Screen {
  readonly name: string;
  /** Opens it and resolves when all of it is there. */
  open(page: Page): Promise<unknown>;
  /** Signed in as the administrator unless it says otherwise. */
  readonly signedOut?: true;
  /** The drawing of the racks is the room's, which is looked at on its own: thousands of elements take their time. */
  readonly drawingOfRoom?: true;
}

describe('every screen of the sample town hall', () => {
  let demo: Demo;
  let browser: Browser;
  let api: Api;
  let roomId: number;
  const ids = new Map<string, number>();
  const pages = new Map<Variant, Page>();
  let kioskLink: string;

  beforeAll(async () => {
    demo = await startDemo();
    browser = await startBrowser();
    api = await createApi(demo);
    const room = await api.room('Serverraum neu');
    roomId = room.id;
    for (const name of ['core-1', 'USV A']) ids.set(name, deviceOf(room, name).id);
    ids.set('rack', room.racks[0]?.id ?? 0);
    const made = await fetch(`${demo.url}/api/kiosk-links`, {
      method: 'POST',
      headers: { cookie: api.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Flur', path: `/rooms/${roomId}` }),
    });
    kioskLink = new URL(CreatedKioskLink.parse(await made.json()).url, demo.url).href;
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const to = (page: Page, path: string) => page.goto(`${demo.url}${path}`);
  const anyPortUp = (page: Page) => page.locator('[data-port].up').first().waitFor();
  const openDevice = async (page: Page, name: string) => {
    await to(page, `/devices/${ids.get(name)}`);
    await page.getByRole('heading', { level: 1, name }).waitFor();
    // Charts are fetched when they are looked at.
    await page.getByRole('heading', { name: /^(Verläufe|History)$/ }).scrollIntoViewIfNeeded();
    await page.locator('canvas').first().waitFor();
  };

  const screens: readonly Screen[] = [
    {
      name: 'sign-in',
      signedOut: true,
      open: async (page) => {
        await to(page, '/sign-in');
        await page.locator('input[type="password"]').waitFor();
      },
    },
    {
      name: 'rooms',
      open: async (page) => {
        await to(page, '/rooms');
        await page.getByRole('main').getByRole('link', { name: 'Serverraum neu' }).first().waitFor();
      },
    },
    {
      name: 'room',
      open: async (page) => {
        await to(page, `/rooms/${roomId}`);
        await anyPortUp(page);
      },
    },
    {
      name: 'rack',
      open: async (page) => {
        await to(page, `/racks/${ids.get('rack')}`);
        await anyPortUp(page);
      },
    },
    { name: 'switch', open: (page) => openDevice(page, 'core-1') },
    { name: 'UPS', open: (page) => openDevice(page, 'USV A') },
    {
      name: 'simulator',
      open: async (page) => {
        await to(page, '/simulator');
        await page.getByRole('article').first().waitFor();
      },
    },
    {
      name: 'administration',
      open: async (page) => {
        await to(page, '/administration/machines');
        await page.getByRole('rowheader', { name: 'Flur' }).waitFor();
      },
    },
    {
      name: 'palette',
      open: async (page) => {
        await to(page, '/rooms');
        await page.getByRole('main').getByRole('link').first().waitFor();
        await page.keyboard.press('Control+k');
        await page.getByRole('dialog').getByRole('combobox').fill('core');
        await page
          .getByRole('option', { name: /core-1/ })
          .first()
          .waitFor();
      },
    },
    {
      name: 'inventory',
      open: async (page) => {
        await to(page, '/inventory');
        await page.getByRole('link', { name: /^(Schränke|Racks) \d/ }).waitFor();
      },
    },
    {
      name: 'list',
      open: async (page) => {
        await to(page, '/inventory/device?filter=role:any:switch,ups&sort=-name');
        await page.locator('tbody input').first().check();
        await page.getByRole('button', { name: /^(Ändern|Change)/ }).waitFor();
      },
    },
    {
      name: 'record beside its list',
      open: async (page) => {
        await to(page, `/inventory/device?open=${ids.get('core-1')}`);
        await page.getByLabel(/^(Seriennummer|Serial number)$/).waitFor();
      },
    },
    {
      name: 'form',
      open: async (page) => {
        await to(page, '/inventory/vlan?new');
        await page.getByRole('dialog').getByLabel('Name').fill('Verwaltung');
      },
    },
    {
      name: 'what runs out',
      open: async (page) => {
        await to(page, '/inventory/lifecycle');
        await page.getByRole('heading', { name: /^(Doppelte Seriennummern|Duplicate serial)/ }).waitFor();
      },
    },
    {
      name: 'kiosk',
      signedOut: true,
      drawingOfRoom: true,
      open: async (page) => {
        await page.goto(kioskLink);
        await page.waitForURL(/\/rooms\/\d+$/);
        await anyPortUp(page);
      },
    },
  ];

  const cases = screens.flatMap((screen, index) =>
    (pairs[index % pairs.length] ?? []).map((variant) => ({ name: screen.name, variant, screen })),
  );

  it.each(cases)(
    '$name, $variant: for everybody, within the window, without complaints',
    async ({ variant, screen }) => {
      const page = screen.signedOut
        ? await newPage(browser, variants[variant])
        : (pages.get(variant) ?? (await signedInPage(browser, demo, variants[variant])));
      if (!screen.signedOut) pages.set(variant, page);
      await screen.open(page);
      const axe = new AxeBuilder({ page });
      if (screen.drawingOfRoom) axe.exclude('[data-device]');
      const { violations } = await axe.analyze();
      expect(
        violations.map(({ id, nodes }) => ({
          id,
          nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })),
        })),
      ).toEqual([]);
      const { width, needed } = await page.evaluate(() => ({
        width: document.documentElement.clientWidth,
        needed: document.documentElement.scrollWidth,
      }));
      expect(needed).toBeLessThanOrEqual(width);
      expect(complaints.get(page)).toEqual([]);
      if (screen.signedOut) await page.context().close();
    },
  );

  it('loads a room with little script, and neither charts nor palette before they are wanted', async () => {
    const page = await newPage(browser);
    const [name = '', value = ''] = api.cookie.split('=');
    await page.context().addCookies([{ name, value, url: demo.url }]);
    const scripts = listenToScripts(page);
    await to(page, `/rooms/${roomId}`);
    await anyPortUp(page);
    await page.waitForLoadState('networkidle');
    const first = await scripts.take();
    const { bytes, list } = first;
    expect(bytes, list).toBeGreaterThan(50_000);
    // Compressed with gzip it is an eighth more than with brotli: also then.
    expect(bytes, list).toBeLessThanOrEqual(150_000);
    // Words of chart.js and of bits-ui that survive the minifier …
    const charts = 'beforeDatasetsDraw';
    const palette = 'bits-command-list-height';
    expect(first.text.includes(charts), charts).toBe(false);
    expect(first.text.includes(palette), palette).toBe(false);

    // … and that are there once they are wanted.
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    expect((await scripts.take()).text.includes(palette), palette).toBe(true);
    await openDevice(page, 'USV A');
    // Charts load when they are looked at.
    await page.getByRole('heading', { name: 'Verläufe' }).scrollIntoViewIfNeeded();
    await expect
      .poll(async () => (await scripts.take()).text.includes(charts), { timeout: 15_000 })
      .toBe(true);
    await page.context().close();
  });

  it('leads to a device, a port and the page of a device by keyboard alone', async () => {
    const page = await signedInPage(browser, demo, variants['wide, light, German']);
    await to(page, `/rooms/${roomId}`);
    await anyPortUp(page);
    const focus = () =>
      page.evaluate(() => ({
        stop: document.activeElement?.getAttribute('data-stop') ?? null,
        device: document.activeElement?.closest('[data-device]')?.getAttribute('data-device') ?? null,
        port: document.activeElement?.getAttribute('data-port') ?? null,
      }));
    const tabTo = async (stop: string) => {
      for (let n = 0; n < 60; n++) {
        await page.keyboard.press('Tab');
        const now = await focus();
        if (now.stop === stop) return now;
      }
      throw new Error(`Tab does not lead to a ${stop}`);
    };

    const first = await tabTo('device');
    await page.keyboard.press('ArrowDown');
    const second = await focus();
    expect(second.stop).toBe('device');
    expect(second.device).not.toBe(first.device);

    // Down the rack to the first device with ports that can be reached.
    for (let n = 0; n < 40 && (await focus()).device !== String(ids.get('core-1')); n++)
      await page.keyboard.press('ArrowDown');
    expect((await focus()).device).toBe(String(ids.get('core-1')));

    const port = await tabTo('port');
    expect(port.device).toBe(String(ids.get('core-1')));
    await page.keyboard.press('ArrowRight');
    const neighbour = await focus();
    expect(neighbour.stop).toBe('port');
    expect(neighbour.port).not.toBe(port.port);
    await page.keyboard.press('Escape');
    expect(await focus()).toMatchObject({ stop: 'device', device: port.device });

    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/devices/${ids.get('core-1')}$`));
    await page.getByRole('heading', { level: 1, name: 'core-1' }).waitFor();
    expect(complaints.get(page)).toEqual([]);
    await page.context().close();
  });
});
