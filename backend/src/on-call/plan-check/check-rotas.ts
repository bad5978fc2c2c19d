import type { Rota } from '../load-plans.ts';
import { type PlannedShift, shifts } from '../rota/shifts.ts';
import { hoursHold } from '../rota/turns.ts';
import { wallOf } from '../rota/wall-clock.ts';
import { followed, targetsOf, usedRotas } from './in-plan.ts';
import { type Checked, dayAndTime, type PlanProblem, problem } from './problem.ts';

const aheadMs = 14 * 86_400_000;
/** Gaps are looked at in steps of this, which hours of a plan are not finer than in practice. */
const stepMs = 5 * 60_000;

/** Times in the next 14 days in which a rota that is asked has nobody, as far as a plan that asks it holds then. */
export function gaps(checked: Checked): PlanProblem[] {
  const { plans, now } = checked;
  return usedRotas(plans).flatMap((rota) => {
    const all = shifts(rota.plan, rota.changes, now, now + aheadMs, checked.holidays);
    const found = all.filter((shift) => shift.userId === null && isAsked(rota, shift, checked));
    return gapProblem(rota, found, checked);
  });
}

function isAsked(rota: Rota, gap: PlannedShift, { plans, timeZone }: Checked): boolean {
  return followed(plans).some((escalation) => {
    if (!targetsOf(escalation).some((to) => to.kind === 'rota' && to.rotaId === rota.id)) return false;
    const { hours } = escalation.plan;
    if (hours === null) return true;
    for (let at = gap.from; at < gap.until; at += stepMs)
      if (hoursHold(hours, wallOf(timeZone, at))) return true;
    return false;
  });
}

function gapProblem(rota: Rota, found: readonly PlannedShift[], { timeZone, now }: Checked): PlanProblem[] {
  const [gap] = found;
  if (gap === undefined) return [];
  const more = found.length - 1;
  const from = (language: 'de' | 'en') => dayAndTime(gap.from, timeZone, language);
  const until = (language: 'de' | 'en') => dayAndTime(gap.until, timeZone, language);
  const text =
    found.length === 1 && gap.from <= now && gap.until >= now + aheadMs
      ? {
          de: `„${rota.name}“: In den nächsten 14 Tagen hat niemand Bereitschaft`,
          en: `“${rota.name}”: nobody is on call in the next 14 days`,
        }
      : {
          de: `„${rota.name}“: Niemand hat Bereitschaft von ${from('de')} bis ${until('de')}${more === 0 ? '' : `, und ${more}-mal danach`}`,
          en: `“${rota.name}”: nobody is on call from ${from('en')} until ${until('en')}${more === 0 ? '' : `, and ${more} more times after that`}`,
        };
  return [
    problem('gap', {
      text,
      advice: {
        de: 'Bitte tragen Sie eine Vertretung ein oder ergänzen Sie den Plan. Bis dahin geht eine Meldung gleich an den nächsten Schritt.',
        en: 'Please enter a cover or complete the rota. Until then an alert goes on to the next step at once.',
      },
      place: rota.name,
      rotaId: rota.id,
      from: gap.from,
      until: gap.until,
    }),
  ];
}
