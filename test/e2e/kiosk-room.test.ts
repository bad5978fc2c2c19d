import { CreatedKioskLink, Structure } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '../harness/api.ts';
import { startBrowser } from '../harness/browser.ts';
import { type Demo, startDemo } from '../harness/demo.ts';
import { complaints, newPage } from '../harness/page.ts';
import { until } from '../harness/process.ts';

const shown = 'Serverraum neu';

describe('a screen with a link to one room', () => {
  let demo: Demo;
  let browser: Browser;
  let board: Page;
  let api: Api;
  let link: { id: number; url: string };
  let roomId: number;
  const asked = new Set<string>();
  const send = (method: string, path: string, body?: unknown) =>
    fetch(`${demo.url}${path}`, {
      method,
      headers: { cookie: api.cookie, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  beforeAll(async () => {
    demo = await startDemo();
    browser = await startBrowser();
    api = await createApi(demo);
    roomId = (await api.room(shown)).id;
    const made = await send('POST', '/api/kiosk-links', { name: 'Flur', path: `/rooms/${roomId}` });
    link = CreatedKioskLink.parse(await made.json());
    board = await newPage(browser, { width: 1920 });
    board.on('request', (request) => asked.add(new URL(request.url()).pathname));
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const bar = () => board.getByRole('banner').getByRole('status').first();
  const counted = () => bar().getByText(/Gerät/);

  it('shows that room, live, and how it is', async () => {
    await board.goto(new URL(link.url, demo.url).href);
    await board.waitForURL(`${demo.url}/rooms/${roomId}`);
    await board.getByRole('heading', { level: 1, name: shown }).waitFor();
    await board.locator('[data-port].up').first().waitFor();
    // Each has been asked, and says that it is well.
    const allWell = bar().getByText(/Alle \d+ Geräte in Ordnung/);
    await allWell.waitFor();
    // The room's devices and not those of the house.
    const [, total] = /(\d+) Geräte/.exec((await allWell.textContent()) ?? '') ?? [];
    const house = await api.room(shown);
    const devices = [...house.racks.flatMap((rack) => rack.devices), ...house.unracked];
    expect(Number(total)).toBe(devices.filter(({ monitored }) => monitored).length);
    // Everything that the page loads is answered.
    expect(complaints.get(board)).toEqual([]);
  });

  it('follows what happens there', async () => {
    const before = await counted().first().textContent();
    const made = await send('POST', '/api/simulator/faults', { kind: 'kill-device', target: 'core-1' });
    expect(made.status, await made.clone().text()).toBeLessThan(300);
    await until('the board to tell of it', async () =>
      (await counted().first().textContent()) === before ? undefined : true,
    );
    expect((await send('DELETE', '/api/simulator/faults')).status).toBeLessThan(300);
  }, 90_000);

  it('leads nowhere else', async () => {
    const other = (
      await send('GET', '/api/structure').then(async (reply) => Structure.parse(await reply.json()))
    ).sites
      .flatMap(({ buildings }) => buildings.flatMap(({ floors }) => floors.flatMap(({ rooms }) => rooms)))
      .find(({ id }) => id !== roomId);
    for (const path of [`/rooms/${other?.id}`, '/rooms', '/incidents', '/account', '/administration']) {
      await board.goto(`${demo.url}${path}`);
      await board.waitForURL(`${demo.url}/rooms/${roomId}`);
      await board.getByRole('heading', { level: 1, name: shown }).waitFor();
    }
    await board.getByRole('main').getByRole('link').first().press('Enter');
    // A link that would be followed has been when this is answered.
    await board.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    expect(new URL(board.url()).pathname).toBe(`/rooms/${roomId}`);
    expect([...asked].filter((path) => path.startsWith('/api/')).sort()).toEqual(
      expect.not.arrayContaining([`/api/rooms/${other?.id}`]),
    );
    for (const path of [
      `/api/rooms/${other?.id}`,
      '/api/incidents',
      '/api/users',
      '/api/agents',
      '/api/search?text=a',
    ])
      expect((await board.request.get(`${demo.url}${path}`)).status(), path).toBe(403);
    expect(complaints.get(board)).toEqual([]);
  });

  it('comes back after a reload', async () => {
    await board.reload();
    await board.locator('[data-port].up').first().waitFor();
    await counted().first().waitFor();
    expect(complaints.get(board)).toEqual([]);
  });

  it('ends with the link', async () => {
    expect((await send('DELETE', `/api/kiosk-links/${link.id}`)).status).toBe(204);
    await board.getByText('Dieser Link gilt nicht (mehr).').waitFor({ timeout: 10_000 });
    expect((await board.request.get(`${demo.url}/api/rooms/${roomId}`)).status()).toBe(401);
  });
});
