import type { HealthState, serviceStates } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';

export type ServiceState = (typeof serviceStates)[number];

/** How a service is, for people who know nothing of its technology. */
export function serviceStateWord(state: ServiceState): string {
  switch (state) {
    case 'ok':
      return m.status_ok();
    case 'disturbed':
      return m.status_disturbed();
    case 'down':
      return m.status_down();
    case 'maintenance':
      return m.status_maintenance();
  }
}

/** The shape and colour of a state. */
export function serviceStateMark(state: ServiceState): HealthState {
  return state === 'ok'
    ? 'ok'
    : state === 'down'
      ? 'critical'
      : state === 'disturbed'
        ? 'warning'
        : 'unmonitored';
}
