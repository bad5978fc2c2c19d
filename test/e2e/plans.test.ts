import { type PlanMark, PlanView } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '../harness/api.ts';
import { boxOf } from '../harness/box.ts';
import { startBrowser } from '../harness/browser.ts';
import { type Demo, startDemo } from '../harness/demo.ts';
import { pdfOf } from '../harness/make-pdf.ts';
import { complaints, signedInPage } from '../harness/page.ts';

const drawing = (
  more: string,
) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800"><rect width="1200" height="800" fill="#fff"/>
<path d="M100 100H1100V700H100ZM600 100V700" fill="none" stroke="#444" stroke-width="12"/>${more}</svg>`;
const picture = drawing('');
const hostile = drawing("<script>document.title = 'run'; window.parent.postMessage('run', '*')</script>");

describe('the plan of a floor', () => {
  let demo: Demo;
  let browser: Browser;
  let page: Page;
  let api: Api;
  let planId: number;

  beforeAll(async () => {
    demo = await startDemo();
    browser = await startBrowser();
    page = await signedInPage(browser, demo);
    api = await createApi(demo);
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const stage = () => page.getByRole('application');
  const inList = (name: string) =>
    page.getByRole('complementary', { name: 'Was auf den Plan kann' }).getByRole('button', { name }).first();
  const onPlan = (name: RegExp) => stage().getByRole('button', { name });
  const plan = () => api.get(`/api/plans/${planId}`, PlanView);
  const said = (text: RegExp) => page.getByRole('paragraph').filter({ hasText: text });

  /** Where a point of the picture is in the window. */
  async function at(x: number, y: number): Promise<[number, number]> {
    const box = await boxOf(stage().locator('img'));
    const { width, height } = await plan();
    return [box.x + (x / width) * box.width, box.y + (y / height) * box.height];
  }
  async function markOf(kind: PlanMark['kind'], name: string): Promise<PlanMark | undefined> {
    const view = await plan();
    const lists = { room: view.rooms, rack: view.racks, outlet: view.outlets, device: view.devices };
    const id = lists[kind].find((each) => each.name === name)?.id;
    return view.marks.find((mark) => mark.kind === kind && mark.subjectId === id);
  }

  it('begins with a picture, of which nothing is run', async () => {
    await page.goto(`${demo.url}/plans`);
    await page.getByRole('button', { name: 'Plan hinzufügen: Hauptgebäude, Erdgeschoss' }).click();
    const dialog = page.getByRole('dialog');
    const choose = (svg: string) =>
      dialog
        .getByLabel('Bilddatei oder PDF')
        .setInputFiles({ name: 'schule.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) });
    const make = dialog.getByRole('button', { name: 'Plan anlegen' });
    await choose(hostile);
    await dialog.getByText('1200 × 800').waitFor();
    await dialog.getByLabel('Name des Plans').fill('Gesamtschule EG');
    await make.click();
    await dialog.getByRole('alert').waitFor();
    await choose(picture);
    await dialog.getByLabel('Name des Plans').fill('Gesamtschule EG');
    await make.click();
    await page.waitForURL(/\/plans\/\d+\?edit/);
    planId = Number(/plans\/(\d+)/.exec(page.url())?.[1]);
    await stage().locator('img').waitFor();
    expect(await page.title()).not.toBe('run');
    expect(await plan()).toMatchObject({ name: 'Gesamtschule EG', width: 1200, height: 800, marks: [] });
    expect(await page.locator('svg script').count()).toBe(0);
  });

  it('has a room drawn by clicks that keeps right angles', async () => {
    await inList('Technik Gesamtschule').click();
    for (const [x, y] of [
      [106, 106],
      [594, 108],
      [592, 694],
      [108, 692],
    ] as const)
      await page.mouse.click(...(await at(x, y)));
    await page.mouse.click(...(await at(107, 107)));
    await said(/Technik Gesamtschule ist auf dem Plan eingezeichnet/).waitFor();
    const points = (await markOf('room', 'Technik Gesamtschule'))?.points ?? [];
    expect(points).toHaveLength(4);
    expect(new Set(points.map(([x]) => x)).size).toBe(2);
    expect(new Set(points.map(([, y]) => y)).size).toBe(2);
  });

  it('gets a rack by drag and drop', async () => {
    const from = await boxOf(inList('Schrank GES'));
    const to = await at(300, 400);
    await page.mouse.move(from.x + 40, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(from.x - 40, from.y + 20, { steps: 4 });
    await page.mouse.move(...to, { steps: 8 });
    await page.mouse.up();
    await said(/Schrank GES steht jetzt auf dem Plan/).waitFor();
    const [point] = (await markOf('rack', 'Schrank GES'))?.points ?? [];
    expect(Math.hypot((point?.[0] ?? 0) - 300, (point?.[1] ?? 0) - 400)).toBeLessThan(5);
  });

  it('gets an outlet by keyboard alone, and takes it back', async () => {
    const { outlets } = await plan();
    const [first] = outlets;
    if (first === undefined) throw new Error('the floor has no outlet');
    const place = async (): Promise<void> => {
      await inList(first.name).focus();
      await page.keyboard.press('Enter');
      for (let n = 0; n < 5; n++) await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Shift+ArrowDown');
      await page.keyboard.press('Enter');
    };
    await place();
    await said(/steht jetzt auf dem Plan/).waitFor();
    await expect.poll(() => markOf('outlet', first.name)).toBeDefined();
    await page.keyboard.press('Control+z');
    await expect.poll(() => markOf('outlet', first.name)).toBeUndefined();
    await onPlan(new RegExp(`Dose ${first.name}`)).waitFor({ state: 'detached' });
    await place();
    await expect.poll(() => markOf('outlet', first.name)).toBeDefined();

    // Moved from where it is, by the same keys: the focus goes to it, Enter takes it up.
    const before = (await markOf('outlet', first.name))?.points[0]?.[0] ?? 0;
    await onPlan(new RegExp(`Dose ${first.name}`)).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => (await markOf('outlet', first.name))?.points[0]?.[0] ?? 0)
      .toBeGreaterThan(before);
  });

  it('has a scale as soon as somebody has measured', async () => {
    await page.getByRole('button', { name: 'Maßstab festlegen' }).click();
    await page.mouse.click(...(await at(100, 100)));
    await page.mouse.click(...(await at(600, 100)));
    await page.getByLabel('Länge der Strecke in Metern').fill('10,0');
    await page.getByRole('button', { name: 'Übernehmen' }).click();
    await expect.poll(async () => Math.round((await plan()).unitsPerMetre ?? 0)).toBe(50);
    await page.getByRole('img', { name: /^Maßstab/ }).waitFor();
  });

  it('shows all of it again after a reload, and how it is now', async () => {
    await page.goto(`${demo.url}/plans/${planId}`);
    await onPlan(/^Technik Gesamtschule, in Ordnung/).waitFor({ timeout: 60_000 });
    await onPlan(/^Schrank GES, in Ordnung/).waitFor();
    const reply = await page.request.post(`${demo.url}/api/simulator/faults`, {
      data: { kind: 'kill-device', target: 'sw-ges-1' },
    });
    expect(reply.ok()).toBe(true);
    await onPlan(/^Technik Gesamtschule, kritisch/).waitFor({ timeout: 60_000 });
    await page
      .getByRole('complementary')
      .getByRole('link', { name: /sw-ges-1/ })
      .first()
      .waitFor();
    await page.request.delete(`${demo.url}/api/simulator/faults`);
    await onPlan(/^Technik Gesamtschule, in Ordnung/).waitFor({ timeout: 60_000 });
  }, 180_000);

  it('leads to what is on it', async () => {
    await page.mouse.click(...(await at(200, 600)));
    const card = page.getByRole('region', { name: 'Technik Gesamtschule' });
    await card.getByText(/Ein Schrank/).waitFor();
    await page.keyboard.press('Escape');
    await onPlan(/^Schrank GES/).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Schrank GES öffnen' }).click();
    await page.waitForURL(/\/racks\/\d+$/);
  });

  it('comes from a page of a PDF, too', async () => {
    await page.goto(`${demo.url}/plans`);
    await page.getByRole('button', { name: 'Plan hinzufügen: Schulgebäude, Erdgeschoss' }).click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByLabel('Bilddatei oder PDF')
      .setInputFiles({ name: 'grundschule.pdf', mimeType: 'application/pdf', buffer: pdfOf(3) });
    await dialog.getByText('Seite 2').click();
    await dialog.getByText(/Bild gelesen/).waitFor({ timeout: 30_000 });
    await dialog.getByRole('button', { name: 'Plan anlegen' }).click();
    await page.waitForURL(/\/plans\/\d+\?edit/);
    planId = Number(/plans\/(\d+)/.exec(page.url())?.[1]);
    const { width, height } = await plan();
    expect(width / height).toBeCloseTo(842 / 595, 2);
    await expect
      .poll(() =>
        stage()
          .locator('img')
          .evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth),
      )
      .toBe(width);
    // The drawing that was refused at the beginning.
    expect(complaints.get(page)).toEqual([expect.stringMatching(/status of 400 .*\/api\/documents/)]);
  });
});
