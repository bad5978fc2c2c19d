import type { BilingualText } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';
import type { WholeStatus } from './status.ts';

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
  if (status.first)
    return m.status_since({
      time: quantities.moment(status.first.since, now),
      title: inLanguage(status.first.title),
    });
  return status.unknown > 0 ? m.status_unknown({ count: status.unknown }) : null;
}
