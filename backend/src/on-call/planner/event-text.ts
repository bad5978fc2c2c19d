import type { AlertSettings } from '@rackhaus/config/contract';
import type { CutOff, Recipient } from '../escalation/recipients.ts';
import type { Course, Position } from '../escalation/steps.ts';
import type { Plans } from '../load-plans.ts';

type Language = AlertSettings['language'];

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

/** What the story of an incident says of a step, in the language of messages. */
export class EventTexts {
  readonly #t: (typeof texts)[Language];
  constructor(language: Language) {
    this.#t = texts[language];
  }

  told(course: Course, { step, round }: Position, who: string): string {
    const text = course.name === null ? this.#t.noPlan(who) : this.#t.step(step + 1, course.name, who);
    return round === 0 ? text : `${text}${this.#t.round(round + 1)}`;
  }
  passed(course: Course, { step }: Position): string {
    return course.name === null ? this.#t.nobody : this.#t.passed(step + 1, course.name);
  }
  emptyPlan(course: Course): string {
    return course.name === null ? this.#t.nobody : this.#t.emptyPlan(course.name);
  }
  nobody(): string {
    return this.#t.nobody;
  }
  cutOff(cutOff: string): string {
    return this.#t.cutOff(cutOff);
  }
}
