import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startBrowser } from '../harness/browser.ts';
import { root } from '../harness/process.ts';

// Draws the icons of the installed application from the favicon: `node test/pictures/icons.ts`.
const folder = join(root, 'frontend', 'static', 'icons');

/** A square picture of some markup, transparent where nothing is drawn. */
async function draw(page: Page, name: string, size: number, html: string): Promise<void> {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${html}`);
  await writeFile(join(folder, `${name}-${size}.png`), await page.screenshot({ omitBackground: true }));
}

const svg = await readFile(join(root, 'frontend', 'static', 'favicon.svg'), 'utf8');
/** The favicon, this wide, in the middle of a square of a colour. */
const centred = (size: number, share: number, ground: string, drawing = svg) => {
  const width = Math.round(size * share);
  const sized = drawing.replace('<svg', `<svg width="${width}" height="${width}"`);
  return `<div style="width:${size}px;height:${size}px;display:grid;place-items:center;background:${ground}">${sized}</div>`;
};
/** Android draws only its shape, in one colour: the rack, and the devices cut out. */
const badge = `<svg viewBox="0 0 32 32" xmlns="http://www.w3.org/2000/svg"><path fill="#fff" fill-rule="evenodd" d="M8 2h16a3 3 0 0 1 3 3v22a3 3 0 0 1-3 3H8a3 3 0 0 1-3-3V5a3 3 0 0 1 3-3zM9 7v4h14V7zM9 14v4h14v-4zM9 21v4h14v-4z"/></svg>`;

await mkdir(folder, { recursive: true });
const browser = await startBrowser();
try {
  const page = await browser.newPage();
  await draw(page, 'icon', 192, centred(192, 1, 'transparent'));
  await draw(page, 'icon', 512, centred(512, 1, 'transparent'));
  // Cut to any shape by the launcher: what counts lies within the middle 80 per cent.
  await draw(page, 'maskable', 512, centred(512, 0.66, '#e3eef2'));
  await draw(page, 'apple', 180, centred(180, 0.76, '#e3eef2'));
  await draw(page, 'badge', 96, centred(96, 1, 'transparent', badge));
} finally {
  await browser.close();
}
