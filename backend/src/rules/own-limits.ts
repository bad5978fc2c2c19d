import {
  type DeviceLimits,
  type EntityKind,
  isMetricId,
  type MetricId,
  metric,
} from '@rackhaus/config/contract';
import type { Values } from './compile.ts';

/** What a device says of one of its entities: limits by the metric's name, and the port that it belongs to. */
export interface OwnLimits {
  readonly limits: Readonly<Record<string, DeviceLimits>>;
  /** Of sensors of a transceiver. */
  readonly port: string | null;
}

/** Limits of all that one device has, by `<kind>/<entity>`. */
export type OwnLimitsOfDevice = ReadonlyMap<string, OwnLimits>;

interface Side {
  readonly warning: number | null;
  readonly critical: number | null;
}

/** One value whose limits are worth judging by. */
export interface JudgedLimits {
  readonly name: string;
  readonly id: MetricId;
  readonly low: Side;
  readonly high: Side;
  /** How far a value has to come back before it is well again, in the metric's unit. */
  readonly width: number;
}

/** What is known around a value. */
export interface OwnState {
  readonly limits: readonly JudgedLimits[];
  /** Names of values that have been within their critical limits since these are known. */
  readonly seenWell: ReadonlySet<string>;
  /** Too little is no fault now: the port is dark, the socket off, the mains gone. */
  readonly lowIsUsual: boolean;
}

/** How a value lies beyond a limit. */
export interface Excess {
  readonly id: MetricId;
  readonly value: number;
  readonly limit: number;
  readonly level: 'warning' | 'critical';
  readonly side: 'low' | 'high';
  /** In widths: above 0 it is beyond, above -1 not well again. */
  readonly by: number;
}

const nothing: Side = { warning: null, critical: null };
/** For these zero is a value like any other; of all else there is nothing less, or nothing that is meant. */
const zeroIsMeant: ReadonlySet<string> = new Set(['°C', 'dBm']);
/** A receiver that hears less hears nothing: the least of long-range optics is -28 dBm. */
const darkDbm = -30;

/**
 * The limits of one entity that make sense, without the sides that rules of our own judge (`judged`: `temperature high`). Devices
 * are full of limits that nobody has set. Left out: a zero where nothing can be less; a side whose warning is beyond its critical
 * limit; a low side that is not below the high one; and a warning that lies farther from its critical limit than from the other
 * side, as then most of what is usual would be a warning.
 */
export function judgeable(
  kind: EntityKind,
  limits: OwnLimits['limits'],
  judged: ReadonlySet<string>,
): readonly JudgedLimits[] {
  return Object.entries(limits).flatMap(([name, own]): JudgedLimits[] => {
    const id = `${kind}.${name}`;
    if (!isMetricId(id) || metric(id).states) return [];
    const { unit } = metric(id);
    const zero = zeroIsMeant.has(unit);
    const meant = (limit: number | null, isUnset: (value: number) => boolean) =>
      limit === null || !Number.isFinite(limit) || (!zero && isUnset(limit)) ? null : limit;
    const isLow = (value: number) => value <= 0;
    let low = inOrder({
      warning: meant(own.lowWarning, isLow),
      critical: meant(own.lowCritical, isLow),
      sign: -1,
    });
    // As a high limit zero stands for none, and -1 too.
    let high = inOrder({
      warning: meant(own.highWarning, isLow),
      critical: meant(own.highCritical, isLow),
      sign: 1,
    });
    const lowest = nearest(low, Math.max);
    const highest = nearest(high, Math.min);
    if (lowest !== null && highest !== null) {
      if (lowest >= highest) return [];
      low = withoutWide(low, highest - lowest);
      high = withoutWide(high, highest - lowest);
    }
    if (judged.has(`${name} low`)) low = nothing;
    if (judged.has(`${name} high`)) high = nothing;
    if (low === nothing && high === nothing) return [];
    return [{ name, id, low, high, width: widthOf(unit, low, high) }];
  });
}

function inOrder({ warning, critical, sign }: Side & { sign: 1 | -1 }): Side {
  if (warning === null && critical === null) return nothing;
  if (warning !== null && critical !== null && sign * (critical - warning) < 0) return nothing;
  return { warning, critical };
}

function nearest({ warning, critical }: Side, of: (a: number, b: number) => number): number | null {
  return warning === null ? critical : critical === null ? warning : of(warning, critical);
}

function withoutWide(side: Side, goodWidth: number): Side {
  const { warning, critical } = side;
  return warning !== null && critical !== null && Math.abs(critical - warning) > goodWidth
    ? { warning: null, critical }
    : side;
}

/** Of the size that such values move by without meaning anything, and never so wide that a value could not become well. */
function widthOf(unit: string, low: Side, high: Side): number {
  const limits = [low.warning, low.critical, high.warning, high.critical].filter((each) => each !== null);
  const size = Math.max(...limits.map(Math.abs));
  const usual = unit === '°C' ? 2 : unit === 'dBm' ? 0.5 : Math.max(0.02 * size, 1e-6);
  const lowest = nearest(low, Math.max);
  const highest = nearest(high, Math.min);
  return lowest === null || highest === null ? usual : Math.min(usual, (highest - lowest) / 4);
}

/** The value that is farthest beyond its limit, or nearest to it; undefined: there is none to judge. */
export function worstOf(level: 'warning' | 'critical', values: Values, own: OwnState): Excess | undefined {
  let worst: Excess | undefined;
  for (const { name, id, low, high, width } of own.limits) {
    const value = values[name];
    if (value === undefined || (level === 'critical' && !own.seenWell.has(name))) continue;
    const take = (side: 'low' | 'high', limits: Side) => {
      const of = level === 'critical' || limits.warning === null ? 'critical' : 'warning';
      const limit = limits[of];
      if (limit === null) return;
      const by = (side === 'high' ? value - limit : limit - value) / width;
      if (worst === undefined || by > worst.by) worst = { id, value, limit, level: of, side, by };
    };
    take('high', high);
    if (!isNothing(id, value) && !own.lowIsUsual) take('low', low);
  }
  return worst;
}

/** Whether a value is within the limits that are critical. */
export function isWell(limits: JudgedLimits, value: number): boolean {
  const { low, high } = limits;
  return value <= (high.critical ?? value) && value >= (low.critical ?? value);
}

/** A reading that is none: nothing is connected to the sensor, or no light falls into it. */
function isNothing(id: MetricId, value: number): boolean {
  if (id === 'sensor.opticalPower') return value <= darkDbm;
  return value === 0 && nothingAtZero.has(id);
}

const nothingAtZero: ReadonlySet<MetricId> = new Set([
  'sensor.temperature',
  'sensor.humidity',
  'sensor.voltage',
  'sensor.frequency',
  'ups.batteryTemperature',
]);
