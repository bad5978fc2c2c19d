import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { TraceStarts } from '@rackhaus/config/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBackend, signIn, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { complaints, signedInPage } from '../harness/page.ts';
import { pageSizes, pdfText } from '../harness/pdf.ts';

describe('tracing from anything', () => {
  let backend: RunningBackend;
  let browser: Browser;
  let page: Page;
  const strip = () => page.getByRole('region', { name: 'Kabelweg', exact: true });

  beforeAll(async () => {
    backend = await startBackend();
    browser = await startBrowser();
    page = await signedInPage(browser, backend);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await backend?.stop();
  });

  async function find(text: string): Promise<void> {
    await page.goto(`${backend.url}/trace`);
    await page.getByRole('searchbox', { name: 'Kabel, Port, Dose' }).fill(text);
    const [first] = [page.getByRole('list', { name: 'Gefunden' }).getByRole('link').first()];
    await first.click();
    await page.waitForURL(/\/trace\?/);
  }

  it('leads from the label of a cord to both ends, and keeps that in the address', async () => {
    await find('K-0101');
    await page.waitForURL(/cable=\d+$/);
    await strip().getByRole('link', { name: 'acc-ug-1' }).waitFor();
    await strip().getByText('blau · 1 m').waitFor();
    await page.getByText('Gesamtlänge 19 m').waitFor();
    const first = () => page.locator('.strip .stop').first().textContent();
    const before = await first();
    await page.getByRole('button', { name: 'Umdrehen' }).click();
    await expect.poll(() => first()).not.toBe(before);
    await page.reload();
    await strip().getByRole('link', { name: 'acc-ug-1' }).waitFor();
  });

  it('says the way in words, and draws the racks with it', async () => {
    const text = page.getByRole('listitem').filter({ hasText: 'Patchkabel K-0101, blau, 1 m, führt zu' });
    await text.waitFor();
    await page.getByRole('heading', { name: 'In den Schränken' }).waitFor();
    await page.locator('svg .here').first().waitFor({ state: 'attached' });
    await expect.poll(() => page.locator('svg path.cable').count()).toBe(2);
  });

  it('leads from an outlet into which nothing is plugged to the switch', async () => {
    await find('0.01-1');
    await strip().getByRole('link', { name: 'acc-ug-1' }).waitFor();
    await strip().getByText('Nichts weiter dokumentiert').first().waitFor();
  });

  it('leads from a documented MAC address to its port', async () => {
    const cookie = await signIn(backend);
    const starts = await fetch(`${backend.url}/api/trace/starts?q=acc-ug-1%201/1/2`, { headers: { cookie } });
    const [start] = TraceStarts.parse(await starts.json()).starts;
    const saved = await fetch(`${backend.url}/api/inventory/port/${start?.id}`, {
      method: 'PATCH',
      headers: { cookie, 'content-type': 'application/json', origin: backend.url },
      body: JSON.stringify({ mac: '3c:2a:f4:00:12:9e' }),
    });
    expect(saved.ok, await saved.text()).toBe(true);
    await find('3C2A.F400.129E');
    await strip().getByText('Port 1/1/2').waitFor();
  });

  it('lists the paths of a room, and shows the one that is chosen', async () => {
    await find('Bürgerbüro');
    await page.waitForURL(/room=\d+/);
    await page.getByRole('heading', { name: '4 Wege' }).waitFor();
    await page.getByRole('button', { name: 'Dose 0.01-1 · Port 2' }).click();
    await page.getByRole('heading', { name: /Dose 0\.01-1 · Port 2/ }).waitFor();
  });

  it('shows how it was at a time, and today again', async () => {
    await page.getByText('Zu einem Zeitpunkt').click();
    await page.waitForURL(/at=\d+/);
    await page.getByText(/· Stand \d/).waitFor();
    await page.getByText('Heute', { exact: true }).click();
    await page.getByText('· Stand heute').waitFor();
  });

  it('prints the path and its words on A4, and nothing around them', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'rackhaus-trace-')), 'path.pdf');
    await page.pdf({ path: file, preferCSSPageSize: true });
    expect(pageSizes(file)).toHaveLength(1);
    expect(pageSizes(file)[0]?.w).toBeCloseTo(210, 0);
    const text = pdfText(file);
    expect(text).toContain('Als Text');
    expect(text).not.toContain('Verkabelung');
    expect(text).not.toContain('Umdrehen');
  });

  it.each(['light', 'dark'] as const)('is without barriers and fits a phone, %s', async (theme) => {
    for (const width of [1440, 390]) {
      const other = await signedInPage(browser, backend, { width, theme });
      await other.goto(page.url());
      await other.locator('svg .here').first().waitFor({ state: 'attached' });
      const { violations } = await new AxeBuilder({ page: other }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      await expect
        .poll(() => other.evaluate(() => document.documentElement.scrollWidth))
        .toBeLessThanOrEqual(width);
      expect(complaints.get(other)).toEqual([]);
      await other.context().close();
    }
  });
});
