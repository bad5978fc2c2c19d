import type { BilingualText, OnCallNow } from '@rackhaus/config/contract';
import type { Plans } from '../load-plans.ts';
import type { PublicHolidays } from '../rota/holidays.ts';

/** Something that the plan of who is told lacks. */
export interface PlanProblem extends Omit<OnCallNow['problems'][number], 'text'> {
  /** The same as long as it lasts. */
  readonly id: string;
  readonly text: BilingualText;
  readonly advice: BilingualText;
  /** What it is about: the rota, the plan, the person. */
  readonly place: string;
  /** Somebody is to be told; else it is only shown where plans are made. */
  readonly asIncident: boolean;
}

/** What plans are checked by. */
export interface Checked {
  readonly plans: Plans;
  readonly holidays: PublicHolidays;
  readonly timeZone: string;
  readonly sites: readonly { readonly id: number; readonly name: string }[];
  /** The last weekly test of each person, by user. */
  readonly tests: ReadonlyMap<number, { readonly sentAt: number; readonly received: boolean }>;
  readonly now: number;
}

export function problem(
  code: string,
  about: {
    readonly text: BilingualText;
    readonly advice: BilingualText;
    readonly place: string;
    readonly severity?: PlanProblem['severity'];
    readonly asIncident?: boolean;
    readonly from?: number;
    readonly until?: number;
    readonly rotaId?: number;
    readonly escalationId?: number;
    readonly userId?: number;
    /** Tells apart what the ids do not. */
    readonly detail?: string;
  },
): PlanProblem {
  const { rotaId = null, escalationId = null, userId = null, detail } = about;
  const ids = [
    rotaId === null ? null : `rota:${rotaId}`,
    escalationId === null ? null : `plan:${escalationId}`,
    userId === null ? null : `person:${userId}`,
    detail ?? null,
  ].filter((part) => part !== null);
  return {
    id: [code, ...ids].join('/'),
    code,
    severity: about.severity ?? 'warning',
    text: about.text,
    advice: about.advice,
    place: about.place,
    asIncident: about.asIncident ?? true,
    from: about.from ?? null,
    until: about.until ?? null,
    rotaId,
    escalationId,
    userId,
  };
}

/** "Do., 24.12., 08:00" */
export function dayAndTime(time: number, timeZone: string, language: 'de' | 'en'): string {
  return new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    timeZone,
    weekday: 'short',
    day: '2-digit',
    month: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).format(time);
}
