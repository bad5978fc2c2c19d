import type { Browser, Page } from 'playwright-core';

export interface SignedIn {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface PageOptions {
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
  readonly language?: 'de' | 'en';
  /** Where the browser is; left out: where the machine is. */
  readonly timeZone?: string;
}

/** Complaints of the browser while a page was open: errors, warnings, violations of the content security policy. */
export const complaints = new WeakMap<Page, string[]>();

const openPages = new Set<Page>();

/** What every page that is open shows: without it, that something did not appear says nothing of what did. */
export async function describePages(): Promise<string> {
  const shown = Array.from(openPages, async (page) => {
    const text = await page
      .locator('body')
      .ariaSnapshot({ timeout: 5_000 })
      .catch((error: unknown) => String(error));
    return [page.url(), ...(complaints.get(page) ?? []), text].join('\n');
  });
  return (await Promise.all(shown)).join('\n\n');
}

/** A fresh browser profile, signed in, at the page that follows. */
export async function signedInPage(browser: Browser, to: SignedIn, options: PageOptions = {}): Promise<Page> {
  const page = await newPage(browser, options);
  await page.goto(`${to.url}/sign-in`);
  await page.locator('input[autocomplete="username"]').fill(to.user);
  await page.locator('input[type="password"]').fill(to.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/rooms/);
  return page;
}

export async function newPage(browser: Browser, options: PageOptions = {}): Promise<Page> {
  const width = options.width ?? 1440;
  const context = await browser.newContext({
    viewport: { width, height: width > 600 ? 900 : 844 },
    colorScheme: options.theme ?? 'light',
    locale: options.language ?? 'de',
    ...(options.timeZone === undefined ? {} : { timezoneId: options.timeZone }),
  });
  const page = await context.newPage();
  openPages.add(page);
  page.on('close', () => openPages.delete(page));
  const list: string[] = [];
  complaints.set(page, list);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      list.push([message.text(), message.location().url].filter((part) => part !== '').join(' '));
  });
  page.on('pageerror', (error) => list.push(error.message));
  return page;
}
