import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import jsqr from 'jsqr';

/** A page as poppler draws it: one byte for each point, 0 is black. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
  readonly perMm: number;
}

/** Width and height of each page in millimetres. @throws when poppler's tools are missing, naming the package */
export function pageSizes(file: string): { w: number; h: number }[] {
  if (!existsSync('/usr/bin/pdfinfo')) throw new Error('pdfinfo is missing: apt-get install poppler-utils');
  const words = execFileSync('pdfinfo', ['-l', '-1', file], { encoding: 'utf8' });
  return [...words.matchAll(/size:\s+([\d.]+) x ([\d.]+) pts/g)].map(([, w, h]) => ({
    w: (Number(w) * 25.4) / 72,
    h: (Number(h) * 25.4) / 72,
  }));
}

/** The words of a PDF, in reading order. */
export function pdfText(file: string): string {
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
}

/** Draws one page. */
export function drawPage(file: string, page: number, dpi: number): Picture {
  const base = `${file}.${page}`;
  const which = ['-f', `${page}`, '-l', `${page}`, '-singlefile'];
  execFileSync('pdftoppm', ['-r', `${dpi}`, '-gray', ...which, file, base]);
  const pgm = readFileSync(`${base}.pgm`);
  const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.subarray(0, 50).toString('latin1'));
  if (head === null) throw new Error('not a PGM');
  const grey = new Uint8Array(pgm.subarray(head[0].length));
  return { width: Number(head[1]), height: Number(head[2]), grey, perMm: dpi / 25.4 };
}

/** What the QR code in a part of the picture says, in millimetres; undefined when none is read. */
export function readQr(
  picture: Picture,
  box: { readonly x: number; readonly y: number; readonly w: number; readonly h: number },
): string | undefined {
  const points = (mm: number) => Math.floor(mm * picture.perMm);
  const [left, top, width, height] = [points(box.x), points(box.y), points(box.w), points(box.h)];
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      rgba.fill(picture.grey[(top + y) * picture.width + left + x] ?? 255, at, at + 3);
    }
  return jsqr.default(rgba, width, height)?.data;
}
