import { metric, metricIds } from '@rackhaus/config/contract';

/** The catalogue's limits as columns by metric number. */
interface Limits {
  /** Values are multiplied by it, rounded, and divided again; when it is less than one, multiplied by `coarse`: 0.001 is not exact. */
  readonly factor: Float64Array;
  /** 0: the factor is not less than one. */
  readonly coarse: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** A bit for each state; 0: not a state. */
  readonly states: Uint32Array;
}

/** `plausible` of the contract by metric number: rounds to the metric's decimals; NaN when it is outside what the metric allows. */
export type PlausibleValue = (metricNumber: number, value: number) => number;

/** @throws Error when the catalogue has a state that is not a number from 0 to 31 */
export function plausibleValues(): PlausibleValue {
  const { factor, coarse, min, max, states } = limits();
  return (number, value) => {
    const by = factor[number] ?? Number.NaN;
    const back = coarse[number] ?? 0;
    const rounded = back === 0 ? Math.round(value * by) / by : Math.round(value * by) * back;
    // Anything that is not a number fails both comparisons.
    if (!(rounded >= (min[number] ?? 0) && rounded <= (max[number] ?? 0))) return Number.NaN;
    const known = states[number] ?? 0;
    if (known !== 0 && ((rounded > 31 ? 0 : known >>> rounded) & 1) === 0) return Number.NaN;
    return rounded + 0;
  };
}

function limits(): Limits {
  const count = metricIds.length;
  const made: Limits = {
    factor: new Float64Array(count),
    coarse: new Float64Array(count),
    min: new Float64Array(count).fill(-Number.MAX_VALUE),
    max: new Float64Array(count).fill(Number.MAX_VALUE),
    states: new Uint32Array(count),
  };
  for (const [number, id] of metricIds.entries()) {
    const entry = metric(id);
    made.factor[number] = 10 ** entry.decimals;
    if (entry.decimals < 0) made.coarse[number] = 10 ** -entry.decimals;
    if (entry.min !== undefined) made.min[number] = entry.min;
    if (entry.max !== undefined) made.max[number] = entry.max;
    if (!entry.states) continue;
    made.min[number] = 0;
    for (const state of Object.keys(entry.states).map(Number)) {
      if (!Number.isInteger(state) || state < 0 || state > 31) throw new Error(`${id} has state ${state}`);
      made.states[number] = (made.states[number] ?? 0) | (1 << state);
    }
  }
  return made;
}
