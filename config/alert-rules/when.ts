import { z } from 'zod';

const secondsIn = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A time as people write it, `90s`, `10m`, `6h`, `4d`, or seconds; read as seconds. */
export const Duration = z.union([
  z.int().min(0),
  z
    .string()
    .regex(/^\d+[smhd]$/, 'must be a time such as 90s, 10m, 6h or 4d')
    .transform((text) => {
      const unit = text.slice(-1);
      return (
        Number(text.slice(0, -1)) *
        (unit === 's' || unit === 'm' || unit === 'h' ? secondsIn[unit] : secondsIn.d)
      );
    }),
]);

/** By how much a value has moved within a time; it ends when it is less than `clearAt`. */
const Move = z.strictObject({ by: z.number().positive(), clearAt: z.number().min(0), within: Duration });

/** When a rule holds. Limits have a second, calmer one at which it ends, so that a value on the edge does not flicker. */
export const When = z.union([
  /** A state by its name in the catalogue, or several. */
  z.strictObject({ is: z.union([z.string(), z.array(z.string()).min(1)]) }),
  z.strictObject({ above: z.number(), clearBelow: z.number() }),
  z.strictObject({ below: z.number(), clearAbove: z.number() }),
  /** The value is that much higher, or lower, than it was at some time within. */
  z.strictObject({ rises: Move }),
  z.strictObject({ falls: Move }),
  /**
   * It reaches `limit` in less than `within`, if it goes on as it did `over` the last time: a straight line through the
   * values. Looked at only from `from` on. Ends when there is more time than `clearAfter`.
   */
  z.strictObject({
    fullWithin: z.strictObject({
      limit: z.number(),
      from: z.number(),
      within: Duration,
      clearAfter: Duration,
      over: Duration,
    }),
  }),
  /** The value has changed that often within a time; it ends when it has at most `clearAt` times. */
  z.strictObject({
    changes: z.strictObject({ times: z.int().min(2).max(100), clearAt: z.int().min(0), within: Duration }),
  }),
  /**
   * Beyond the limits that the device itself has set, of whatever it measures: `warning` takes its critical ones where it has
   * no others.
   */
  z.strictObject({ beyond: z.enum(['warning', 'critical']) }),
  /** Of agents: nothing heard for this long. Of devices: nothing heard though the agent that polls them is well. */
  z.strictObject({ silentSeconds: z.number().positive() }),
]);
export type When = z.output<typeof When>;

/** The number of a rule that can be set, with the one at which it ends. */
export interface Limit {
  readonly value: number;
  readonly clear: number;
  /** `above`: it holds for larger values, and `clear` is not larger. */
  readonly direction: 'above' | 'below';
}

/** null: a state, or silence, which has no second number, or limits of the device. */
export function limitOf(when: When): Limit | null {
  if ('above' in when) return { value: when.above, clear: when.clearBelow, direction: 'above' };
  if ('below' in when) return { value: when.below, clear: when.clearAbove, direction: 'below' };
  if ('rises' in when) return { value: when.rises.by, clear: when.rises.clearAt, direction: 'above' };
  if ('falls' in when) return { value: when.falls.by, clear: when.falls.clearAt, direction: 'above' };
  if ('fullWithin' in when)
    return { value: when.fullWithin.within, clear: when.fullWithin.clearAfter, direction: 'below' };
  if ('changes' in when)
    return { value: when.changes.times, clear: when.changes.clearAt, direction: 'above' };
  return null;
}

/** The same with other numbers. Whoever gives them has checked their order. */
export function withLimit(when: When, value: number, clear: number): When {
  if ('above' in when) return { above: value, clearBelow: clear };
  if ('below' in when) return { below: value, clearAbove: clear };
  if ('rises' in when) return { rises: { ...when.rises, by: value, clearAt: clear } };
  if ('falls' in when) return { falls: { ...when.falls, by: value, clearAt: clear } };
  if ('fullWithin' in when) return { fullWithin: { ...when.fullWithin, within: value, clearAfter: clear } };
  if ('changes' in when) return { changes: { ...when.changes, times: value, clearAt: clear } };
  return when;
}

/** Whether the limit at which it ends lies on the calm side. */
export function inOrder(limit: Limit): boolean {
  return limit.direction === 'above' ? limit.clear <= limit.value : limit.clear >= limit.value;
}
