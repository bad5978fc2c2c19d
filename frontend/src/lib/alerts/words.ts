import type {
  IncidentDelivery,
  IncidentEvent,
  IncidentState,
  IncidentSummary,
} from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { inLanguage } from '../live/words.ts';
import { m } from '../paraglide/messages.js';

/** Where an incident stands, in a word or two. */
export function stateWords(state: IncidentState): string {
  switch (state) {
    case 'pending':
      return m.alert_state_pending();
    case 'open':
      return m.alert_state_open();
    case 'acknowledged':
      return m.alert_state_acknowledged();
    case 'resolved':
      return m.alert_state_resolved();
  }
}

/** "core-1 antwortet nicht, 23 Geräte betroffen". */
export function titleWords(incident: Pick<IncidentSummary, 'title' | 'affected'>): string {
  const title = inLanguage(incident.title);
  return incident.affected === 0
    ? title
    : m.status_affects({ title, affected: m.alert_affected({ count: incident.affected }) });
}

/** What else has to be known of an incident, in the order of its weight. */
export function markWords(
  incident: Pick<IncidentSummary, 'drill' | 'heldBy' | 'snoozedUntil' | 'flapping' | 'unknown' | 'state'>,
  now: number,
): string[] {
  const over = incident.state === 'resolved';
  return [
    ...(incident.drill ? [m.alert_mark_drill()] : []),
    ...(incident.heldBy && !over ? [m.alert_mark_held({ name: incident.heldBy.name })] : []),
    ...(isSnoozed(incident, now)
      ? [m.alert_mark_snoozed({ time: quantities.moment(incident.snoozedUntil ?? now, now) })]
      : []),
    ...(incident.flapping && !over ? [m.alert_mark_flapping()] : []),
    ...(incident.unknown && !over ? [m.alert_mark_unknown()] : []),
  ];
}

export function isSnoozed(incident: Pick<IncidentSummary, 'snoozedUntil' | 'state'>, now: number): boolean {
  return incident.state !== 'resolved' && incident.snoozedUntil !== null && incident.snoozedUntil > now;
}

/** "seit 10:42", or when it was and for how long once it is over. */
export function sinceWords(incident: Pick<IncidentSummary, 'since' | 'resolvedAt'>, now: number): string {
  const from = quantities.moment(incident.since, now);
  if (incident.resolvedAt === null) return m.alert_since({ time: from });
  return m.alert_lasted({
    from,
    duration: quantities.duration((incident.resolvedAt - incident.since) / 1000),
  });
}

/** One thing of the story: what happened, and what was said with it. */
export function eventWords(event: IncidentEvent): string {
  const who = event.by ?? m.alert_event_somebody();
  switch (event.kind) {
    case 'began':
      return m.alert_event_began();
    case 'opened':
      return m.alert_event_opened();
    case 'worse':
      return m.alert_event_worse();
    case 'cause':
      return m.alert_event_cause();
    case 'joined':
      return m.alert_event_joined();
    case 'left':
      return m.alert_event_left();
    case 'flapping':
      return m.alert_event_flapping();
    case 'calm':
      return m.alert_event_calm();
    case 'unknown':
      return m.alert_event_unknown();
    case 'known':
      return m.alert_event_known();
    case 'acknowledged':
      return m.alert_event_acknowledged({ who });
    case 'unacknowledged':
      return m.alert_event_unacknowledged({ who });
    case 'snoozed':
      return m.alert_event_snoozed({ who });
    case 'woken':
      return m.alert_event_woken();
    case 'held':
      return m.alert_event_held();
    case 'released':
      return m.alert_event_released();
    case 'note':
      return m.alert_event_note({ who });
    case 'said':
      return m.alert_event_said({ name: event.device?.name ?? m.alert_event_somebody() });
    case 'switched':
      return switchedWords(event, who);
    case 'escalated':
      return m.alert_event_escalated();
    case 'nobody':
      return m.alert_event_nobody();
    case 'resolved':
      return event.by === null ? m.alert_event_resolved() : m.alert_event_resolved_by({ who });
    case 'reopened':
      return m.alert_event_reopened();
  }
}

function switchedWords({ device, outlet }: IncidentEvent, who: string): string {
  const name = device?.name ?? m.alert_event_somebody();
  const names = { outlet: outlet?.name ?? '', name, who };
  if (outlet?.certain === false) return m.alert_event_switched_unknown(names);
  return outlet?.command === 'cycle'
    ? m.alert_event_switched_cycle(names)
    : m.alert_event_switched_off(names);
}

const channelWord: Readonly<Record<string, () => string>> = {
  push: m.alert_channel_push,
  email: m.alert_channel_email,
  ntfy: m.alert_channel_ntfy,
  webhook: m.alert_channel_webhook,
  sms: m.alert_channel_sms,
  local: m.alert_channel_local,
};
/** By which way somebody is told; a kind that this page does not know yet by its own name. */
export function channelWords(kind: string): string {
  return channelWord[kind]?.() ?? kind;
}

const noticeWord: Readonly<Record<string, () => string>> = {
  opened: m.alert_notice_opened,
  worse: m.alert_notice_worse,
  escalated: m.alert_notice_escalated,
  reminder: m.alert_notice_reminder,
  acknowledged: m.alert_notice_acknowledged,
  resolved: m.alert_notice_resolved,
  test: m.alert_notice_test,
  summary: m.alert_notice_summary,
  drill: m.alert_notice_drill,
};
/** What somebody was told. */
export function noticeWords(notice: string): string {
  return noticeWord[notice]?.() ?? notice;
}

/** How a message fared. */
export function resultWords(
  told: Pick<IncidentDelivery, 'state' | 'receiptAt' | 'late'>,
  now: number,
): string {
  const said = {
    waiting: m.alert_told_waiting,
    sent: m.alert_told_sent,
    failed: m.alert_told_failed,
    dropped: m.alert_told_dropped,
  }[told.state]();
  return [
    told.receiptAt === null ? said : m.alert_told_received({ time: quantities.moment(told.receiptAt, now) }),
    ...(told.late ? [m.alert_told_late()] : []),
  ].join(', ');
}

export function losesWord(loses: 'network' | 'power' | 'redundancy'): string {
  switch (loses) {
    case 'network':
      return m.alert_loses_network();
    case 'power':
      return m.alert_loses_power();
    case 'redundancy':
      return m.alert_loses_redundancy();
  }
}
