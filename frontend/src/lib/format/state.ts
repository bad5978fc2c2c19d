import type { HealthState } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';

/** The word for a state. */
export function stateWord(state: HealthState): string {
  switch (state) {
    case 'ok':
      return m.state_ok();
    case 'warning':
      return m.state_warning();
    case 'critical':
      return m.state_critical();
    case 'unknown':
      return m.state_unknown();
    case 'unmonitored':
      return m.state_unmonitored();
  }
}

const gravity: Record<HealthState, number> = { critical: 4, warning: 3, unknown: 2, ok: 1, unmonitored: 0 };

/** The worst of several states; `unmonitored` for none. */
export function worstState(states: Iterable<HealthState>): HealthState {
  let worst: HealthState = 'unmonitored';
  for (const state of states) if (gravity[state] > gravity[worst]) worst = state;
  return worst;
}
