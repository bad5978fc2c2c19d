import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jsqr from 'jsqr';
import { afterAll, describe, expect, it } from 'vitest';
import { loadFonts } from './fonts.ts';
import type { LabelContent } from './label.ts';
import { media } from './media.ts';
import { labelPages } from './pages.ts';
import { writePdf } from './pdf.ts';

const folder = mkdtempSync(join(tmpdir(), 'rackhaus-pdf-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function print(name: string, id: string, labels: readonly LabelContent[], start = 1): Promise<string> {
  const medium = media.get(id);
  if (medium === undefined) throw new Error(`no medium ${id}`);
  const fonts = await loadFonts();
  const file = join(folder, `${name}.pdf`);
  await writePdf({
    pages: labelPages(fonts, medium, labels, { start, cableDiameterMm: 6, shiftX: 0, shiftY: 0 }),
    fonts,
    title: name,
    time: new Date('2026-11-22T12:00:00Z'),
    to: createWriteStream(file),
  });
  return file;
}

interface Picture {
  readonly width: number;
  readonly height: number;
  /** One byte each, 0 is black. */
  readonly grey: Uint8Array;
  readonly perMm: number;
}

/** A page as poppler draws it. */
function render(file: string, dpi = 600, page = 1): Picture {
  const base = join(folder, 'page');
  execFileSync('pdftoppm', [
    '-r',
    `${dpi}`,
    '-gray',
    '-f',
    `${page}`,
    '-l',
    `${page}`,
    '-singlefile',
    file,
    base,
  ]);
  const pgm = readFileSync(`${base}.pgm`);
  const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.subarray(0, 50).toString('latin1'));
  if (head === null) throw new Error('not a PGM');
  return {
    width: Number(head[1]),
    height: Number(head[2]),
    grey: new Uint8Array(pgm.subarray(head[0].length)),
    perMm: dpi / 25.4,
  };
}

/** The part of a picture, in millimetres, as jsQR wants it. */
function decode(picture: Picture, box: { x: number; y: number; w: number; h: number }): string | undefined {
  const { perMm } = picture;
  const [left, top] = [Math.floor(box.x * perMm), Math.floor(box.y * perMm)];
  const [width, height] = [Math.floor(box.w * perMm), Math.floor(box.h * perMm)];
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      rgba.fill(
        picture.grey[(top + y) * picture.width + left + x] ?? 255,
        (y * width + x) * 4,
        (y * width + x) * 4 + 3,
      );
  return jsqr.default(rgba, width, height)?.data;
}

/** The edges of what is black within a part of the picture, millimetres from the page's left top corner. */
function inkBox(picture: Picture, box: { x: number; y: number; w: number; h: number }) {
  const { perMm } = picture;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let y = Math.ceil(box.y * perMm); y < (box.y + box.h) * perMm; y++)
    for (let x = Math.ceil(box.x * perMm); x < (box.x + box.w) * perMm; x++)
      if ((picture.grey[y * picture.width + x] ?? 255) < 128) {
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y + 1);
      }
  return { left: left / perMm, top: top / perMm, right: right / perMm, bottom: bottom / perMm };
}

const info = (file: string) => execFileSync('pdfinfo', [file], { encoding: 'utf8' });
const text = (file: string) => execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
const label = (index: number): LabelContent => ({
  name: `core-${index}`,
  lines: [`core-${index}`, 'Größe ÄÖÜß'],
  qr: `HTTPS://RH.EXAMPLE.DE/Q/D${index}`,
});

describe('a sheet of labels as PDF', () => {
  it('has the size of A4, and each label within 0.2 mm of its place', async () => {
    const medium = media.get('avery-l4732');
    if (medium === undefined) throw new Error('no medium');
    const file = await print(
      'sheet',
      'avery-l4732',
      Array.from({ length: 80 }, (_, index) => label(index)),
    );
    expect(info(file)).toMatch(/Pages:\s+1\n/);
    expect(info(file)).toMatch(/Page size:\s+595\.27\d x 841\.89 pts \(A4\)/);
    const picture = render(file);
    for (const index of [0, 4, 37, 79]) {
      const x = medium.leftMm + (index % 5) * medium.pitchXMm;
      const y = medium.topMm + Math.floor(index / 5) * medium.pitchYMm;
      const cell = { x, y, w: medium.labelWidthMm ?? 0, h: medium.labelHeightMm };
      expect(decode(picture, cell)).toBe(`HTTPS://RH.EXAMPLE.DE/Q/D${index}`);
      // 25 modules, with a quiet zone of four at each side, in less than half of the label.
      const module = (35.6 * 0.45) / 33;
      const code = inkBox(picture, { ...cell, w: module * 30 });
      expect(Math.abs(code.left - (x + 4 * module))).toBeLessThan(0.2);
      expect(Math.abs(code.right - (x + 29 * module))).toBeLessThan(0.2);
      expect(Math.abs(code.top - (y + (16.9 - 25 * module) / 2))).toBeLessThan(0.2);
      expect(Math.abs(code.bottom - (y + (16.9 + 25 * module) / 2))).toBeLessThan(0.2);
    }
  });

  it('holds every text as text, umlauts included', async () => {
    const file = await print('text', 'avery-l7160', [label(1)]);
    expect(text(file)).toContain('Größe ÄÖÜß');
  });

  it('is the same, byte by byte, for the same job at the same time', async () => {
    const one = readFileSync(await print('one', 'avery-l7160', [label(1), label(2)]));
    const other = readFileSync(await print('one', 'avery-l7160', [label(1), label(2)]));
    expect(one.equals(other)).toBe(true);
  });
});

describe('labels on a roll as PDF', () => {
  it.each([
    ['brother-tze-12', 12],
    ['brother-tze-24', 24],
    ['brother-tze-24-flag', 24],
  ])('%s: one page for each, as high as the tape and as long as the text', async (id, height) => {
    const short = { ...label(1), lines: ['A'] };
    const long = { ...label(2), lines: ['Schrank 1, Vermittlung Erdgeschoss'] };
    const file = await print(id, id, [short, long]);
    const sizes = [
      ...execFileSync('pdfinfo', ['-l', '2', file], { encoding: 'utf8' }).matchAll(
        /size:\s+([\d.]+) x ([\d.]+) pts/g,
      ),
    ].map(([, w, h]) => [Number(w) * (25.4 / 72), Number(h) * (25.4 / 72)] as const);
    expect(sizes).toHaveLength(2);
    for (const [, h] of sizes) expect(h).toBeCloseTo(height, 1);
    expect(sizes[1]?.[0]).toBeGreaterThan((sizes[0]?.[0] ?? 0) + 20);
    const [w = 0] = sizes[1] ?? [];
    const picture = render(file, 360, 2);
    expect(decode(picture, { x: 0, y: 0, w: Math.min(w, height * 1.1), h: height })).toBe(label(2).qr);
  });

  it('prints nothing where the head does not reach', async () => {
    const file = await print('edge', 'brother-tze-12', [{ ...label(3), lines: ['Ägypten', 'gqjp', 'ÅÜ'] }]);
    const picture = render(file);
    const ink = inkBox(picture, { x: 0, y: 0, w: picture.width / picture.perMm, h: 12 });
    expect(ink.top).toBeGreaterThan((12 - 9.88) / 2 - 0.1);
    expect(ink.bottom).toBeLessThan((12 + 9.88) / 2 + 0.1);
  });
});
