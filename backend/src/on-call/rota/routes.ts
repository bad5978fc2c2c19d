import { MomentInQuery, RotaPreview, type Shift, ShiftList } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { AppError } from '../../problem.ts';
import { loadPlans, type Plans, type Rota } from '../load-plans.ts';
import type { PublicHolidays } from './holidays.ts';
import { type PlannedShift, shifts } from './shifts.ts';
import { dateOf, dayOfWall, isTimeZone, wallOf } from './wall-clock.ts';

const longestDays = 400;
const Span = z.strictObject({ from: MomentInQuery, until: MomentInQuery });

/** Who is on call when, of a rota that is kept and of one that is being written. */
export function rotaRoutes(deps: { db: Database; holidays: PublicHolidays }): Route[] {
  const { db, holidays } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/rotas/:id/shifts',
      summary: 'The shifts of a rota in a time of at most 400 days, without gaps, and the holidays in it.',
      params: WithId,
      query: Span,
      reply: ShiftList,
      handle: async ({ params, query }) => {
        refuseSpan(query);
        const plans = await loadPlans(db);
        const rota = plans.rotas.get(params.id);
        if (rota === undefined) throw new AppError('not-found', `There is no rota ${params.id}.`);
        return shiftList(rota, plans, query, holidays);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/rotas/preview',
      summary: 'The shifts that a plan would have, before it is kept.',
      body: RotaPreview,
      reply: ShiftList,
      handle: async ({ body: { plan, ...span } }) => {
        refuseSpan(span);
        if (!isTimeZone(plan.timeZone)) {
          const message = `"${plan.timeZone}" is not a time zone; one is "Europe/Berlin"`;
          throw new AppError('invalid', `plan.timeZone: ${message}.`, [{ path: 'plan.timeZone', message }]);
        }
        return shiftList({ plan, changes: [] }, await loadPlans(db), span, holidays);
      },
    }),
  ];
}

interface TimeSpan {
  readonly from: number;
  readonly until: number;
}

/** Of times that no calendar knows nothing can be said. */
const latest = Date.parse('2200-01-01');

function refuseSpan({ from, until }: TimeSpan): void {
  const message =
    until <= from
      ? 'must be after the beginning'
      : until - from > longestDays * 86_400_000
        ? `must be at most ${longestDays} days after the beginning`
        : from < 0 || until > latest
          ? 'must be between 1970 and 2200'
          : null;
  if (message !== null) throw new AppError('invalid', `until: ${message}.`, [{ path: 'until', message }]);
}

function shiftList(
  { plan, changes }: Pick<Rota, 'plan' | 'changes'>,
  plans: Plans,
  { from, until }: TimeSpan,
  holidays: PublicHolidays,
): z.input<typeof ShiftList> {
  const days: { date: string; name: string }[] = [];
  const last = dayOfWall(wallOf(plan.timeZone, until - 1));
  for (let day = dayOfWall(wallOf(plan.timeZone, from)); day <= last; day++) {
    const name = holidays.nameOf(plan.holidays, dateOf(day));
    if (name !== undefined) days.push({ date: dateOf(day), name });
  }
  return { shifts: named(shifts(plan, changes, from, until, holidays), plans), holidays: days };
}

export function named(planned: readonly PlannedShift[], { people }: Plans): Shift[] {
  return planned.map((shift) => ({
    ...shift,
    name: shift.userId === null ? null : (people.get(shift.userId)?.name ?? null),
  }));
}
