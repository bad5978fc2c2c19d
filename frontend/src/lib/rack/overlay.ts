import type { Headline } from '@rackhaus/config/contract';

export type Overlay = 'health' | 'temperature' | 'power';

/** Ends of the scale that a drawing is tinted by: what is calm, and what is not. */
export const overlayScale = {
  /** °C of the hottest sensor of a device. */
  temperature: [20, 70],
  /** Watts of a device. */
  power: [0, 800],
} as const;

/** The value that an overlay shows of a device, or null where it is not known. */
export function overlayValue(overlay: Overlay, headline: Headline | undefined): number | null {
  if (overlay === 'health' || !headline) return null;
  return headline[overlay] ?? null;
}

/** How strongly to tint, 0..1. */
export function overlayShare(overlay: Exclude<Overlay, 'health'>, value: number): number {
  const [low, high] = overlayScale[overlay];
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}
