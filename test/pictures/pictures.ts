import { statSync } from 'node:fs';
import { join } from 'node:path';
import { RoomView, SeriesReply, SimulatorState, Structure } from '@rackhaus/config/contract';
import type { Locator, Page } from 'playwright-core';
import { z } from 'zod';
import { root, until } from '../harness/process.ts';

/** Where the manual's pictures are. */
export const folder = join(root, 'docs', 'handbuch', 'bilder');
const mostBytes = 250_000;

/** A part of the window, in pixels. */
export interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const Found = z.object({ records: z.array(z.looseObject({ id: z.int(), version: z.int() })) });

/** One window on an installation, and how pictures of it are taken. */
export class Pictures {
  readonly page: Page;
  readonly url: string;

  constructor(page: Page, url: string) {
    this.page = page;
    this.url = url;
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${this.url}${path}`);
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    await this.page.evaluate(() => document.fonts.ready);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Once every device has been heard of and is well. */
  async calm(): Promise<void> {
    await this.page
      .getByRole('banner')
      .getByRole('status')
      .filter({ hasText: /Alle \d+ Geräte in Ordnung/ })
      .waitFor({ timeout: 60_000 });
  }

  async room(name: string): Promise<RoomView> {
    const { sites } = await this.get('/api/structure', Structure);
    const rooms = sites.flatMap((site) =>
      site.buildings.flatMap((building) => building.floors.flatMap((floor) => floor.rooms)),
    );
    const found = rooms.find((room) => room.name === name);
    if (!found) throw new Error(`there is no room ${name}`);
    return this.get(`/api/rooms/${found.id}`, RoomView);
  }

  /** The id of the one record that a filter finds. */
  async record(kind: string, filter: string): Promise<number> {
    const query = new URLSearchParams({ size: '1', filter });
    const [found] = (await this.get(`/api/inventory/${kind}?${query}`, Found)).records;
    if (!found) throw new Error(`there is no ${kind} with ${filter}`);
    return found.id;
  }

  litPorts(deviceId: number): Promise<void> {
    return this.page
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
        const { series } = await this.get(query, SeriesReply);
        const values = series[0]?.mean ?? [];
        // Part of that past is an outage.
        return values.filter((value) => value !== null).length > 0.8 * values.length ? true : undefined;
      },
      300_000,
    );
  }

  /** Brings the charts into view and waits until they are drawn. */
  async charts(): Promise<void> {
    const heading = this.page.getByRole('heading', { name: 'Verläufe' });
    await heading.waitFor();
    await heading.evaluate((element) => element.scrollIntoView({ block: 'start' }));
    await this.#drawn(this.page.locator('canvas').first());
    await this.page.locator('figure[aria-busy="true"]').first().waitFor({ state: 'detached' });
  }

  async cause(kind: string, target: string): Promise<void> {
    await this.send('POST', '/api/simulator/faults', { kind, target });
    const { faults } = await this.get('/api/simulator', SimulatorState);
    if (faults.length === 0) throw new Error(`${kind} is not under way`);
  }

  /** @throws Error with the answer when it is not a success */
  async send(method: 'POST' | 'PATCH', path: string, data: unknown): Promise<unknown> {
    const reply = await this.page.request.fetch(`${this.url}${path}`, {
      method,
      data,
      headers: { origin: this.url },
    });
    if (!reply.ok()) throw new Error(`${method} ${path}: ${reply.status()} ${await reply.text()}`);
    return reply.json();
  }

  async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await (await this.page.request.get(`${this.url}${path}`)).json());
  }

  /** Takes the picture once all devices have been heard of lately: on a busy machine the agent may be late. */
  async take(name: string, clip?: Clip): Promise<void> {
    await this.page.evaluate(() => document.fonts.ready);
    await this.page
      .locator('header [role="status"]')
      .filter({ hasNotText: /unbekannt|wird aufgebaut|unterbrochen\. Stand/ })
      .first()
      .waitFor({ timeout: 180_000 });
    await save(this.page, name, clip);
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
}

/** Writes what a page shows as a picture of the manual. @throws Error when it is too large to be kept with the sources */
export async function save(page: Page, name: string, clip?: Clip): Promise<void> {
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', ...(clip ? { clip } : {}) });
  const { size } = statSync(path);
  process.stdout.write(`${name}.png ${Math.round(size / 1000)} kB\n`);
  if (size > mostBytes)
    throw new Error(`${name}.png is larger than ${mostBytes / 1000} kB: take less of the screen`);
}
