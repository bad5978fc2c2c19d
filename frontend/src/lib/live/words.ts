import type { BilingualText, PortKind } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';
import type { WholeStatus } from './status.ts';
import type { LivePort } from './store.svelte.ts';

/** The text in the language of the interface. */
export function inLanguage(text: BilingualText): string {
  return text[getLocale()];
}

/** "57 von 58 Geräten in Ordnung": how many are well. */
export function countSentence(status: WholeStatus): string {
  if (status.kind === 'nothing-monitored') return m.status_none();
  if (status.kind === 'all-well') return m.status_all_well({ count: status.total });
  return m.status_some_well({ well: status.well, total: status.total });
}

/** "Seit 10:42: USV B auf Batterie": the first thing that is wrong, or that states are unknown; null when there is nothing to say. */
export function firstSentence(status: WholeStatus, now: number): string | null {
  if (status.first) {
    const { title, affected, since } = status.first;
    return m.status_since({
      time: quantities.moment(since, now),
      title:
        affected === 0
          ? inLanguage(title)
          : m.status_affects({ title: inLanguage(title), affected: m.alert_affected({ count: affected }) }),
    });
  }
  return status.unknown > 0 ? m.status_unknown({ count: status.unknown }) : null;
}

/** The word for a port's state; power outlets are on or off rather than connected. */
export function portWord(state: LivePort['state'], kind: PortKind): string {
  switch (state) {
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
  }
}
