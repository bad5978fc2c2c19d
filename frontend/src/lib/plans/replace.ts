import type { Size } from './geometry.ts';

/** A new picture has the proportions of the old one, to within what rounding and cutting leave. */
export function sameShape(before: Size, after: Size): boolean {
  const ratio = (after.width / after.height) * (before.height / before.width);
  return Math.abs(ratio - 1) < 0.01;
}

/** The height that a plan has in its own units with a picture of other proportions. */
export function heightLike(plan: Size, picture: Size): number {
  return Math.round((plan.width * picture.height * 100) / picture.width) / 100;
}
