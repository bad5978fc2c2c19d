import { emptySteps, onlyOne, uncovered } from './check-escalations.ts';
import { peopleProblems } from './check-people.ts';
import { gaps } from './check-rotas.ts';
import { followed, isReachable, peopleInPlan, reachableAdministrators } from './in-plan.ts';
import { type Checked, type PlanProblem, problem } from './problem.ts';

/**
 * What the plan of who is told lacks, worst first. Where nothing is planned yet there is one thing to say, not ten. Pure.
 */
export function checkPlan(checked: Checked): PlanProblem[] {
  if (followed(checked.plans).length === 0) return [nothingPlanned(checked)];
  const found = [
    ...nobodyAtAll(checked),
    ...gaps(checked),
    ...peopleProblems(checked),
    ...emptySteps(checked),
    ...uncovered(checked),
    ...siren(checked),
    ...onlyOne(checked),
  ];
  const rank = ({ severity, asIncident }: PlanProblem): number =>
    severity === 'critical' ? 0 : asIncident ? 1 : 2;
  return found.sort((a, b) => rank(a) - rank(b));
}

function nothingPlanned({ plans }: Checked): PlanProblem {
  const administrators = reachableAdministrators(plans).length;
  return problem('no-plan', {
    detail: 'none',
    text: {
      de: 'Noch ist nicht geplant, wer bei einer Störung benachrichtigt wird',
      en: 'It is not planned yet who is told of a fault',
    },
    advice:
      administrators > 0
        ? {
            de: 'Bis dahin werden alle Administratoren mit einem Kanal benachrichtigt. Unter „Bereitschaft“ legen Sie fest, wer wann an der Reihe ist.',
            en: 'Until then all administrators with a channel are told. Under “On call” you say whose turn it is when.',
          }
        : {
            de: 'Bis dahin steht alles nur auf den Bildschirmen. Unter „Bereitschaft“ richten Sie als Erstes einen Kanal für sich ein.',
            en: 'Until then everything is on the screens only. Under “On call”, begin with a channel of your own.',
          },
    place: '',
    // Whoever begins sees it where plans are made; there is nobody to be told of it.
    asIncident: false,
  });
}

function nobodyAtAll({ plans, now }: Checked): PlanProblem[] {
  const anybody = [...peopleInPlan(plans, now)].some((id) => isReachable(plans, id));
  if (anybody || reachableAdministrators(plans).length > 0) return [];
  return [
    problem('nobody', {
      severity: 'critical',
      text: { de: 'Keine Störung würde jemanden erreichen', en: 'No fault would reach anybody' },
      advice: {
        de: 'Niemand im Plan und kein Administrator hat einen Kanal. Bitte richten Sie unter „Bereitschaft“ einen ein.',
        en: 'Nobody in the plan and no administrator has a channel. Please set one up under “On call”.',
      },
      place: '',
    }),
  ];
}

/** Channels of nobody that a plan uses: they are not tested each week, but it is known when they fail. */
function siren({ plans, now }: Checked): PlanProblem[] {
  const used = new Set(
    followed(plans).flatMap(({ plan }) =>
      plan.steps.flatMap(({ to }) => to.flatMap((each) => (each.kind === 'channel' ? [each.channelId] : []))),
    ),
  );
  return plans.channels
    .filter(
      ({ id, userId, enabled, failingSince }) =>
        used.has(id) &&
        userId === null &&
        enabled &&
        failingSince !== null &&
        now - failingSince >= 15 * 60_000,
    )
    .map(({ id, name }) =>
      problem('failing-channel', {
        detail: `channel:${id}`,
        text: { de: `„${name}“ funktioniert nicht`, en: `“${name}” does not work` },
        advice: {
          de: 'Der Grund steht beim Kanal. Bitte prüfen Sie die Adresse und das Gerät.',
          en: 'The reason is shown with the channel. Please check its address and the device.',
        },
        place: name,
      }),
    );
}
