import type { OnCallNow } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';
import { monthOf } from './calendar.ts';

type Problem = OnCallNow['problems'][number];

/** Where a problem of the plan is mended, and what the way there is called; undefined where this person cannot do it. */
export function placeOf(
  { code, rotaId, escalationId, userId, from }: Problem,
  me: number | null,
  administrator: boolean,
): { href: string; label: string } | undefined {
  if (rotaId !== null && (code === 'gap' || !administrator)) {
    const month = from === null ? '' : `&month=${monthOf(from, 'Europe/Berlin')}`;
    return { href: `/on-call/calendar?rota=${rotaId}${month}`, label: m.oncall_mend_calendar() };
  }
  if (escalationId !== null && administrator)
    return { href: `/on-call/escalations/${escalationId}`, label: m.oncall_mend_escalation() };
  if (rotaId !== null) return { href: `/on-call/rotas/${rotaId}`, label: m.oncall_mend_rota() };
  if (userId !== null && userId === me) return { href: '/on-call#own', label: m.oncall_mend_own() };
  if (!administrator) return undefined;
  return userId === null
    ? { href: '/on-call/plan', label: m.oncall_mend_plan() }
    : { href: `/on-call/people#person-${userId}`, label: m.oncall_mend_people() };
}
