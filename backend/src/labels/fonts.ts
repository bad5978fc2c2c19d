import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';

/** The typeface of everything printed: narrow, clear at 5 points, with all of Latin, Greek and Cyrillic. */
export interface Fonts {
  readonly regular: Buffer;
  readonly bold: Buffer;
  /** Width of a text at a font size of 1. */
  measure(text: string, bold: boolean): number;
  /** Letters of the text that the typeface does not have. */
  missing(text: string): string;
}

/** From the baseline, as parts of the font size: capitals, and what goes below the line. */
export const capHeight = 0.73;
export const descent = 0.24;

/** How far a text rises above its baseline: more with dots on a capital than with the stroke of an l. */
export function riseOf(text: string): number {
  return /\p{Lu}\p{M}/u.test(text.normalize('NFD')) ? 0.95 : 0.77;
}

/** Reads the typeface from its package. @throws when the package is not installed */
export async function loadFonts(): Promise<Fonts> {
  const require = createRequire(import.meta.url);
  const file = (name: string) => readFile(require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
  const regular = await file('DejaVuSansCondensed');
  const bold = await file('DejaVuSansCondensed-Bold');
  const fonts = { regular: single(regular), bold: single(bold) };
  const known = new Map<string, number>();
  return {
    regular,
    bold,
    measure(text, isBold) {
      const key = `${isBold ? 'b' : 'r'}${text}`;
      let width = known.get(key);
      if (width === undefined) {
        const font = isBold ? fonts.bold : fonts.regular;
        width = font.layout(text).advanceWidth / font.unitsPerEm;
        // A job measures the same words over and over; the next one has others.
        if (known.size > 20_000) known.clear();
        known.set(key, width);
      }
      return width;
    },
    missing: (text) =>
      [...new Set(text)]
        .filter((letter) => !fonts.regular.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0))
        .join(''),
  };
}

/** The typeface, read when it is first needed, and once; a failure is tried again. */
export function fontsOnce(): () => Promise<Fonts> {
  let loading: Promise<Fonts> | null = null;
  return () => {
    loading ??= loadFonts().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
}

function single(file: Buffer): Font {
  const font = create(file);
  if ('fonts' in font) throw new Error('This file holds several fonts.');
  return font;
}
