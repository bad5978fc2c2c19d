import { OnCallNow } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { loadPlans } from './load-plans.ts';
import { channelsOf, works } from './plan-check/in-plan.ts';
import { type PlanWatch, shown } from './plan-check/watch.ts';
import type { PublicHolidays } from './rota/holidays.ts';
import { named } from './rota/routes.ts';
import { shifts } from './rota/shifts.ts';

/** How far around now a shift is told whole. */
const aroundMs = 62 * 86_400_000;

/** For the dashboard. Looking at it checks the plan, so that what has been put right is over at once. */
export function nowRoutes(deps: {
  db: Database;
  watch: PlanWatch;
  holidays: PublicHolidays;
  now: () => number;
}): Route[] {
  const { db, watch, holidays, now } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/on-call',
      summary: 'Who is on call now and next, how they are reached, and what the plan lacks.',
      reply: OnCallNow,
      handle: async () => {
        const time = now();
        const plans = await loadPlans(db);
        const problems = await watch.look(plans);
        watch.wake();
        return {
          rotas: [...plans.rotas.values()].map(({ id, name, plan, changes }) => {
            const all = named(shifts(plan, changes, time - aroundMs, time + aroundMs, holidays), plans);
            const index = all.findIndex((shift) => shift.from <= time && time < shift.until);
            return { id, name, now: all[index] ?? null, next: all[index + 1] ?? null };
          }),
          people: [...plans.people.values()]
            .filter(({ disabled }) => !disabled)
            .sort((a, b) => a.name.localeCompare(b.name, 'de'))
            .map(({ id, name, role }) => {
              const channels = channelsOf(plans, id);
              const receipts = channels.flatMap(({ lastReceiptAt }) => lastReceiptAt ?? []);
              return {
                userId: id,
                name,
                role,
                channels: channels.length,
                working: channels.filter(works).length,
                lastReceiptAt: receipts.length === 0 ? null : Math.max(...receipts),
              };
            }),
          problems: shown(problems),
        };
      },
    }),
  ];
}
