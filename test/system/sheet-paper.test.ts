import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  loadFonts,
  makeSheet,
  sheetPages,
  townHallInventory,
  writePdf,
} from '@rackhaus/backend/paper-testing';
import { SheetChoice } from '@rackhaus/config/contract';
import { expect, it } from 'vitest';
import { pageSizes, pdfText } from '../harness/pdf.ts';

const now = Date.parse('2026-11-22T10:00:00Z');

it('paper has the heading row, place, date and page on every page, nothing below 8 points, and loses nothing', async () => {
  const { db } = await townHallInventory();
  const fonts = await loadFonts();
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-sheets-'));
  for (const language of ['de', 'en'] as const) {
    const sheet = await makeSheet(db, 'patch', SheetChoice.parse({ language }), now);
    const pages = sheetPages({ sheet, language, measure: fonts, time: now });
    for (const { items } of pages)
      for (const item of items)
        if (item.kind === 'text') expect(item.size * (72 / 25.4)).toBeGreaterThanOrEqual(8);
    const stream = new PassThrough();
    const bytes = buffer(stream);
    await writePdf({ pages, fonts, title: sheet.title, time: new Date(now), to: stream });
    const file = join(folder, `${language}.pdf`);
    await writeFile(file, await bytes);
    expect(pageSizes(file)).toHaveLength(pages.length);
    const texts = pdfText(file).split('\f').slice(0, pages.length);
    for (const [index, text] of texts.entries()) {
      expect(text).toContain(language === 'de' ? 'Führt weiter zu' : 'Leads on to');
      expect(text).toContain(language === 'de' ? '22. November 2026' : '22 November 2026');
      expect(text).toContain(
        language === 'de' ? `Seite ${index + 1} von ${pages.length}` : `Page ${index + 1} of ${pages.length}`,
      );
    }
    const whole = texts.join('\n');
    for (const row of sheet.rows) expect(whole).toContain(String(row.cells.label));
  }
  await rm(folder, { recursive: true });
}, 30_000);
