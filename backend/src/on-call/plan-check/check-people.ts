import type { Channel } from '../load-plans.ts';
import { channelsOf, peopleInPlan, peopleOfRota, usedRotas, works } from './in-plan.ts';
import { type Checked, type PlanProblem, problem } from './problem.ts';

const dayMs = 86_400_000;
/** A service that is down for a moment is no fault of the channel. */
const failingAfterMs = 15 * 60_000;

/** What is wrong with those on whom the plan relies, and with their channels; one thing for each person, the worst. */
export function peopleProblems(checked: Checked): PlanProblem[] {
  const { plans, now } = checked;
  return [...peopleInPlan(plans, now)]
    .sort((a, b) => a - b)
    .flatMap((userId) => {
      const found = missing(userId, checked) ?? channelProblem(userId, checked);
      return found === null ? [] : [found];
    });
}

function missing(userId: number, { plans, now }: Checked): PlanProblem | null {
  const person = plans.people.get(userId);
  if (person?.disabled === false) return null;
  const rota = usedRotas(plans).find((each) => peopleOfRota(each, now).has(userId));
  const where = {
    de: rota === undefined ? 'einem Eskalationsplan' : `„${rota.name}“`,
    en: rota === undefined ? 'an escalation plan' : `“${rota.name}”`,
  };
  const advice = {
    de: 'Bitte nehmen Sie die Person aus dem Plan oder setzen Sie jemand anderen ein.',
    en: 'Please take the person out of the plan or put somebody else in.',
  };
  const ids = { userId, ...(rota === undefined ? {} : { rotaId: rota.id }) };
  if (person === undefined)
    return problem('unknown-person', {
      ...ids,
      text: {
        de: `In ${where.de} steht jemand, den es nicht mehr gibt`,
        en: `${where.en} names somebody who is not there any more`,
      },
      advice,
      place: rota?.name ?? '',
    });
  return problem('disabled-person', {
    ...ids,
    text: {
      de: `${person.name} steht in ${where.de}, das Konto ist aber gesperrt`,
      en: `${person.name} is in ${where.en}, but the account is disabled`,
    },
    advice,
    place: person.name,
  });
}

function channelProblem(userId: number, { plans, tests, now }: Checked): PlanProblem | null {
  const name = plans.people.get(userId)?.name ?? '';
  const channels = channelsOf(plans, userId);
  const about = { userId, place: name };
  if (channels.length === 0)
    return problem('no-channel', {
      ...about,
      text: {
        de: `${name} ist über keinen Kanal erreichbar`,
        en: `${name} cannot be reached by any channel`,
      },
      advice: {
        de: 'Bitte richten Sie unter „Bereitschaft, Personen und Kanäle“ einen Kanal ein und testen Sie ihn.',
        en: 'Please set up a channel under “On call, people and channels”, and test it.',
      },
    });
  const failing = channels.filter((channel) => fails(channel, now));
  if (failing.length > 0)
    return problem('failing-channel', {
      ...about,
      text: {
        de: `${name}: ${names(failing)} funktioniert nicht`,
        en: `${name}: ${names(failing)} does not work`,
      },
      advice: {
        de: 'Der Grund steht beim Kanal. Nachrichten werden weiter versucht; bitte richten Sie einen zweiten Weg ein, wenn es keinen gibt.',
        en: 'The reason is shown with the channel. Messages are tried again; please set up a second way if there is none.',
      },
    });
  const test = tests.get(userId);
  if (test !== undefined && !test.received && now - test.sentAt >= dayMs)
    return problem('no-receipt', {
      ...about,
      text: {
        de: `${name} hat den letzten Test nicht bestätigt`,
        en: `${name} has not confirmed the last test`,
      },
      advice: {
        de: 'Bitte fragen Sie nach, ob der Test angekommen ist, und senden Sie bei „Personen und Kanäle“ einen neuen.',
        en: 'Please ask whether the test has arrived, and send another one under “People and channels”.',
      },
    });
  const unconfirmed = channels.filter(
    ({ lastReceiptAt, createdAt }) => lastReceiptAt === null && now - createdAt >= dayMs,
  );
  if (unconfirmed.length === 0) return null;
  return problem('unconfirmed', {
    ...about,
    text: {
      de: `${name}: ${names(unconfirmed)} wurde noch nie bestätigt`,
      en: `${name}: ${names(unconfirmed)} has never been confirmed`,
    },
    advice: {
      de: 'Bitte senden Sie einen Test und bestätigen Sie ihn auf dem Gerät: Erst dann ist der Weg sicher.',
      en: 'Please send a test and confirm it on the device: only then the way is sure.',
    },
    // With one way that works a person can be reached.
    asIncident: !channels.some(works),
  });
}

function fails({ failingSince }: Channel, now: number): boolean {
  return failingSince !== null && now - failingSince >= failingAfterMs;
}

function names(channels: readonly Channel[]): string {
  return channels.map(({ name }) => name).join(', ');
}
