import type { BilingualText } from '@rackhaus/config/contract';
import type { CutOff, Recipient } from '../escalation/recipients.ts';
import type { Course, Position } from '../escalation/steps.ts';
import type { Plans } from '../load-plans.ts';

const texts = {
  de: {
    step: (step: number, plan: string, who: string) => `Schritt ${step}, „${plan}“: ${who}`,
    noPlan: (who: string) => `Kein Plan passt, an alle Administratoren: ${who}`,
    round: (round: number) => `, Runde ${round}`,
    passed: (step: number, plan: string) => `Schritt ${step} von „${plan}“ erreicht niemanden.`,
    emptyPlan: (plan: string) =>
      `„${plan}“ erreicht niemanden, es werden alle Administratoren benachrichtigt.`,
    nobody: 'Niemand kann benachrichtigt werden: Kein Administrator hat einen Kanal.',
    cutOff: (channels: string) => `Weg unterbrochen, anders benachrichtigt: ${channels}.`,
  },
  en: {
    step: (step: number, plan: string, who: string) => `Step ${step}, “${plan}”: ${who}`,
    noPlan: (who: string) => `No plan fits, to all administrators: ${who}`,
    round: (round: number) => `, round ${round}`,
    passed: (step: number, plan: string) => `Step ${step} of “${plan}” reaches nobody.`,
    emptyPlan: (plan: string) => `“${plan}” reaches nobody; all administrators are told.`,
    nobody: 'Nobody can be told: no administrator has a channel.',
    cutOff: (channels: string) => `Way interrupted, told otherwise: ${channels}.`,
  },
} as const;

/** "Katja Brandt (Push, SMS), Teamchat". */
export function whoText(recipients: readonly (Recipient | CutOff)[], plans: Plans): string {
  const byPerson = Map.groupBy(recipients, ({ userId }) => userId);
  return [...byPerson]
    .map(([userId, all]) => {
      const channels = all.map(({ channel }) => channel.name).join(', ');
      const person = userId === null ? undefined : plans.people.get(userId)?.name;
      return person === undefined ? channels : `${person} (${channels})`;
    })
    .join(', ');
}

type Texts = (typeof texts)['de' | 'en'];
const both = (text: (t: Texts) => string): BilingualText => ({ de: text(texts.de), en: text(texts.en) });

/** What the story of an incident says of a step: who reads it sees it in their own language. */
export const eventTexts = {
  told: (course: Course, { step, round }: Position, who: string, cutOff: string | null) =>
    both((t) => {
      const text = course.name === null ? t.noPlan(who) : t.step(step + 1, course.name, who);
      return `${text}${round === 0 ? '' : t.round(round + 1)}${cutOff === null ? '' : ` ${t.cutOff(cutOff)}`}`;
    }),
  passed: ({ name }: Course, { step }: Position) =>
    both((t) => (name === null ? t.nobody : t.passed(step + 1, name))),
  emptyPlan: ({ name }: Course) => both((t) => (name === null ? t.nobody : t.emptyPlan(name))),
  nobody: () => both((t) => t.nobody),
};
