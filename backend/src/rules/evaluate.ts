import type { CompiledRule } from './compile.ts';
import type { Trail } from './trail.ts';

/** Where one rule stands for one entity. Never changed, only replaced. */
export interface RuleState {
  /** `pending`: it holds, but not for long enough yet. */
  readonly phase: 'clear' | 'pending' | 'firing';
  /** Time of the reading from which on it holds; of `clear` without meaning. */
  readonly since: number;
  /** For how long it is known to have held. A time without readings does not count, nor does a jump of the clock. */
  readonly heldMs: number;
  /** Time of the newest reading. */
  readonly at: number;
  readonly trail: Trail | null;
}

export const clear: RuleState = { phase: 'clear', since: 0, heldMs: 0, at: 0, trail: null };

/** One look at an entity, at the time of its readings. */
export interface Look {
  readonly time: number;
  /** undefined: the value is not reported any more, so nothing is said of it. */
  readonly value: number | undefined;
  /** Whether the rule's other conditions are met. */
  readonly where: boolean;
  /** The longest time between two looks that counts as one without a gap. */
  readonly gapMs: number;
}

/**
 * The next state of a rule: clear, pending until it has held for long enough, firing until it ends. Pure. Looks come in the
 * order of their times; the caller leaves out those that are older than what it knows. A rule with a trail that has fired
 * (before a restart) ends only when its trail is long enough to tell.
 */
export function evaluate(rule: CompiledRule, state: RuleState, look: Look): RuleState {
  const { value, time } = look;
  if (value === undefined) return state === clear ? state : clear;
  let trail = state.trail;
  let number: number | undefined = value;
  if (rule.trail !== null) {
    trail = rule.trail.add(trail, time, value);
    number = rule.trail.read(trail, time, value);
  }
  const before = state.phase !== 'clear';
  const holds = look.where && number !== undefined && rule.holds(number, before);
  if (!holds) {
    if (
      before &&
      look.where &&
      rule.trail !== null &&
      trail !== null &&
      time - trail.from < rule.trail.spanMs
    )
      return state.phase === 'firing' ? { ...state, at: time, trail } : { ...clear, trail };
    if (!before && trail === state.trail) return state;
    return trail === null ? clear : { ...clear, trail };
  }
  if (!before)
    return { phase: rule.forMs > 0 ? 'pending' : 'firing', since: time, heldMs: 0, at: time, trail };
  if (state.phase === 'firing' && trail === state.trail) return state;
  const passed = Math.max(0, time - state.at);
  const heldMs = state.heldMs + (passed <= look.gapMs ? passed : 0);
  return {
    phase: heldMs >= rule.forMs ? 'firing' : state.phase,
    since: state.since,
    heldMs,
    at: time,
    trail,
  };
}
