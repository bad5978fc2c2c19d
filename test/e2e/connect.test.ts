import { AxeBuilder } from '@axe-core/playwright';
import { PortStatus, type RoomView } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi, deviceOf } from '../harness/api.ts';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { boxOf } from '../harness/box.ts';
import { startBrowser } from '../harness/browser.ts';
import { complaints, type PageOptions, signedInPage } from '../harness/page.ts';

describe('connecting in the drawing', () => {
  let backend: RunningBackend;
  let browser: Browser;
  let api: Api;
  let room: RoomView;

  beforeAll(async () => {
    backend = await startBackend();
    browser = await startBrowser();
    api = await createApi(backend);
    room = await api.room('Serverraum neu');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await backend?.stop();
  });

  async function roomPage(options: PageOptions = {}): Promise<Page> {
    const page = await signedInPage(browser, backend, options);
    await page.goto(`${backend.url}/rooms/${room.id}`);
    await page.locator('[data-port]').first().waitFor();
    return page;
  }
  async function connectingPage(options: PageOptions = {}): Promise<Page> {
    const page = await roomPage(options);
    await page.getByRole('button', { name: 'Verbinden', exact: true }).click();
    await page.getByRole('heading', { name: 'Kabel stecken' }).waitFor();
    return page;
  }
  /** Ports of a device without a cable in front, by kind. */
  const free = (device: string, kind = 'network') =>
    deviceOf(room, device).ports.filter((port) => port.kind === kind && !port.occupied);
  const busy = (device: string) => {
    const port = deviceOf(room, device).ports.find(({ occupied }) => occupied);
    if (!port) throw new Error(`nothing is plugged into ${device}`);
    return port;
  };
  const status = (portId: number) => api.get(`/api/ports/${portId}/place`, PortStatus);
  const drawn = (page: Page, portId: number) => page.locator(`[data-port="${portId}"]`).first();
  async function centre(page: Page, portId: number) {
    const box = await boxOf(drawn(page, portId));
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }
  async function drag(page: Page, fromId: number, toId: number): Promise<void> {
    const [from, to] = [await centre(page, fromId), await centre(page, toId)];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
  }
  const first = <T>(list: readonly T[], index = 0): T => {
    const found = list[index];
    if (found === undefined) throw new Error('there are not enough free ports');
    return found;
  };

  it('joins two racks by a drag, proposes the cable and the next one, and takes it back', async () => {
    const page = await connectingPage();
    const from = first(free('core-1'));
    const to = first(free('acc-ug-3'));
    await drag(page, from.id, to.id);
    const label = page.getByLabel('Beschriftung');
    await expect.poll(() => label.inputValue()).toMatch(/^K-\d{4}$/);
    const given = await label.inputValue();
    await expect.poll(() => label.evaluate((input) => input === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByText(`Patchkabel ${given} verbindet`).waitFor();
    expect((await status(to.id)).front?.label).toBe(given);
    await page.getByText('Gleich weiter mit dem nächsten Kabel?').waitFor();
    await expect.poll(() => label.inputValue()).not.toBe(given);
    await page.getByRole('button', { name: 'Rückgängig' }).click();
    await expect.poll(async () => (await status(to.id)).front).toBeNull();
    expect(complaints.get(page)).toEqual([]);
    await page.context().close();
  });

  it('says why ports do not go together, and by what one is taken', async () => {
    const page = await connectingPage();
    const from = first(free('core-1'));
    await drawn(page, from.id).click();
    await page.getByText('Jetzt das Ziel').waitFor();
    const inlet = first(deviceOf(room, 'acc-ug-3').ports.filter(({ kind }) => kind === 'inlet'));
    if (await drawn(page, inlet.id).isVisible()) {
      const at = await centre(page, inlet.id);
      await page.mouse.move(at.x, at.y);
      await page.getByText('Strom und Daten passen nicht zusammen').waitFor();
    }
    const taken = busy('core-1');
    const cable = (await status(taken.id)).front?.label ?? '';
    const at = await centre(page, taken.id);
    await page.mouse.move(at.x, at.y, { steps: 3 });
    await page.getByText(`belegt von Patchkabel ${cable}`).waitFor();
    await drawn(page, taken.id).click();
    await page.getByRole('button', { name: 'Ausstecken' }).click();
    await page.getByText('ausgesteckt.').waitFor();
    expect((await status(taken.id)).front).toBeNull();
    await page.getByRole('button', { name: 'Rückgängig' }).click();
    await expect.poll(async () => (await status(taken.id)).front?.label).toBe(cable);
    await page.context().close();
  });

  it('works by keyboard alone, and has no barrier', async () => {
    const page = await roomPage();
    const from = first(free('core-1'));
    const to = first(free('acc-ug-3'));
    await page
      .locator(`[data-device="${deviceOf(room, 'core-1').id}"] [data-stop="device"]`)
      .first()
      .focus();
    await drawn(page, from.id).focus();
    await page.keyboard.press('c');
    const target = page.getByRole('combobox', { name: 'Nach' });
    await target.waitFor();
    await target.focus();
    await page.keyboard.type(`acc-ug-3 ${to.name}`);
    await page
      .getByRole('option', { name: `acc-ug-3 ${to.name}`, exact: false })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.getByLabel('Beschriftung').waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('verbindet core-1').waitFor();
    expect((await status(to.id)).front).not.toBeNull();
    await page.keyboard.press('Control+z');
    await expect.poll(async () => (await status(to.id)).front).toBeNull();
    await page.keyboard.press('Escape');
    await page.context().close();
  });

  it('connects a range after a preview, and refuses one with what is in the way', async () => {
    const page = await connectingPage();
    await page.getByRole('button', { name: 'Mehrere auf einmal' }).click();
    const [from, to] = [free('core-1'), free('core-2')];
    const names = (ports: typeof from) =>
      ports
        .slice(0, 3)
        .map(({ name }) => name)
        .join(', ');
    const taken = busy('core-2');
    await page.getByLabel('Von').fill(`core-1:${first(from).name}`);
    await page.getByLabel('Nach').fill(`core-2:${taken.name}`);
    await page.getByRole('button', { name: 'Vorschau' }).click();
    await page.getByText('Es wird erst gesteckt, wenn alle gehen.').waitFor();
    await page.getByLabel('Von').fill(`core-1:${names(from)}`);
    await page.getByLabel('Nach').fill(`core-2:${names(to)}`);
    await page.getByRole('button', { name: 'Vorschau' }).click();
    await page.getByRole('button', { name: '3 Kabel stecken' }).click();
    await page.getByText('3 Kabel gesteckt.').waitFor();
    expect((await status(first(to, 2).id)).front).not.toBeNull();
    await page.getByRole('button', { name: 'Rückgängig' }).click();
    await expect.poll(async () => (await status(first(to, 2).id)).front).toBeNull();
    await page.context().close();
  });
});
