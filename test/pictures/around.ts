import type { Locator } from 'playwright-core';
import type { Clip } from './pictures.ts';

/** Parts of the page with a little around them, as far as the window shows them. */
export async function around(...parts: readonly Locator[]): Promise<Clip> {
  const boxes = await Promise.all(
    parts.map(async (part) => {
      const box = await part.boundingBox();
      if (!box) throw new Error('there is nothing to see');
      return box;
    }),
  );
  const x = Math.max(0, Math.min(...boxes.map((box) => box.x)) - 16);
  const y = Math.max(0, Math.min(...boxes.map((box) => box.y)) - 16);
  const right = Math.min(1440, Math.max(...boxes.map((box) => box.x + box.width)) + 16);
  const bottom = Math.min(900, Math.max(...boxes.map((box) => box.y + box.height)) + 16);
  return { x, y, width: right - x, height: bottom - y };
}
