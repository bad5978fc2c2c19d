import type { AlertReview, BilingualText, Severity } from '@rackhaus/config/contract';
import { Temporal } from '../../temporal.ts';

/** What a review is made of; times are ms since 1970. Nothing in it says who did what. */
export interface ReviewFacts {
  readonly incidents: readonly {
    readonly id: number;
    readonly severity: Severity;
    readonly openedAt: number;
    readonly acknowledgedAt: number | null;
    readonly resolvedAt: number | null;
    /** The rule that it came from. */
    readonly ruleId: string;
    readonly title: BilingualText;
    readonly device: { readonly id: number; readonly name: string } | null;
  }[];
  /** Messages that reached people who were on call. */
  readonly messages: readonly { readonly incidentId: number; readonly sentAt: number }[];
}

const timeZone = 'Europe/Berlin';
/** Over so soon that nobody had to do anything. */
const shortMs = 5 * 60_000;
const mostDevices = 20;

/** The Mondays of the last `weeks` weeks, this one included, oldest first. */
export function mondays(now: number, weeks: number): Temporal.PlainDate[] {
  const today = wall(now).toPlainDate();
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  return Array.from({ length: weeks }, (_, index) => monday.subtract({ weeks: weeks - 1 - index }));
}

/** When a day begins in Europe/Berlin. */
export function beginningOf(date: Temporal.PlainDate): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds;
}

/** How alerting went: by week, by rule, by device. Medians, since one forgotten incident would spoil a mean. */
export function review(
  facts: ReviewFacts,
  options: {
    readonly now: number;
    readonly weeks: number;
    readonly ruleTitle: (ruleId: string) => BilingualText | null;
  },
): AlertReview {
  const begins = mondays(options.now, options.weeks).map((date) => ({ date, from: beginningOf(date) }));
  const weekOf = (time: number) => begins.findLast(({ from }) => from <= time)?.date.toString();
  const incidents = Map.groupBy(facts.incidents, ({ openedAt }) => weekOf(openedAt));
  const messages = Map.groupBy(facts.messages, ({ sentAt }) => weekOf(sentAt));
  const told = Map.groupBy(facts.messages, ({ incidentId }) => incidentId);
  return {
    weeks: begins.map(({ date }) => {
      const week = date.toString();
      const own = incidents.get(week) ?? [];
      const sent = messages.get(week) ?? [];
      const seconds = (end: 'acknowledgedAt' | 'resolvedAt') =>
        median(own.flatMap((each) => (each[end] === null ? [] : [(each[end] - each.openedAt) / 1000])));
      return {
        week,
        incidents: own.length,
        critical: own.filter(({ severity }) => severity === 'critical').length,
        messages: sent.length,
        atNight: sent.filter(({ sentAt }) => isNight(sentAt)).length,
        acknowledgeSeconds: seconds('acknowledgedAt'),
        resolveSeconds: seconds('resolvedAt'),
      };
    }),
    rules: [...Map.groupBy(facts.incidents, ({ ruleId }) => ruleId)]
      .map(([ruleId, of]) => ({
        ruleId,
        title: options.ruleTitle(ruleId) ?? of[0]?.title ?? { de: ruleId, en: ruleId },
        incidents: of.length,
        messages: of.reduce((sum, { id }) => sum + (told.get(id)?.length ?? 0), 0),
        short: of.filter(
          ({ openedAt, resolvedAt }) => resolvedAt !== null && resolvedAt - openedAt <= shortMs,
        ).length,
        unanswered: of.filter(({ acknowledgedAt }) => acknowledgedAt === null).length,
      }))
      .toSorted((a, b) => b.incidents - a.incidents || (a.ruleId < b.ruleId ? -1 : 1)),
    devices: [
      ...Map.groupBy(
        facts.incidents.flatMap(({ device }) => (device === null ? [] : [device])),
        ({ id }) => id,
      ),
    ]
      .map(([id, of]) => ({ id, name: of.at(-1)?.name ?? '', incidents: of.length }))
      .toSorted((a, b) => b.incidents - a.incidents || a.name.localeCompare(b.name, 'de'))
      .slice(0, mostDevices),
  };
}

/** null: there is nothing to take the middle of. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function isNight(time: number): boolean {
  const { hour } = wall(time);
  return hour >= 22 || hour < 6;
}

function wall(time: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone);
}
