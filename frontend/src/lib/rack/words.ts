import type { PortKind } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';
import type { PortLook } from './port-shape.ts';

/** The word for how a port looks; power outlets are switched off rather than disabled. */
export function lookWord(look: PortLook, kind: PortKind): string {
  switch (look) {
    case 'up':
      return kind === 'power-outlet' ? m.outlet_on() : m.port_up();
    case 'down':
      return kind === 'power-outlet' ? m.outlet_off() : m.port_down();
    case 'disabled':
      return kind === 'power-outlet' ? m.outlet_off() : m.port_disabled();
    case 'fault':
      return m.port_fault();
    case 'unknown':
      return m.port_unknown();
    case 'occupied':
      return m.port_occupied();
    case 'empty':
      return m.port_empty();
  }
}
