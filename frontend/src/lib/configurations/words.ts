import type {
  BackupOutcome,
  BackupRow,
  BackupState,
  HealthState,
  VersionRow,
} from '@rackhaus/config/contract';
import type { ApiProblem } from '../api/api.ts';
import { m } from '../paraglide/messages.js';

const states: Readonly<Record<BackupState, { state: HealthState; text: () => string }>> = {
  ok: { state: 'ok', text: m.conf_state_ok },
  failing: { state: 'warning', text: m.conf_state_failing },
  'host-key': { state: 'warning', text: m.conf_state_host_key },
  waiting: { state: 'unknown', text: m.conf_state_waiting },
  'no-login': { state: 'unmonitored', text: m.conf_state_no_login },
  'no-dialogue': { state: 'unmonitored', text: m.conf_state_no_dialogue },
  off: { state: 'unmonitored', text: m.conf_state_off },
};

/** How a backup stands, as shape and word. */
export function stateWords({ state, reading }: Pick<BackupRow, 'state' | 'reading'>): {
  state: HealthState;
  text: string;
} {
  const words = states[state];
  return { state: words.state, text: reading ? m.conf_reading() : words.text() };
}

const outcomes: Readonly<Record<Exclude<BackupOutcome, 'read'>, () => string>> = {
  unreachable: m.conf_out_unreachable,
  'wrong-login': m.conf_out_wrong_login,
  'wrong-enable': m.conf_out_wrong_enable,
  'other-host-key': m.conf_out_other_host_key,
  'no-common-algorithm': m.conf_out_no_common_algorithm,
  'no-dialogue': m.conf_out_no_dialogue,
  'not-understood': m.conf_out_not_understood,
  timeout: m.conf_out_timeout,
  'not-allowed': m.conf_out_not_allowed,
  'no-ssh': m.conf_out_no_ssh,
  'agent-away': m.conf_out_agent_away,
  incomplete: m.conf_out_incomplete,
};

/** Why the last try failed; null: it did not. */
export function outcomeSentence(outcome: BackupOutcome | null): string | null {
  return outcome === null || outcome === 'read' ? null : outcomes[outcome]();
}

/** Why a version is another than the one before. */
export function whyWords({ why, covering }: Pick<VersionRow, 'why' | 'covering'>): string {
  switch (why) {
    case 'first':
      return m.conf_why_first();
    case 'maintenance':
      return m.conf_why_maintenance({ name: covering ?? '' });
    case 'order':
      return m.conf_why_order({ name: covering ?? '' });
    case 'unexpected':
      return m.conf_why_unexpected();
  }
}

/** What was refused, for people. */
export function refusal(problem: ApiProblem): string {
  if (problem.reason === 'taken') return m.conf_taken();
  if (problem.reason === 'rule-taken' || problem.reason === 'rule-twice') return m.conf_rule_taken();
  return m.conf_refused({ text: problem.message });
}
