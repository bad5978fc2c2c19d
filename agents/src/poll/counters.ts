/** sysUpTime counts 1/100 s in 32 bits and starts again after 497.1 days. */
const ticksPerRound = 2 ** 32;
/** A clock that stands still this long is no clock. */
const frozenAfterMs = 60_000;

/** The device's clock at one poll. */
export interface DeviceClock {
  /** sysUpTime in 1/100 s; null where the device has none. */
  readonly ticks: number | null;
  /** snmpEngineBoots; null where the device has none. */
  readonly boots: number | null;
  /** Our own clock in ms, monotonic. */
  readonly at: number;
}

/**
 * What happened between two polls: so many seconds by the device's own clock went by, or it started anew, or its clock
 * has not moved (an agent that caches: there is nothing new to compute a rate from).
 */
export type Elapsed =
  | { readonly kind: 'seconds'; readonly seconds: number }
  | { readonly kind: 'restart' | 'still' };

/**
 * Compares two moments of a device (facts: SNMPv2-MIB sysUpTime, SNMP-FRAMEWORK-MIB snmpEngineBoots). A fall of
 * sysUpTime is a wrap when the old value and the time gone by reach 2^32 ticks, else a restart. So is a clock that went
 * forward by much less than ours.
 */
export function elapsedBetween(before: DeviceClock, now: DeviceClock): Elapsed {
  const ourMs = now.at - before.at;
  if (before.boots !== null && now.boots !== null && now.boots !== before.boots) return { kind: 'restart' };
  if (before.ticks === null || now.ticks === null)
    return ourMs > 0 ? { kind: 'seconds', seconds: ourMs / 1000 } : { kind: 'still' };

  const ourTicks = ourMs / 10;
  const toleranceTicks = Math.max(1_000, ourTicks / 4);
  const forward = now.ticks - before.ticks;
  if (forward === 0)
    return ourMs > frozenAfterMs ? { kind: 'seconds', seconds: ourMs / 1000 } : { kind: 'still' };
  if (forward > 0)
    return forward < ourTicks - toleranceTicks
      ? { kind: 'restart' }
      : { kind: 'seconds', seconds: forward / 100 };
  const wrapped = forward + ticksPerRound;
  return Math.abs(wrapped - ourTicks) <= toleranceTicks
    ? { kind: 'seconds', seconds: wrapped / 100 }
    : { kind: 'restart' };
}

/** One counter at one poll. */
export interface CounterValue {
  readonly value: number;
  /** ifCounterDiscontinuityTime or the like; 0 where there is none. */
  readonly discontinuity: number;
}

/**
 * Change per second between two polls of one counter, in the counter's own unit; undefined when nothing can be said: it
 * was reset, or a 32-bit wrap would mean more than `fastest` (per second) or more than half a round.
 */
export function counterRate(
  before: CounterValue,
  now: CounterValue,
  seconds: number,
  bits: 32 | 64,
  fastest: number | undefined,
): number | undefined {
  return before.discontinuity === now.discontinuity
    ? rateOfChange(now.value - before.value, seconds, bits, fastest)
    : undefined;
}

/** The same of the difference between two values of a counter that had no discontinuity between them. */
export function rateOfChange(
  change: number,
  seconds: number,
  bits: 32 | 64,
  fastest: number | undefined,
): number | undefined {
  if (seconds <= 0) return undefined;
  if (change >= 0) return change / seconds;
  // 64 bits do not wrap in practice: smaller is a reset.
  if (bits === 64) return undefined;
  const wrapped = change + 2 ** 32;
  // A small counter that was reset looks like nearly a whole round: more than half of one is not believed.
  if (wrapped < 0 || wrapped > 2 ** 31) return undefined;
  const rate = wrapped / seconds;
  return fastest !== undefined && fastest > 0 && rate > fastest ? undefined : rate;
}
