import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadFonts, riseOf } from './fonts.ts';
import type { LabelContent } from './label.ts';
import { media } from './media.ts';
import { type LabelPage, labelPages, pageCount } from './pages.ts';

const fonts = await loadFonts();
const sheets = [...media.values()].filter((medium) => medium.form === 'sheet');

const content = fc.record({
  name: fc.string({ minLength: 1, maxLength: 40 }),
  lines: fc.array(fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }), {
    minLength: 1,
    maxLength: 6,
  }),
  qr: fc.constantFrom(null, 'HTTPS://RH.EXAMPLE.DE/Q/D3K7', `HTTPS://${'A'.repeat(60)}.DE/Q/D3K7`),
});

async function pagesOf(
  id: string,
  labels: readonly LabelContent[],
  options: { start?: number; cableDiameterMm?: number } = {},
): Promise<LabelPage[]> {
  const medium = media.get(id);
  if (medium === undefined) throw new Error(`no medium ${id}`);
  const all: LabelPage[] = [];
  const { start = 1, cableDiameterMm = 6 } = options;
  for await (const page of labelPages(fonts, medium, labels, {
    start,
    cableDiameterMm,
    shiftX: 0,
    shiftY: 0,
  }))
    all.push(page);
  return all;
}

describe('media', () => {
  it.each(sheets)('$id: the grid stands in the middle of the sheet, as it is made', (medium) => {
    const right =
      (medium.pageWidthMm ?? 0) -
      medium.leftMm -
      (medium.columns - 1) * medium.pitchXMm -
      (medium.labelWidthMm ?? 0);
    const bottom =
      medium.pageHeightMm - medium.topMm - (medium.rows - 1) * medium.pitchYMm - medium.labelHeightMm;
    expect(Math.abs(right - medium.leftMm)).toBeLessThan(1);
    expect(Math.abs(bottom - medium.topMm)).toBeLessThan(1);
  });

  it('puts every label on its page, and none on another', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...media.keys()),
        fc.array(content, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 200 }),
        async (id, labels, start) => {
          const pages = await pagesOf(id, labels, { start });
          const medium = media.get(id);
          expect(medium && pageCount(medium, labels.length, start)).toBe(pages.length);
          expect(pages.flatMap((page) => page.cells)).toHaveLength(labels.length);
          for (const page of pages) {
            for (const [index, cell] of page.cells.entries()) {
              expect(cell.x).toBeGreaterThanOrEqual(0);
              expect(cell.y).toBeGreaterThanOrEqual(0);
              expect(cell.x + cell.w).toBeLessThanOrEqual(page.widthMm + 1e-6);
              expect(cell.y + cell.h).toBeLessThanOrEqual(page.heightMm + 1e-6);
              for (const other of page.cells.slice(0, index)) {
                const apart =
                  other.x + other.w <= cell.x + 1e-6 ||
                  cell.x + cell.w <= other.x + 1e-6 ||
                  other.y + other.h <= cell.y + 1e-6 ||
                  cell.y + cell.h <= other.y + 1e-6;
                expect(apart).toBe(true);
              }
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('writes nothing over the edge of its label, and says what it leaves out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...media.keys()), content, async (id, label) => {
        const [page] = await pagesOf(id, [label]);
        const cell = page?.cells[0];
        if (page === undefined || cell === undefined) throw new Error('no label');
        const shown = page.items.filter((item) => item.kind === 'text').map((item) => item.text);
        for (const item of page.items) {
          const [w, up, down] =
            item.kind === 'text'
              ? [item.width, item.size * riseOf(item.text), item.size * 0.24]
              : item.kind === 'qr'
                ? [item.modules * item.moduleMm, 0, item.modules * item.moduleMm]
                : [0, 0, 0];
          const turned = item.kind === 'text' && item.turn !== 0;
          const left = turned ? item.x - up : item.x;
          const right = turned ? item.x + down : item.x + w;
          const top = turned ? item.y - w : item.y - up;
          const bottom = turned ? item.y : item.y + down;
          expect(left).toBeGreaterThanOrEqual(cell.x - 1e-6);
          expect(right).toBeLessThanOrEqual(cell.x + cell.w + 1e-6);
          expect(top).toBeGreaterThanOrEqual(cell.y - 1e-6);
          expect(bottom).toBeLessThanOrEqual(cell.y + cell.h + 1e-6);
        }
        const medium = media.get(id);
        for (const line of medium?.shape === 'wrap' ? [label.lines.join(' · ')] : label.lines) {
          const said = page.warnings.some(
            ({ code, detail }) => (code === 'text-cut' || code === 'line-left-out') && detail === line,
          );
          expect(said || shown.join(' ').includes(line)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('begins where the sheet is not used yet', async () => {
    const [page] = await pagesOf('avery-l7160', [{ name: 'a', lines: ['a'], qr: null }], { start: 5 });
    expect(page?.cells).toEqual([{ x: 7.2 + 66.04, y: 15.15 + 38.1, w: 63.5, h: 38.1 }]);
  });

  it('refuses a flag around a cable that is too thick for it', async () => {
    await expect(
      pagesOf('avery-l4736-flag', [{ name: 'a', lines: ['a'], qr: null }], { cableDiameterMm: 12 }),
    ).rejects.toThrow('too short for a flag');
  });

  it('says when a QR code is small, and leaves it out when no camera could read it', async () => {
    const small = { name: 'core-1', lines: ['core-1'], qr: 'HTTPS://RH.EXAMPLE.DE/Q/D3K7' };
    const [page] = await pagesOf('avery-l4731', [small]);
    expect(page?.warnings).toEqual([{ code: 'qr-small', label: 'core-1', detail: '0.30' }]);
    const [other] = await pagesOf('avery-l4731', [{ ...small, qr: `HTTPS://${'A'.repeat(60)}.DE/Q/D3K7` }]);
    expect(other?.warnings.map(({ code }) => code)).toEqual(['qr-left-out']);
  });

  it('names letters that the typeface does not have', async () => {
    const [page] = await pagesOf('avery-l7160', [{ name: 'x', lines: ['Grüße, łódź, Ελλάδα 漢'], qr: null }]);
    expect(page?.warnings).toEqual([{ code: 'letter-unknown', label: 'x', detail: '漢' }]);
  });
});
