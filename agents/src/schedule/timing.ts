const backOffCapMs = 60_000;
/** The backend takes three intervals without a reading as "not known"; a silent device is known to be silent. */
const backOffCapIntervals = 2;
/** Asking this often costs nothing worth saving. */
const backOffFloorMs = 5000;
/** Of a device that is new, unless it came together with hundreds. */
export const firstPollWithinMs = 3000;

/** The golden ratio's fraction: multiples of it spread consecutive ids over [0, 1) more evenly than chance does. */
const goldenFraction = 0.6180339887498949;

/** Where in its interval a device is polled, in [0, 1): always the same for the same id, even for any run of ids. */
export function share(deviceId: number): number {
  const product = deviceId * goldenFraction;
  return product - Math.floor(product);
}

/**
 * How long after a poll was due the next one is, in ms: the interval while the device answers and after its first
 * silent poll, then 2, 4, … intervals; at most 5 s where the interval is not longer than that, else two intervals but
 * no more than 60 s. So a device that comes back is seen soon, and one that is away is not forgotten.
 */
export function backOffMs(intervalMs: number, silentPolls: number): number {
  if (silentPolls <= 1) return intervalMs;
  const capMs =
    intervalMs <= backOffFloorMs ? backOffFloorMs : Math.min(backOffCapMs, backOffCapIntervals * intervalMs);
  return Math.max(intervalMs, Math.min(capMs, intervalMs * 2 ** Math.min(silentPolls - 1, 10)));
}

/** When a device that is new at `now` is polled first: at its share of the first seconds, not of a long interval. */
export function firstDue(options: { deviceId: number; intervalMs: number; now: number }): number {
  return options.now + share(options.deviceId) * Math.min(options.intervalMs, firstPollWithinMs);
}

/**
 * The next due time on the device's own grid (`origin` + n intervals), which keeps the load even whatever happened.
 * Turns that were missed because a poll took longer are left out, never made up for.
 */
export function nextDue(options: {
  origin: number;
  intervalMs: number;
  /** When the poll that has ended was due. */
  due: number;
  now: number;
  silentPolls: number;
}): number {
  const { origin, intervalMs } = options;
  // Half an interval less: a grid point that is met exactly must not be missed by a rounding error, and a first poll
  // that was off the grid is not followed by one right after it.
  const earliest = options.due + backOffMs(intervalMs, options.silentPolls) - intervalMs / 2;
  const steps = Math.max(
    Math.floor((earliest - origin) / intervalMs) + 1,
    Math.ceil((options.now - origin) / intervalMs),
  );
  return origin + steps * intervalMs;
}
