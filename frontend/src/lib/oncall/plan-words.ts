import type { EscalationPlan, Hours, RotaLayer } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';
import { severityWord } from './channel-words.ts';
import { daysWords, dayWords, listWords, weekdayWord } from './words.ts';

/** "Montag bis Freitag 16:00–07:00" */
export function hoursWords({ days, from, until }: Hours): string {
  return from === until ? daysWords(days) : m.oncall_hours_words({ days: daysWords(days), from, until });
}

/** How a layer's turns go: "wechselt jeden Montag um 16:00". */
export function turnWords({ turn }: RotaLayer): string {
  const { every, count, weekday, at } = turn;
  if (every === 'day') return count === 1 ? m.oncall_turn_day({ at }) : m.oncall_turn_days({ count, at });
  const day = weekdayWord(weekday);
  return count === 1 ? m.oncall_turn_week({ day, at }) : m.oncall_turn_weeks({ count, day, at });
}

/** When a layer has hours. */
export function layerHoursWords({ hours, holidays }: RotaLayer): string {
  if (holidays === 'only') return m.oncall_holidays_only();
  const base = hours === null ? m.oncall_around_the_clock() : listWords(hours.map(hoursWords));
  return holidays === 'not' ? m.oncall_holidays_not({ hours: base }) : base;
}

/** A whole layer in a sentence. */
export function layerWords(layer: RotaLayer, nameOf: (id: number) => string): string {
  const people = layer.people.length === 0 ? m.oncall_nobody() : layer.people.map(nameOf).join(' → ');
  const parts = [people, layer.people.length > 1 ? turnWords(layer) : '', layerHoursWords(layer)];
  return parts.filter((part) => part !== '').join(' · ');
}

/** When somebody joins or leaves, for a layer that does not go on for ever. */
export function layerUntilWords({ until }: RotaLayer): string {
  return until === null ? '' : m.oncall_until({ until: dayWords(until) });
}

/** Names of what an escalation tells. */
export interface TargetNames {
  readonly rota: (id: number) => string;
  readonly person: (id: number) => string;
  readonly channel: (id: number) => string;
  readonly site: (id: number) => string;
}

type Step = EscalationPlan['steps'][number];

export function targetWords(target: Step['to'][number], names: TargetNames): string {
  switch (target.kind) {
    case 'rota':
      return m.oncall_target_rota({ name: names.rota(target.rotaId) });
    case 'person':
      return names.person(target.userId);
    case 'channel':
      return m.oncall_target_channel({ name: names.channel(target.channelId) });
  }
}

/** When an escalation holds: "kritische Störungen · Rathaus · Montag bis Freitag". */
export function holdsWords({ severities, siteIds, hours }: EscalationPlan, names: TargetNames): string {
  const parts = [
    severities === null || severities.length > 1
      ? m.oncall_holds_all()
      : m.oncall_holds_severity({ severity: severityWord(severities[0] ?? 'critical') }),
    siteIds === null ? '' : listWords(siteIds.map(names.site)),
    hours === null ? '' : listWords(hours.map(hoursWords)),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** The chain in sentences: "Zuerst die Bereitschaft. Nach 10 Minuten ohne Übernahme …" */
export function chainWords({ steps, repeat }: EscalationPlan, names: TargetNames): string[] {
  if (steps.length === 0) return [m.oncall_chain_empty()];
  const sentences = steps.map(({ to }, index) => {
    const whom = listWords(to.map((target) => targetWords(target, names)));
    const minutes = steps[index - 1]?.waitMinutes ?? 0;
    return index === 0 ? m.oncall_chain_first({ whom }) : m.oncall_chain_then({ minutes, whom });
  });
  const minutes = steps.at(-1)?.waitMinutes ?? 0;
  return [
    ...sentences,
    repeat === 0 ? m.oncall_chain_end() : m.oncall_chain_repeat({ minutes, count: repeat }),
  ];
}
