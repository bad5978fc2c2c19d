import type { DeviceTypeView } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';
import type { Ghost } from './editor.svelte.ts';
import type { Burden, Fit, Misfit, Place } from './fit.ts';
import type { Where } from './where.ts';

/** "HE 12–13, links, Rückseite", or "Schiene links": a place within its rack. */
export function unitsWords({ position, side, face }: Omit<Place, 'rackId'>, type: DeviceTypeView): string {
  const parts: string[] = [];
  if (position === null) parts.push(side === 'right' ? m.editing_rail_right() : m.editing_rail_left());
  else {
    const top = position + Math.max(type.uHeight, 0.5) - 0.5;
    const halves = position % 1 !== 0 || type.uHeight % 1 !== 0;
    const say = (unit: number) => quantities.number(unit, unit % 1 === 0 ? 0 : 1);
    const last = halves ? top : Math.floor(top);
    const units = last > position ? `${say(position)}–${say(last)}` : say(position);
    parts.push(m.units({ units }));
    if (type.form === 'half' && side !== 'full')
      parts.push(side === 'left' ? m.editing_half_left() : m.editing_half_right());
  }
  if (face === 'rear') parts.push(m.side_rear());
  return parts.join(', ');
}

/** "Schrank 3, HE 12", or "Ablage". */
export function whereWords(where: Where, rack: string, type: DeviceTypeView): string {
  if (where.rackId === null) return where.roomId === null ? m.editing_shelf() : m.editing_in_room();
  return [rack, unitsWords(where, type)].filter((part) => part !== '').join(', ');
}

/** Why it does not fit. `name`: of what is being placed. */
export function misfitWords(misfit: Misfit, name: string): string {
  switch (misfit.reason) {
    case 'occupied':
      return m.editing_misfit_occupied({ name: misfit.by.name });
    case 'too-deep':
      return m.editing_misfit_too_deep({ name: misfit.by.name });
    case 'above':
      return m.editing_misfit_above();
    case 'below':
      return m.editing_misfit_below();
    case 'not-mountable':
      return m.editing_misfit_not_mountable({ name });
    case 'no-rack':
      return m.editing_misfit_no_rack({ name });
  }
}

function burdenWords({ kind, total, limit }: Burden): string {
  if (kind === 'power')
    return m.editing_burden_power({ total: quantities.power(total), limit: quantities.power(limit) });
  const kg = (value: number) => quantities.number(value, value % 1 === 0 ? 0 : 1);
  return m.editing_burden_weight({ total: kg(total), limit: kg(limit) });
}

/** "frei", why not, or what to mind. */
export function fitWord(fit: Fit, name: string): string {
  if (fit.misfit !== null) return misfitWords(fit.misfit, name);
  return [m.editing_fits(), ...fit.burdens.map(burdenWords)].join('; ');
}

/** The same of one of several, by its name: "core-1: belegt durch USV A". */
export function verdictWords({ item, fit }: Ghost, several: boolean): string {
  const word = fitWord(fit, item.name);
  return several && fit.misfit !== null ? `${item.name}: ${word}` : word;
}

/** Sentences that are said while something is held. */
export const fitWords = {
  gone: (name: string) => m.editing_gone({ name }),
  movedAway: (name: string, where: string) => m.editing_moved_away({ name, where }),
  shelf: (nowhere: boolean) => (nowhere ? m.editing_shelf() : m.editing_in_room()),
  /** "HE 12, Schrank 3, frei" */
  at: (first: Ghost, worst: Ghost, rack: string, several: boolean) =>
    [unitsWords(first.place, first.item.type), rack, verdictWords(worst, several)].join(', '),
};
