import { CalendarLink, NewCalendarLink } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { type Caller, defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { AppError } from '../../problem.ts';
import { loadPlans, type Plans, type Rota } from '../load-plans.ts';
import type { PublicHolidays } from '../rota/holidays.ts';
import { shifts } from '../rota/shifts.ts';
import { type CalendarEvent, calendarFile } from './ical.ts';
import { CalendarLinks } from './links.ts';

const dayMs = 86_400_000;
const backMs = 30 * dayMs;
const aheadMs = 365 * dayMs;
/** Shifts are told whole, also those that begin before what is shown: else a calendar would take them for others each day. */
const aroundMs = 370 * dayMs;

/** A calendar of who is on call, for phones and groupware. */
export function calendarRoutes(deps: {
  db: Database;
  holidays: PublicHolidays;
  publicUrl: string | null;
  now: () => number;
}): Route[] {
  const { db, holidays, publicUrl, now } = deps;
  const links = new CalendarLinks({ db, now });
  return [
    defineRoute({
      method: 'post',
      path: '/api/rotas/:id/calendar-link',
      summary: 'An address from which a calendar reads the shifts of a rota; shown once.',
      params: WithId,
      body: NewCalendarLink,
      reply: CalendarLink,
      handle: async ({ params, body, caller, request }) => {
        const userId = personOf(caller);
        const rota = await db.selectFrom('rotas').select('id').where('id', '=', params.id).executeTakeFirst();
        if (rota === undefined) throw new AppError('not-found', `There is no rota ${params.id}.`);
        const token = await links.make({ rotaId: params.id, userId, mine: body.mine });
        const origin = publicUrl ?? `${request.protocol}://${request.get('Host')}`;
        return { url: `${origin}/api/calendars/${token}.ics` };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/rotas/:id/calendar-link',
      summary: 'Ends the addresses that the caller has made for this rota.',
      params: WithId,
      handle: async ({ params, caller }) => {
        await links.revoke(params.id, personOf(caller));
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/calendars/:token.ics',
      summary: 'The shifts of a rota as a calendar (RFC 5545), for whoever has its address.',
      params: z.strictObject({ token: z.string().max(100) }),
      fileTypes: ['text/calendar'],
      handle: async ({ params, response }) => {
        const link = await links.find(params.token);
        const plans = link === null ? null : await loadPlans(db);
        const rota = link === null ? undefined : plans?.rotas.get(link.rotaId);
        if (link === null || plans === null || rota === undefined)
          throw new AppError('not-found', 'There is no such calendar, or its address has been ended.');
        const events = eventsOf(rota, plans, link.mine ? link.userId : null, holidays, now());
        response.set({ 'Cache-Control': 'private, no-store', 'X-Content-Type-Options': 'nosniff' });
        response.type('text/calendar; charset=utf-8').send(calendarFile(rota.name, events, now()));
        return undefined;
      },
    }),
  ];
}

/** A kiosk has no shifts. @throws AppError forbidden */
function personOf(caller: Caller): number {
  if (caller.kind !== 'person' || caller.userId === null)
    throw new AppError('forbidden', 'Only people have calendars.');
  return caller.userId;
}

/** `userId`: only this person's; null: everybody's. Times in which nobody is on call are no entries. */
export function eventsOf(
  rota: Rota,
  plans: Plans,
  userId: number | null,
  holidays: PublicHolidays,
  now: number,
): CalendarEvent[] {
  const [from, until] = [now - backMs, now + aheadMs];
  return shifts(rota.plan, rota.changes, from - aroundMs, until + aroundMs, holidays)
    .filter((shift) => shift.until > from && shift.from < until)
    .flatMap((shift) => {
      if (shift.userId === null || (userId !== null && shift.userId !== userId)) return [];
      const name = plans.people.get(shift.userId)?.name ?? '?';
      return [
        {
          uid: `rota-${rota.id}-${shift.userId}-${shift.from}@rackhaus`,
          from: shift.from,
          until: shift.until,
          summary: userId === null ? `${rota.name}: ${name}` : rota.name,
          description: shift.layer ?? '',
        },
      ];
    });
}
