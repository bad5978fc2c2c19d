import { type DeviceLimits, metric, plausible } from '@rackhaus/config/contract';
import type { CompiledValue, RowValues, StickyScale } from './evaluate.ts';

/** A value that was taken and whose device has set limits of its own. */
export interface Limited {
  readonly value: CompiledValue;
  readonly row: RowValues;
  readonly sticky: StickyScale;
}

const names = ['lowCritical', 'lowWarning', 'highWarning', 'highCritical'] as const;

/**
 * What the device itself takes for too low or too high, in the metric's unit; null where it says nothing that could be meant.
 * Devices write 0 into limits that nobody has set, into one or into all of them.
 */
export function limitsOf({ value, row, sticky }: Limited): DeviceLimits | null {
  const limits: DeviceLimits = { lowCritical: null, lowWarning: null, highWarning: null, highCritical: null };
  const zeroIsMeant = metric(value.metric).unit === 'dBm';
  for (const name of names) {
    const raw = value.limits?.[name]?.(row);
    if (raw === undefined || (raw === 0 && name.startsWith('high') && !zeroIsMeant)) continue;
    const scaled = value.scaled(raw, row, sticky);
    limits[name] = (scaled === undefined ? undefined : plausible(value.metric, scaled)) ?? null;
  }
  const given = names.flatMap((name) => limits[name] ?? []);
  if (given.length === 0 || (given.length > 1 && given.every((each) => each === given[0]))) return null;
  const low = Math.max(
    limits.lowCritical ?? Number.NEGATIVE_INFINITY,
    limits.lowWarning ?? Number.NEGATIVE_INFINITY,
  );
  const high = Math.min(
    limits.highCritical ?? Number.POSITIVE_INFINITY,
    limits.highWarning ?? Number.POSITIVE_INFINITY,
  );
  // Without a high limit a low one of 0 is one that nobody has set.
  if (low >= high || given.every((each) => each === 0)) return null;
  return limits;
}
