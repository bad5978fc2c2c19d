import type { RoomView } from '@rackhaus/config/contract';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { createApi } from '../harness/api.ts';
import { startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { signedInPage } from '../harness/page.ts';
import { type Figure, median } from './figure.ts';
import { fullRoomName, inventoryOfFullRoom } from './full-room.ts';

const rackCount = 20;
const rounds = 5;
const slowDown = 4;
const dragSteps = 240;

/**
 * A room of twenty full racks: from following a link to it until every rack in sight is painted, at a quarter of the CPU; and the
 * longest task while a device is dragged across them.
 */
export async function run(): Promise<readonly Figure[]> {
  const backend = await startBackend({}, inventoryOfFullRoom(rackCount));
  const browser = await startBrowser();
  try {
    const room = await (await createApi(backend)).room(fullRoomName);
    const page = await signedInPage(browser, backend);
    await page.addInitScript(watchPaint);
    const address = `${backend.url}/rooms/${room.id}`;
    // Once for the browser's cache, as on any working day.
    await page.goto(address);
    await paintedAt(page);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowDown });
    const paints: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await page.goto(address);
      paints.push(await paintedAt(page));
    }
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    await page.goto(address);
    await paintedAt(page);
    const longest = await drag(page, room);
    return [
      { name: 'rack-view-first-paint-4x', value: median(paints), unit: 'ms', atMost: 1500 },
      { name: 'rack-view-drag-longest-task', value: longest, unit: 'ms', atMost: 50 },
    ];
  } finally {
    await browser.close();
    await backend.stop();
  }
}

/** Runs in the page: notes when every rack that is in sight is drawn, at the frame after that. */
function watchPaint(): void {
  const look = () => {
    const stage = document.querySelector('[data-scroller]')?.getBoundingClientRect();
    const drawings = [...document.querySelectorAll('[data-drawing]')].filter((drawing) => {
      const { left, right } = drawing.getBoundingClientRect();
      return stage !== undefined && right > stage.left && left < stage.right;
    });
    const drawn = drawings.length > 0 && drawings.every((drawing) => drawing.querySelector('[data-device]'));
    if (!drawn) requestAnimationFrame(look);
    else
      requestAnimationFrame(() =>
        setTimeout(() => Reflect.set(globalThis, 'racksPainted', performance.now())),
      );
  };
  look();
}

async function paintedAt(page: Page): Promise<number> {
  await page.waitForFunction(() => Reflect.get(globalThis, 'racksPainted') !== undefined, undefined, {
    timeout: 60_000,
  });
  return z.number().parse(await page.evaluate(() => Reflect.get(globalThis, 'racksPainted')));
}

/** Milliseconds of the longest task while a device is dragged up and down over all racks in the window; 0 when none is noted as long. */
async function drag(page: Page, room: RoomView): Promise<number> {
  const device = room.racks[0]?.devices.find(({ role }) => role === 'server');
  if (!device) throw new Error('there is no server to drag');
  await page.keyboard.press('e');
  await page.locator(`[data-pick], [aria-pressed="true"]`).first().waitFor();
  const box = await page.locator(`[data-device="${device.id}"] .plate`).boundingBox();
  if (!box) throw new Error('the server is not drawn');
  await page.waitForLoadState('networkidle');
  await page.mouse.move(box.x + 40, box.y + 4);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + 10, { steps: 3 });
  await page.getByRole('application').waitFor();
  await page.evaluate(() => {
    Reflect.set(globalThis, 'longTasks', []);
    new PerformanceObserver((list) => {
      const tasks: unknown = Reflect.get(globalThis, 'longTasks');
      if (Array.isArray(tasks)) for (const entry of list.getEntries()) tasks.push(entry.duration);
    }).observe({ type: 'longtask' });
  });
  for (let step = 0; step < dragSteps; step++) {
    const x = 300 + (step / dragSteps) * 700;
    const y = 500 + 250 * Math.sin(step / 9);
    await page.mouse.move(x, y);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  const tasks = z.array(z.number()).parse(await page.evaluate(() => Reflect.get(globalThis, 'longTasks')));
  await page.keyboard.press('Escape');
  await page.mouse.up();
  return Math.max(0, ...tasks);
}
