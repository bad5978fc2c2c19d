import type { Size } from './geometry.ts';

/** A picture that can be a plan, with its size in its own units. */
export interface Picture extends Size {
  readonly file: File;
}
/** Why a file cannot be one. */
export type PictureProblem = 'wrong-kind' | 'unreadable' | 'no-size' | 'too-large';

export const pictureTypes = 'image/svg+xml,image/png,image/jpeg,image/webp,application/pdf';
const mostBytes = 25_000_000;
const largestSide = 100_000;

/** What a chosen file is, by its first bytes; browsers guess by the name only. */
export async function kindOf(file: Blob): Promise<'svg' | 'raster' | 'pdf' | null> {
  const bytes = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
  const text = new TextDecoder('latin1').decode(bytes);
  if (text.startsWith('%PDF-')) return 'pdf';
  if (text.startsWith('\x89PNG') || text.startsWith('\xff\xd8\xff') || /^RIFF....WEBP/s.test(text))
    return 'raster';
  return /<svg[\s>]/i.test(await file.text()) ? 'svg' : null;
}

/** Reads the size of a picture. */
export async function readPicture(file: File): Promise<Picture | PictureProblem> {
  if (file.size > mostBytes) return 'too-large';
  const kind = await kindOf(file);
  if (kind === 'raster') {
    const bitmap = await createImageBitmap(file).catch(() => null);
    if (bitmap === null) return 'unreadable';
    const { width, height } = bitmap;
    bitmap.close();
    return { file, width, height };
  }
  if (kind !== 'svg') return 'wrong-kind';
  const drawing = new File([file], file.name, { type: 'image/svg+xml' });
  if (!(await isDrawn(drawing))) return 'unreadable';
  const size = svgSize(await file.text());
  return size === null ? 'no-size' : { file: drawing, ...size };
}

/** Whether the browser can draw it, as an image: nothing of it is run. */
async function isDrawn(file: File): Promise<boolean> {
  const address = URL.createObjectURL(file);
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
    return true;
  } catch {
    return false;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * The size that an SVG says it has: that of its viewBox, else its width and height; null: none that can be used. Only the attributes
 * of its first element are read; the page lets no text become a document.
 */
export function svgSize(text: string): Size | null {
  const [, tag = ''] =
    /<svg((?:\s(?:[^"'>]|"[^"]*"|'[^']*')*)?)>/i.exec(text.replaceAll(/<!--[\s\S]*?-->/g, '')) ?? [];
  const attributes = new Map(
    Array.from(tag.matchAll(/\s([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g), ([, name, one, other]) => [
      name,
      one ?? other ?? '',
    ]),
  );
  const [, , boxWidth, boxHeight] = (attributes.get('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const width = boxWidth ?? length(attributes.get('width') ?? null);
  const height = boxHeight ?? length(attributes.get('height') ?? null);
  return usable(width) && usable(height) ? { width, height } : null;
}

function usable(value: number | null): value is number {
  return value !== null && Number.isFinite(value) && value >= 1 && value <= largestSide;
}

/** CSS pixels per unit. Source: CSS Values and Units, absolute lengths. */
const px: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  pt: 96 / 72,
  pc: 16,
  mm: 96 / 25.4,
  cm: 960 / 25.4,
  in: 96,
};

function length(text: string | null): number | null {
  const [, number, unit] = /^\s*([\d.]+)\s*([a-z]*)\s*$/i.exec(text ?? '') ?? [];
  const factor = px[unit?.toLowerCase() ?? ''];
  return number === undefined || factor === undefined ? null : Number(number) * factor;
}

/** The name of a file without its ending, as a first idea for the name of a plan. */
export function titleOf(fileName: string): string {
  return fileName
    .replace(/\.[^.]+$/, '')
    .replaceAll(/[_-]+/g, ' ')
    .trim()
    .slice(0, 200);
}
