import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { complaints, signedInPage } from '../harness/page.ts';

describe('how devices are fed', () => {
  let backend: RunningBackend;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    backend = await startBackend();
    browser = await startBrowser();
    page = await signedInPage(browser, backend);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await backend?.stop();
  });

  it('names first what has two supplies and hangs on one source', async () => {
    await page.goto(`${backend.url}/power`);
    await page.getByRole('heading', { name: 'Hat zwei Netzteile und hängt an einer Quelle' }).waitFor();
    await page.getByText('Fällt aus mit USV alt').first().waitFor();
    // Nobody measures here: nothing is said to be well.
    await page.getByText('Nicht bekannt: Messwerte fehlen').first().waitFor();
    expect(await page.getByText('Ja, auch allein').count()).toBe(0);
    await expect.poll(() => page.getByText('Strang A').first().isVisible()).toBe(true);
  });

  it('says what fails when a UPS is gone, and comes back to it by its address', async () => {
    const card = page.getByRole('article', { name: 'USV alt' });
    await card.getByRole('button', { name: 'Was fällt aus, wenn' }).click();
    await page.waitForURL(/device=\d+/);
    await page.getByRole('heading', { name: 'Ohne Strom' }).waitFor();
    await expect
      .poll(() => page.getByRole('region', { name: 'Was fällt aus, wenn' }).textContent())
      .toContain('altakten');
    await page.reload();
    await page.getByRole('heading', { name: 'Ohne Strom' }).waitFor();
  });

  it('is usable for everyone, also on the phone', async () => {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto(`${backend.url}/power`);
      await page.getByRole('article', { name: 'USV A', exact: true }).waitFor();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    expect(complaints.get(page)).toEqual([]);
  });
});
