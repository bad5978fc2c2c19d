import { m } from '../paraglide/messages.js';
import type { PortLook } from './port-shape.ts';

/** The word for how a port looks. */
export function lookWord(look: PortLook): string {
  switch (look) {
    case 'up':
      return m.port_up();
    case 'down':
      return m.port_down();
    case 'disabled':
      return m.port_disabled();
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
