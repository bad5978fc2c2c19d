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
