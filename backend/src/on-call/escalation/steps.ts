import type { EscalationPlan, EscalationTarget, Severity } from '@rackhaus/config/contract';
import type { Escalation } from '../load-plans.ts';
import { hoursHold } from '../rota/turns.ts';
import type { WallMinute } from '../rota/wall-clock.ts';

/** What a plan asks of an incident. */
export interface Subject {
  readonly severity: Severity;
  readonly siteId: number | null;
}

/** Whom a step tells: what a plan names, or everybody who could act, where no plan does. */
export type StepTarget = EscalationTarget | { readonly kind: 'administrators' };
export interface Step {
  readonly to: readonly StepTarget[];
  readonly waitMinutes: number;
}
/** The plan that an incident follows. */
export interface Course {
  /** 0: no plan fits, administrators are told. */
  readonly id: number;
  readonly name: string | null;
  readonly steps: readonly Step[];
  readonly repeat: number;
}

/** Where an incident stands: step and round from 0. */
export interface Position {
  readonly step: number;
  readonly round: number;
}

/** For what no plan fits: all administrators, three times, a quarter of an hour apart. */
export const everybodyWhoCouldAct: Course = {
  id: 0,
  name: null,
  steps: [{ to: [{ kind: 'administrators' }], waitMinutes: 15 }],
  repeat: 2,
};

/** A plan that is being written and has no steps yet takes no incident from others. */
export function fits(plan: EscalationPlan, subject: Subject, wall: WallMinute): boolean {
  return (
    plan.steps.length > 0 &&
    (plan.severities === null || plan.severities.includes(subject.severity)) &&
    (plan.siteIds === null || (subject.siteId !== null && plan.siteIds.includes(subject.siteId))) &&
    (plan.hours === null || hoursHold(plan.hours, wall))
  );
}

/** The first plan, in the order given, that fits; `wall`: the clock on the wall in the zone of the settings. */
export function courseFor(escalations: readonly Escalation[], subject: Subject, wall: WallMinute): Course {
  const escalation = escalations.find(({ plan }) => fits(plan, subject, wall));
  return escalation === undefined ? everybodyWhoCouldAct : courseOf(escalation);
}

export function courseOf({ id, name, plan }: Escalation): Course {
  return { id, name, steps: plan.steps, repeat: plan.repeat };
}

/** The step after this one, of the next round after the last; null: the plan has come to its end. */
export function after({ step, round }: Position, course: Pick<Course, 'steps' | 'repeat'>): Position | null {
  if (step + 1 < course.steps.length) return { step: step + 1, round };
  return round < course.repeat && course.steps.length > 0 ? { step: 0, round: round + 1 } : null;
}

/**
 * The first step from `start` on that reaches somebody, and the positions passed over because they reach nobody.
 * `reached` null: none of this and the following steps does; the round after has the same steps and is not asked again.
 */
export function firstReaching<T>(
  course: Course,
  start: Position | null,
  reach: (step: Step) => T | null,
): {
  readonly reached: { readonly position: Position; readonly who: T } | null;
  readonly passed: Position[];
} {
  const passed: Position[] = [];
  let position = start;
  for (let tries = 0; position !== null && tries < course.steps.length; tries++) {
    const step = course.steps[position.step];
    if (step === undefined) break;
    const who = reach(step);
    if (who !== null) return { reached: { position, who }, passed };
    passed.push(position);
    position = after(position, course);
  }
  return { reached: null, passed };
}
