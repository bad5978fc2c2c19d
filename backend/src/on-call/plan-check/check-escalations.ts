import { type EscalationTarget, type Severity, severities } from '@rackhaus/config/contract';
import { courseFor, everybodyWhoCouldAct } from '../escalation/steps.ts';
import type { Plans } from '../load-plans.ts';
import { wallMinute } from '../rota/wall-clock.ts';
import { followed, isReachable, peopleInPlan, peopleOfRota } from './in-plan.ts';
import { type Checked, type PlanProblem, problem } from './problem.ts';

/** Steps in which nobody could be told, whoever is on call. */
export function emptySteps({ plans, now }: Checked): PlanProblem[] {
  return followed(plans).flatMap(({ id, name, plan }) =>
    plan.steps.flatMap(({ to }, index) =>
      to.some((target) => couldReach(target, plans, now))
        ? []
        : [
            problem('empty-step', {
              escalationId: id,
              detail: `step:${index + 1}`,
              text: {
                de: `„${name}“: Schritt ${index + 1} erreicht niemanden`,
                en: `“${name}”: step ${index + 1} reaches nobody`,
              },
              advice: {
                de: 'Bitte nennen Sie in diesem Schritt jemanden, der einen Kanal hat. Bis dahin wird er übersprungen.',
                en: 'Please name somebody with a channel in this step. Until then it is passed over.',
              },
              place: name,
            }),
          ],
    ),
  );
}

function couldReach(target: EscalationTarget, plans: Plans, now: number): boolean {
  if (target.kind === 'person') return isReachable(plans, target.userId);
  if (target.kind === 'channel')
    return plans.channels.some(
      ({ id, userId, enabled }) => id === target.channelId && userId === null && enabled,
    );
  const rota = plans.rotas.get(target.rotaId);
  return rota !== undefined && [...peopleOfRota(rota, now)].some((userId) => isReachable(plans, userId));
}

/** Severities and sites for which at some time of the week no plan fits, one for each severity. */
export function uncovered(checked: Checked): PlanProblem[] {
  const times = timesOfWeek(checked.plans);
  return severities.flatMap((severity) => {
    const lacks = (siteId: number | null): boolean =>
      times.some(
        (wall) => courseFor(checked.plans.escalations, { severity, siteId }, wall) === everybodyWhoCouldAct,
      );
    const sites = checked.sites.filter(({ id }) => lacks(id));
    // What belongs to no site is only asked where sites are no reason.
    if (sites.length === 0 && !lacks(null)) return [];
    const all = sites.length === checked.sites.length || sites.length === 0;
    return [noPlanFor(severity, all ? null : sites.map(({ name }) => name).join(', '))];
  });
}

function noPlanFor(severity: Severity, sites: string | null): PlanProblem {
  const what = {
    de: severity === 'critical' ? 'kritische Meldungen' : 'Warnungen',
    en: severity === 'critical' ? 'critical alerts' : 'warnings',
  };
  return problem('no-plan', {
    detail: severity,
    text: {
      de: `Für ${what.de}${sites === null ? '' : ` (${sites})`} passt nicht immer ein Plan`,
      en: `For ${what.en}${sites === null ? '' : ` (${sites})`} there is not always a plan that fits`,
    },
    advice: {
      de: 'Dann werden alle Administratoren benachrichtigt. Bitte legen Sie einen Plan an, der immer und überall gilt, als letzten.',
      en: 'All administrators are told then. Please make a plan that always holds everywhere, as the last one.',
    },
    place: '',
  });
}

/** Every minute of a week at which hours of a plan begin or end, and the beginning of the week. */
function timesOfWeek(plans: Plans): number[] {
  // 1970-01-05 was a Monday.
  const monday = wallMinute('1970-01-05');
  const times = new Set([monday]);
  for (const { plan } of plans.escalations)
    for (const { from, until } of plan.hours ?? [])
      for (let day = 0; day < 7; day++)
        for (const time of [from, until]) times.add(monday + day * 1440 + wallMinute('1970-01-01', time));
  return [...times];
}

/** All rests on one person: no reason for alarm, but for a second thought. */
export function onlyOne({ plans, now }: Checked): PlanProblem[] {
  const people = [...peopleInPlan(plans, now)].filter((id) => isReachable(plans, id));
  const [only] = people;
  if (people.length !== 1 || only === undefined) return [];
  const name = plans.people.get(only)?.name ?? '';
  return [
    problem('alone', {
      userId: only,
      text: { de: `Alle Meldungen hängen an ${name} allein`, en: `All alerts rest on ${name} alone` },
      advice: {
        de: 'Bitte nehmen Sie eine zweite Person in einen späteren Schritt auf.',
        en: 'Please add a second person in a later step.',
      },
      place: name,
      asIncident: false,
    }),
  ];
}
