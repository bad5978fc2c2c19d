import { PlanList, PlanView } from '@rackhaus/config/contract';
import { reachOf } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { planList } from './list.ts';
import { planView } from './view.ts';

/** Floor plans as screens show them. Changed through the records `floor-plan` and `plan-mark`. */
export function planRoutes(deps: { db: Database }): Route[] {
  const { db } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/plans',
      summary: 'Every floor with its plans, by site and building.',
      reply: PlanList,
      handle: ({ caller }) => planList(db, reachOf(caller)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/plans/:id',
      summary: 'A floor plan, what is drawn on it, and what of its floor could be.',
      params: WithId,
      reply: PlanView,
      handle: ({ params }) => planView(db, params.id),
    }),
  ];
}
