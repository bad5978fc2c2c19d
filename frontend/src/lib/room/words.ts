import type { RackView } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';
import type { Climate } from './facts.ts';

/** " · 22,4 °C · 41 % r. F. · 4,1 kW", each with a leading separator; empty where nothing is measured. */
export function climateWords(facts: Climate): string {
  return [
    facts.temperature === null ? null : quantities.temperature(facts.temperature),
    facts.humidity === null ? null : m.relative_humidity({ percent: quantities.percent(facts.humidity) }),
    facts.power === null ? null : quantities.power(facts.power),
  ]
    .filter((part) => part !== null)
    .map((part) => ` · ${part}`)
    .join('');
}

/** "31 von 42 HE": how full a rack is. */
export function usedWords(rack: Pick<RackView, 'usedU' | 'heightU'>): string {
  return m.units_used({
    used: quantities.number(rack.usedU, rack.usedU % 1 === 0 ? 0 : 1),
    total: rack.heightU,
  });
}
