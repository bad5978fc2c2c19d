import type { DeviceBox } from './geometry.ts';

type Box = Pick<DeviceBox, 'x' | 'y'>;
const glideMs = 220;

/**
 * Lets devices glide to where they are drawn now from where they were drawn before, and what is new to the drawing fade in: who looks
 * sees what somebody else has moved. Not for those in `still`, and not for who wishes less motion.
 */
export function glide(
  svg: SVGElement,
  before: ReadonlyMap<number, Box>,
  now: readonly DeviceBox[],
  still: ReadonlySet<number> | undefined,
): void {
  if (before.size === 0 || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  for (const { device, x, y } of now) {
    const from = before.get(device.id);
    if (still?.has(device.id) || (from && from.x === x && from.y === y)) continue;
    const keyframes = from
      ? [{ transform: `translate(${from.x - x}px, ${from.y - y}px)` }, { transform: 'none' }]
      : [{ opacity: 0 }, { opacity: 1 }];
    svg
      .querySelector(`[data-device="${device.id}"]`)
      ?.animate(keyframes, { duration: glideMs, easing: 'ease-in-out' });
  }
}
