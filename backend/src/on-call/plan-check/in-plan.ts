import type { EscalationTarget } from '@rackhaus/config/contract';
import type { Channel, Escalation, Plans, Rota } from '../load-plans.ts';
import { dayOf, dayOfWall, wallOf } from '../rota/wall-clock.ts';

/** Plans that are followed: those with steps. */
export function followed(plans: Plans): Escalation[] {
  return plans.escalations.filter(({ plan }) => plan.steps.length > 0);
}

export function targetsOf({ plan }: Escalation): EscalationTarget[] {
  return plan.steps.flatMap(({ to }) => to);
}

/** Rotas that some step asks who is on call. */
export function usedRotas(plans: Plans): Rota[] {
  const ids = new Set(
    followed(plans).flatMap((escalation) =>
      targetsOf(escalation).flatMap((target) => (target.kind === 'rota' ? [target.rotaId] : [])),
    ),
  );
  return [...plans.rotas.values()].filter(({ id }) => ids.has(id));
}

/** Ids of those who take turns in a rota, now or later. */
export function peopleOfRota({ plan, changes }: Rota, now: number): Set<number> {
  const today = dayOfWall(wallOf(plan.timeZone, now));
  const layers = plan.layers.filter(({ until }) => until === null || dayOf(until) >= today);
  return new Set([
    ...layers.flatMap(({ people }) => people),
    ...changes.filter(({ until }) => until > now).map(({ userId }) => userId),
  ]);
}

/** Ids of all on whom a plan relies. */
export function peopleInPlan(plans: Plans, now: number): Set<number> {
  return new Set([
    ...usedRotas(plans).flatMap((rota) => [...peopleOfRota(rota, now)]),
    ...followed(plans).flatMap((escalation) =>
      targetsOf(escalation).flatMap((target) => (target.kind === 'person' ? [target.userId] : [])),
    ),
  ]);
}

export function channelsOf(plans: Plans, userId: number): Channel[] {
  return plans.channels.filter((channel) => channel.userId === userId && channel.enabled);
}

/** Enabled, not failing, once confirmed. */
export function works({ enabled, failingSince, lastReceiptAt }: Channel): boolean {
  return enabled && failingSince === null && lastReceiptAt !== null;
}

/** Whether somebody is there and can be told. */
export function isReachable(plans: Plans, userId: number): boolean {
  return plans.people.get(userId)?.disabled === false && channelsOf(plans, userId).length > 0;
}

export function reachableAdministrators(plans: Plans): number[] {
  return [...plans.people.values()]
    .filter(({ id, role }) => role === 'administrator' && isReachable(plans, id))
    .map(({ id }) => id);
}
