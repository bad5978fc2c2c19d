import type { DeviceLimits } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Resource } from './session.ts';

// Every part may be missing, null or of another type in one vendor's firmware or the other: what does not fit is not there.

const Text = z.string().trim().min(1).max(300);
const Objects = z.record(z.string(), z.unknown());

export function text(resource: Resource | null, ...names: string[]): string | null {
  for (const name of names) {
    const read = Text.safeParse(resource?.[name]);
    if (read.success) return read.data;
  }
  return null;
}

export function number(resource: Resource | null, ...names: string[]): number | null {
  for (const name of names) {
    const value = resource?.[name];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
  }
  return null;
}

export function part(resource: Resource | null, name: string): Resource | null {
  const read = Objects.safeParse(resource?.[name]);
  return read.success ? read.data : null;
}

export function parts(resource: Resource | null, name: string): Resource[] {
  const value = resource?.[name];
  if (!Array.isArray(value)) return [];
  return value.flatMap((one) => {
    const read = Objects.safeParse(one);
    return read.success ? [read.data] : [];
  });
}

/** Not there, or in no use: of such a part nothing is said. */
export function isAbsent(resource: Resource): boolean {
  const state = text(part(resource, 'Status'), 'State');
  return state === 'Absent' || state === 'Disabled' || state === 'UnavailableOffline';
}

/** Status.Health as the catalogue's condition, and the service's word; null where it does not say (DSP0268, Resource.Health). */
export function health(resource: Resource | null, name = 'Health'): { state: string; word: string } | null {
  const word = text(part(resource, 'Status'), name);
  if (word === null) return null;
  const states: Readonly<Record<string, string>> = { OK: 'ok', Warning: 'warning', Critical: 'critical' };
  return { state: states[word] ?? 'unknown', word };
}

/** Of the older resources Thermal and Power. */
export function oldLimits(resource: Resource): DeviceLimits {
  return {
    lowCritical: number(resource, 'LowerThresholdCritical', 'LowerThresholdFatal'),
    lowWarning: number(resource, 'LowerThresholdNonCritical', 'LowerThresholdUser'),
    highWarning: number(resource, 'UpperThresholdNonCritical', 'UpperThresholdUser'),
    highCritical: number(resource, 'UpperThresholdCritical', 'UpperThresholdFatal'),
  };
}

/** Of a Sensor (DSP0268). */
export function sensorLimits(resource: Resource): DeviceLimits {
  const thresholds = part(resource, 'Thresholds');
  const at = (...names: string[]) => {
    for (const name of names) {
      const value = number(part(thresholds, name), 'Reading');
      if (value !== null) return value;
    }
    return null;
  };
  return {
    lowCritical: at('LowerCritical', 'LowerFatal'),
    lowWarning: at('LowerCaution', 'LowerCautionUser'),
    highWarning: at('UpperCaution', 'UpperCautionUser'),
    highCritical: at('UpperCritical', 'UpperFatal'),
  };
}
