import type { Locator } from 'playwright-core';
import { expect } from 'vitest';

export type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

/** Where something is on the page, once it is there and has come to rest: asked twice, it is at the same place. */
export async function boxOf(locator: Locator): Promise<Box> {
  let last: Box | null = null;
  await expect
    .poll(
      async () => {
        const before = last;
        last = await locator.boundingBox();
        return last !== null && JSON.stringify(last) === JSON.stringify(before);
      },
      { message: `${locator} is drawn and at rest`, timeout: 15_000 },
    )
    .toBe(true);
  if (last === null) throw new Error(`${locator} is not drawn`);
  return last;
}
