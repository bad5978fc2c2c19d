import type { PortKind } from '@rackhaus/config/contract';
import { portWord } from '../live/words.ts';
import { m } from '../paraglide/messages.js';
import type { PortLook } from './port-shape.ts';

/** The word for how a port looks: its live state, or what the documentation says. */
export function lookWord(look: PortLook, kind: PortKind): string {
  if (look === 'occupied') return m.port_occupied();
  if (look === 'empty') return m.port_empty();
  return portWord(look, kind);
}
