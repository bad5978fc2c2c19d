import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBackend, startBackend } from '../harness/backend.ts';
import { startBrowser } from '../harness/browser.ts';
import { complaints, newPage, type PageOptions, signedInPage } from '../harness/page.ts';
import { root } from '../harness/process.ts';

const routes = join(root, 'frontend', 'src', 'routes');

/** What stands in place of the parameters of an address; records of the sample town hall are counted from 1. */
const parameters: Readonly<Record<string, string>> = {
  id: '1',
  order: '1',
  kind: 'device',
  code: 'core-1',
  token: 'none-0000000000000000000000',
};

/** The addresses of all pages, from their files. */
function addresses(): string[] {
  return readdirSync(routes, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name === '+page.svelte')
    .map((entry) => `/${relative(routes, entry.parentPath)}`)
    .map((path) => path.replace(/\/\([^)]*\)/g, '').replace(/\[(\w+)\]/g, (_, name) => parameterValue(name)))
    .map((path) => (path === '' ? '/' : path))
    .sort();
}

function parameterValue(name: string): string {
  const value = parameters[name];
  if (value === undefined)
    throw new Error(`A page has the parameter "${name}": please give it a value in csp.test.ts.`);
  return value;
}

/** What the browser forbade on a page, collected in it from its first script on. */
async function listen(page: Page): Promise<string[]> {
  const violations: string[] = [];
  await page.exposeFunction('rackhausViolation', (text: string) => violations.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report: unknown = Reflect.get(globalThis, 'rackhausViolation');
      if (typeof report === 'function')
        report(
          `${location.pathname}: ${event.effectiveDirective} forbids ${event.blockedURI} ${event.sample}`,
        );
    });
  });
  return violations;
}

describe('the content security policy', () => {
  let backend: RunningBackend;
  let browser: Browser;

  beforeAll(async () => {
    backend = await startBackend();
    browser = await startBrowser();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await backend?.stop();
  });

  const variants: readonly PageOptions[] = [
    { width: 1440, theme: 'light', language: 'de' },
    { width: 390, theme: 'dark', language: 'en' },
  ];
  it.each(variants)('is broken by no page: $width px, $theme', { timeout: 400_000 }, async (options) => {
    const page = await signedInPage(browser, backend, options);
    const violations = await listen(page);
    const paths = addresses();
    expect(paths.length).toBeGreaterThan(50);
    for (const path of paths) {
      await page.goto(`${backend.url}${path}`);
      await page.locator('h1, [role="status"], form, main').first().waitFor();
      await page.waitForLoadState('networkidle');
    }
    // Things that are drawn only when asked for.
    await page.goto(`${backend.url}/rooms/1`);
    await page.locator('h1').first().waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('core');
    await page.getByRole('option').first().waitFor();
    const said = complaints.get(page) ?? [];
    expect([...violations, ...said.filter((text) => /security policy|trusted|violat/i.test(text))]).toEqual(
      [],
    );
    await page.context().close();
  });

  it('stops what somebody might smuggle in', async () => {
    const page = await newPage(browser);
    const violations = await listen(page);
    await page.goto(`${backend.url}/sign-in`);
    await page.locator('h1').first().waitFor();
    const ran = await page.evaluate(() => {
      const attempt = (work: () => void) => {
        try {
          work();
        } catch (error) {
          return String(error).slice(0, 20);
        }
        return 'done';
      };
      const script = document.createElement('script');
      return [
        attempt(() => document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.hit = 1">')),
        attempt(() => {
          script.text = 'window.hit = 1';
        }),
        attempt(() => {
          script.src = 'https://elsewhere.example/x.js';
        }),
        attempt(() => {
          new Worker('/before.js');
        }),
        attempt(() => document.body.setAttribute('onclick', 'window.hit = 1')),
        String(Reflect.get(window, 'hit')),
      ];
    });
    expect(ran.at(-1)).toBe('undefined');
    expect(ran.slice(0, -1).filter((result) => result === 'done')).toEqual([]);
    // What nothing throws for is not fetched, and said by the browser.
    await page.evaluate(() => {
      document.body.append(
        Object.assign(document.createElement('img'), { src: 'https://elsewhere.example/x.png' }),
        Object.assign(document.createElement('iframe'), { src: 'https://elsewhere.example/' }),
      );
      document.body.setAttribute('style', 'color: red');
      return fetch('https://elsewhere.example/').catch(() => undefined);
    });
    for (const directive of ['img-src', 'connect-src', 'frame-src', 'style-src-attr'])
      await expect.poll(() => violations.join('\n')).toContain(directive);
    await page.context().close();
  });
});
