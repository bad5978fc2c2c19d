import { CreatedKioskLink } from '@rackhaus/config/contract';
import { type Pictures, save } from './pictures.ts';

/** Signs a fresh browser in by a link, as a screen on the wall does, and takes its picture once it says this. */
export async function wallboard(
  pictures: Pictures,
  { roomId, picture, sentence }: { roomId: number; picture: string; sentence: RegExp },
): Promise<void> {
  const browser = pictures.page.context().browser();
  if (!browser) throw new Error('the browser is gone');
  const made = await pictures.send('POST', '/api/kiosk-links', { name: 'Flur', path: `/rooms/${roomId}` });
  const { url } = CreatedKioskLink.parse(made);
  const context = await browser.newContext({
    viewport: { width: 1920, height: 1080 },
    locale: 'de',
    timezoneId: 'Europe/Berlin',
    colorScheme: 'light',
  });
  const screen = await context.newPage();
  await screen.goto(new URL(url, pictures.url).href);
  await screen.getByText(sentence).first().waitFor({ timeout: 30_000 });
  await screen.locator('[data-port].up').nth(20).waitFor();
  await screen.evaluate(() => document.fonts.ready);
  await save(screen, picture);
  await context.close();
}
