import type {
  HealthState,
  OutletState,
  SwitchableOutlet,
  SwitchCommand,
  Switching,
  SwitchObstacle,
  SwitchReason,
} from '@rackhaus/config/contract';
import type { ApiProblem } from '../api/api.ts';
import { explain } from '../api/explain.ts';
import { m } from '../paraglide/messages.js';

const reasons: Readonly<Record<SwitchReason, () => string>> = {
  expired: m.switching_why_expired,
  repeated: m.switching_why_repeated,
  busy: m.switching_why_busy,
  'not-its-device': m.switching_why_not_its_device,
  'not-allowed': m.switching_why_not_allowed,
  'unknown-host': m.switching_why_unknown_host,
  'other-profile': m.switching_why_other_profile,
  'not-switchable': m.switching_why_not_switchable,
  'no-such-outlet': m.switching_why_no_such_outlet,
  'other-outlet': m.switching_why_other_outlet,
  silent: m.switching_why_silent,
  'wrong-credentials': m.switching_why_wrong_credentials,
  'no-access': m.switching_why_no_access,
  'not-kept': m.switching_why_not_kept,
  failed: m.switching_why_failed,
  'agent-away': m.switching_why_agent_away,
  'not-writable': m.switching_why_not_writable,
  'wrong-value': m.switching_why_wrong_value,
  'device-error': m.switching_why_device_error,
  'no-answer': m.switching_why_no_answer,
  'agent-silent': m.switching_why_agent_silent,
  restarted: m.switching_why_restarted,
};

const obstacles: Readonly<Record<SwitchObstacle, () => string>> = {
  profile: m.switching_cannot_profile,
  agent: m.switching_cannot_agent,
  'agent-old': m.switching_cannot_agent_old,
  credentials: m.switching_cannot_credentials,
  'credentials-elsewhere': m.switching_cannot_elsewhere,
  right: m.switching_cannot_right,
  role: m.switching_cannot_role,
};

/** Why outlets cannot be switched. */
export function obstacleWords(obstacle: SwitchObstacle): string {
  return obstacles[obstacle]();
}

/** What an outlet says of itself. */
export function outletWord(state: OutletState | null): string {
  if (state === null) return m.switching_state_unknown();
  return state === 'on' ? m.switching_state_on() : m.switching_state_off();
}

/** What is done to it. */
export function commandWord(command: SwitchCommand): string {
  if (command === 'cycle') return m.switching_cycle();
  return command === 'on' ? m.switching_on() : m.switching_off();
}

const shapes: Readonly<Record<Switching['state'], { state: HealthState; text: () => string }>> = {
  done: { state: 'ok', text: m.switching_result_done },
  accepted: { state: 'warning', text: m.switching_result_accepted },
  refused: { state: 'warning', text: m.switching_result_refused },
  unknown: { state: 'critical', text: m.switching_result_unknown },
  'not-sent': { state: 'unknown', text: m.switching_result_not_sent },
  'under-way': { state: 'unknown', text: m.switching_result_under_way },
};

/** What came of a switching, as shape and word. */
export function resultWord(switching: Switching): { state: HealthState; text: string } {
  const { state, text } = shapes[switching.state];
  return { state, text: text() };
}

/** What came of a switching, in sentences. */
export function resultSentence({ state, why, command, after }: Switching): string {
  const reason = why === null ? '' : reasons[why]();
  const says = after === null ? '' : ` ${m.switching_says_now({ state: outletWord(after) })}`;
  switch (state) {
    case 'under-way':
      return m.switching_under_way();
    case 'done':
      return command === 'cycle' ? m.switching_done_cycle() : m.switching_done({ state: outletWord(after) });
    case 'accepted':
      return m.switching_accepted({ state: outletWord(after) });
    case 'refused':
      return m.switching_refused({ why: reason }) + says;
    case 'unknown':
      return m.switching_unknown({ why: reason }) + says;
    case 'not-sent':
      return m.switching_not_sent({ why: reason });
  }
}

/** Whether what has this name now is the outlet that it was; what nothing is known of but its name is. */
export function isSameOutlet(
  { identity: was }: SwitchableOutlet,
  { identity: is }: SwitchableOutlet,
): boolean {
  if (was === null || is === null) return true;
  return was.row === is.row && was.among === is.among && was.label === is.label && was.unit === is.unit;
}

/** Why an order was not taken at all. */
export function refusal(problem: ApiProblem): string {
  switch (problem.reason) {
    case 'confirm-outlet':
      return m.switching_confirm_wrong();
    case 'no-switching-right':
    case 'right':
      return m.switching_cannot_right();
    case 'role':
    case 'credentials':
    case 'profile':
    case 'agent':
    case 'agent-old':
      return obstacles[problem.reason]();
    case 'no-unlocking':
      return m.switching_cannot_unlock();
    case 'locked':
      return m.switching_locked();
    case 'busy':
    case 'repeated':
    case 'no-such-outlet':
      return reasons[problem.reason]();
    default:
      return explain(problem);
  }
}
