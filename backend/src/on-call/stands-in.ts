import type { Problem } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { loadPlans } from './load-plans.ts';
import { peopleOfRota, targetsOf } from './plan-check/in-plan.ts';

/** Rotas and plans of escalation that count on somebody or one of their channels, now or later. */
export async function standsIn(
  db: Database,
  userId: number,
  now: number,
): Promise<NonNullable<Problem['blocking']>> {
  const plans = await loadPlans(db);
  const own = new Set(plans.channels.flatMap((channel) => (channel.userId === userId ? [channel.id] : [])));
  const rotas = [...plans.rotas.values()].filter((rota) => peopleOfRota(rota, now).has(userId));
  const escalations = plans.escalations.filter((escalation) =>
    targetsOf(escalation).some(
      (target) =>
        (target.kind === 'person' && target.userId === userId) ||
        (target.kind === 'channel' && own.has(target.channelId)),
    ),
  );
  return [
    ...rotas.map(({ id, name }) => ({ kind: 'rota', id, name })),
    ...escalations.map(({ id, name }) => ({ kind: 'escalation', id, name })),
  ];
}
