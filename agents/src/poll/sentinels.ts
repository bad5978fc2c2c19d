import { type MetricId, metric, type Unit } from '@rackhaus/config/contract';

/** Largest and smallest numbers of 16 and 32 bits, what people write for "none", and RFC 3433's overflow and underflow. */
const anywhere: readonly number[] = [
  65_535, 32_767, -32_768, 2_147_483_647, -2_147_483_648, 4_294_967_295, -9_999, 1_000_000_000,
  -1_000_000_000,
];
/** Where something small and negative is more likely "none" than a measurement. */
const minusOne: readonly MetricId[] = ['sensor.voltage', 'sensor.current', 'sensor.power'];
/** What is measured. Numbers, bytes, rates and energy are counted and may be of any size; states are not numbers. */
const measured: readonly Unit[] = ['°C', 'V', 'A', 'W', 'VA', 'Hz', 'rpm', 'dBm', 'Pa', 'm/s', 'm', 'ratio'];

const ofMeasured: ReadonlySet<number> = new Set(anywhere);
const ofSigned: ReadonlySet<number> = new Set([...anywhere, -1]);

/** Raw numbers that mean "no value" where this metric is read from one column. */
export function sentinelsOf(id: MetricId): ReadonlySet<number> | null {
  const { states, unit } = metric(id);
  if (states) return null;
  if (minusOne.includes(id)) return ofSigned;
  return measured.includes(unit) || id === 'ups.runtime' ? ofMeasured : null;
}
